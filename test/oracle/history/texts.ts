import { id, keccak256, toUtf8Bytes } from 'ethers';
import type { Random } from './random';

const CURIOUS = [
  '',
  'plain',
  'quotes \' " ` \\ ; -- $1 %s {}',
  'nul \0 in the middle\0',
  '\uFEFFbyte order mark first',
  'umläut ß, 数据网, نص عربي, 🌀👩‍🚀, e\u0301',
  '\u202Eright to left\u202C \u0007\u001b[31m',
  'line\nbreaks\r\n\tand tabs',
  'already \uFFFD replaced',
  '\u{10FFFF}\uFFFF',
  'javascript:alert(1)//<script>&amp;</script>',
];

/** A string that somebody could put on chain; now and then a very long one. */
export function curiousText(random: Random): string {
  if (random.chance(0.02)) return 'long 數 '.repeat(random.between(400, 2500));
  return random.pick(CURIOUS);
}

const NAMES = ['Birdsong of the Alps', 'case law', 'CASE notes', 'Ölbohrung', 'a', 'Quote "this"', 'x'.repeat(300)];

/** A metadata document's URI and hash: mostly a good one, sometimes every way of being none. */
export function metadata(random: Random): { metadataURI: string; metadataHash: string } {
  const name = random.pick(NAMES);
  const json = random.pick([
    ...[1, 2, 3, 4, 5].map(() => () => JSON.stringify({ name, description: `All about ${name}` })),
    () => JSON.stringify({ name }),
    () => JSON.stringify({ name: 7, description: 'a name that is a number' }),
    () => JSON.stringify({ name: 'nul \0 name', description: null, more: [1] }),
    () => JSON.stringify([name]),
    () => 'null',
    () => '{"name": "cut off',
  ])();
  const uri = random.chance(0.5)
    ? `data:application/json,${encodeURIComponent(json)}`
    : `data:application/json;base64,${Buffer.from(json).toString('base64')}`;
  if (random.chance(0.7)) return { metadataURI: uri, metadataHash: keccak256(toUtf8Bytes(json)) };
  if (random.chance(0.5)) return { metadataURI: uri, metadataHash: id('of something else') };
  return { metadataURI: curiousText(random), metadataHash: id('of nothing') };
}
