import { AbiCoder } from 'ethers';
import { UndecodableLog } from '../../schema/eventDecoder';
import fc from '../run/fastCheck';
import { type AnyLog, anyLogOf, eventNamed, everyEvent, logOf, type ProfiledEvent, readByEthers } from './anyEvent';
import { bitsOutside, layoutOf, withBitFlipped, withWord } from './layout';

/** protocol/README, "Logs that aren't what they seem": what no event may be read from, and what is fine. */
describe('logs that are not what they seem', () => {
  const runs = { numRuns: 15 };
  const titled = everyEvent.map((event) => [event.title, event] as const);
  const read = ({ decoder }: ProfiledEvent, { topics, data }: Pick<AnyLog, 'topics' | 'data'>) =>
    decoder.decode(topics, data);
  // Asked some hundred thousand times: expect() itself would be most of the time.
  const expectUndecodable = (event: ProfiledEvent, log: Pick<AnyLog, 'topics' | 'data'>) => {
    let args: unknown;
    try {
      args = read(event, log);
    } catch (error) {
      if (error instanceof UndecodableLog) return;
      throw error;
    }
    throw new Error(`decoded ${JSON.stringify(log)} to ${JSON.stringify(args, bigintText)}`);
  };

  it.each(titled)('%s cut at any length is undecodable, but for the padding of its end', (_, event) => {
    fc.assert(
      fc.property(anyLogOf(event), (log) => {
        const whole = read(event, log);
        const { padding } = layoutOf(event, log.data);
        const bytes = (log.data.length - 2) / 2;
        // Every length near the end, where the rule changes, and a sample of the long rest.
        for (let cut = 1; cut <= bytes; cut += cut < 100 ? 1 : 37) {
          const cutLog = { ...log, data: log.data.slice(0, -2 * cut) };
          if (cut <= padding) expect(read(event, cutLog)).toEqual(whole);
          else expectUndecodable(event, cutLog);
        }
      }),
      runs,
    );
  });

  it.each(titled)('%s with trailing bytes is what it is without them', (_, event) => {
    fc.assert(
      fc.property(anyLogOf(event), fc.uint8Array({ minLength: 1, maxLength: 70 }), (log, more) => {
        const data = log.data + Buffer.from(more).toString('hex');
        expect(read(event, { ...log, data })).toEqual(readByEthers(event, log));
      }),
      runs,
    );
  });

  it.each(titled)('%s with a bit outside of a type is undecodable, in topics, structs and arrays too', (_, event) => {
    const indexed = event.fragment.inputs.filter((param) => param.indexed);
    fc.assert(
      fc.property(anyLogOf(event), fc.nat(), (log, n) => {
        const spots = [
          ...indexed.map(({ type }, i) => ({ type, flip: (bit: number) => flippedTopic(log, i + 1, bit) })),
          ...layoutOf(event, log.data).words.flatMap((word) =>
            word.kind === 'value'
              ? [{ type: word.type, flip: (bit: number) => ({ ...log, data: withBitFlipped(log.data, word.at, bit) }) }]
              : [],
          ),
        ];
        for (const { type, flip } of spots) {
          const outside = bitsOutside(type);
          if (!outside) continue;
          for (const bit of [outside.from, outside.to, outside.from + (n % (outside.to - outside.from))]) {
            expectUndecodable(event, flip(bit));
          }
        }
      }),
      runs,
    );
  });

  it.each(titled)('%s with an offset or a length that leaves the data is undecodable', (_, event) => {
    fc.assert(
      fc.property(anyLogOf(event), fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), (log, far) => {
        for (const word of layoutOf(event, log.data).words) {
          if (word.kind === 'value') continue;
          const rest = BigInt(log.data.length - (word.kind === 'offset' ? word.base : word.at + 64));
          // The least value that no longer fits: an offset to the end, one item too many.
          const least = word.kind === 'offset' ? rest / 2n : rest / BigInt(word.itemChars) + 1n;
          for (const value of [
            least,
            least + 1n,
            least + far,
            2n ** 47n,
            2n ** 48n,
            2n ** 53n,
            2n ** 255n,
            2n ** 256n - 1n,
          ]) {
            if (value < 2n ** 256n) expectUndecodable(event, { ...log, data: withWord(log.data, word.at, value) });
          }
        }
      }),
      runs,
    );
  });

  it.each(titled)('%s with another number of topics is undecodable', (_, event) => {
    fc.assert(
      fc.property(anyLogOf(event), (log) => {
        const five = [...log.topics, ...log.topics, ...log.topics, ...log.topics, ...log.topics].slice(0, 5);
        for (let count = 0; count <= 5; count++) {
          if (count !== log.topics.length) expectUndecodable(event, { ...log, topics: five.slice(0, count) });
        }
      }),
      { numRuns: 5 },
    );
  });

  it('reads offsets that point elsewhere inside the data as ethers does', () => {
    const events = everyEvent.filter(({ fragment }) =>
      fragment.inputs.some((p) => !p.indexed && /[[(]|string/.test(p.type)),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...events).chain((event) => fc.tuple(fc.constant(event), anyLogOf(event), fc.nat(), fc.nat())),
        ([event, log, which, where]) => {
          const moved = layoutOf(event, log.data).words.filter(({ kind }) => kind !== 'value');
          const { at } = moved[which % moved.length]!;
          const data = withWord(log.data, at, BigInt(where % (log.data.length / 2)));
          const ours = outcome(() => read(event, { ...log, data }));
          const theirs = outcome(() => readByEthers(event, { ...log, data }));
          // ethers masks bits outside of a type and refuses invalid UTF-8; there the rules above speak.
          if (theirs && ours) expect(ours).toEqual(theirs);
          if (!theirs && ours) expect(JSON.stringify(ours, bigintText)).toContain('\uFFFD');
        },
      ),
      { numRuns: 1_500 },
    );
  });

  describe('of overlapping values', () => {
    const proposal = eventNamed('ProposalCreated');
    /** `count` signatures that all are the one string of `bytes` bytes. */
    const overlapping = (count: number, bytes: number) => {
      const zero = `0x${'00'.repeat(20)}`;
      const { topics, data } = logOf(proposal.fragment, [1, zero, [], [], ['x'.repeat(bytes)], [], 0, 0, '']);
      const words = layoutOf(proposal, data).words;
      const list = words.find(({ at, kind }) => kind === 'offset' && at === 2 + 4 * 64)!;
      const head = AbiCoder.defaultAbiCoder().encode(['uint256'], [count]).slice(2);
      const tail = AbiCoder.defaultAbiCoder()
        .encode(['string'], ['x'.repeat(bytes)])
        .slice(2 + 64);
      const offsets = (count * 32).toString(16).padStart(64, '0').repeat(count);
      const moved = withWord(data, list.at, BigInt((data.length - 2) / 2));
      return { topics, data: moved + head + offsets + tail };
    };

    it('reads a few as ethers does', () => {
      const log = overlapping(8, 3_000);
      expect(read(proposal, log)).toEqual(readByEthers(proposal, log));
    });

    it('refuses what would ask for more than sixteen times its data', () => {
      // 24 KB that would decode to 4 MB, and 640 KB to 6 GB.
      expectUndecodable(proposal, overlapping(400, 10_000));
      expectUndecodable(proposal, overlapping(10_000, 320_000));
    });
  });

  it('decodes invalid UTF-8 to U+FFFD as the standard says, and NUL too; nothing is cut', () => {
    const vote = eventNamed('VoteCast');
    const standard = new TextDecoder('utf-8', { ignoreBOM: true });
    fc.assert(
      fc.property(
        fc.array(fc.oneof(anyByteRun, fc.constantFrom(...invalidRuns)), { maxLength: 12 }).map((runs) => runs.join('')),
        (hex) => {
          const bytes = Buffer.from(hex, 'hex');
          const { topics, data } = logOf(vote.fragment, [`0x${'11'.repeat(20)}`, 1n, 1, 1n, '']);
          const text = AbiCoder.defaultAbiCoder()
            .encode(['bytes'], [bytes])
            .slice(2 + 64);
          const args = read(vote, { topics, data: data.slice(0, 2 + 4 * 64) + text });
          expect(args['reason']).toBe(standard.decode(bytes).replaceAll('\0', '\uFFFD'));
        },
      ),
      { numRuns: 500 },
    );
  });
});

const anyByteRun = fc.uint8Array({ minLength: 1, maxLength: 6 }).map((bytes) => Buffer.from(bytes).toString('hex'));
/** Overlong, a lone surrogate, past U+10FFFF, cut short, a lone continuation, NUL, a byte order mark. */
const invalidRuns = ['c080', 'eda080', 'f4908080', 'e282', '80', '00', 'efbbbf', 'ff21c0'];

function flippedTopic(log: AnyLog, i: number, bit: number): AnyLog {
  return { ...log, topics: log.topics.map((topic, n) => (n === i ? withBitFlipped(topic, 2, bit) : topic)) };
}

function outcome<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

const bigintText = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);
