import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { EMPTY_TRIE_ROOT, orderedTrieRoot } from '../../indexer/verify/trieRoot';
import fc from '../run/fastCheck';

function rootsByLibrary(lists: readonly (readonly Uint8Array[])[]): string[] {
  const input = JSON.stringify(lists.map((values) => values.map((value) => Buffer.from(value).toString('hex'))));
  const script = path.join(__dirname, 'libraryRoots.mjs');
  return JSON.parse(execFileSync(process.execPath, ['--no-warnings', script], { input, encoding: 'utf8' })) as string[];
}

it('of nothing is the root that every empty block carries', () => {
  expect(orderedTrieRoot([])).toBe(EMPTY_TRIE_ROOT);
  expect(rootsByLibrary([[]])).toEqual([EMPTY_TRIE_ROOT]);
});

it('of any list is the root that @ethereumjs/mpt comes to', () => {
  // Short values stand in their parent node themselves, long ones by hash.
  const value = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 12 }),
    fc.uint8Array({ minLength: 1, maxLength: 80 }),
  );
  const lists = fc.array(fc.array(value, { maxLength: 40 }), { minLength: 60, maxLength: 60 });
  fc.assert(
    fc.property(lists, (some) => {
      expect(some.map(orderedTrieRoot)).toEqual(rootsByLibrary(some));
    }),
    { numRuns: 3, endOnFailure: true },
  );
});

it('also where keys change their length or their first nibble', () => {
  const lists = [1, 2, 16, 17, 127, 128, 129, 255, 256, 257, 300].map((count) =>
    Array.from({ length: count }, (_, i) => Buffer.from(`value ${i} ${'x'.repeat(i % 40)}`)),
  );
  expect(lists.map(orderedTrieRoot)).toEqual(rootsByLibrary(lists));
});
