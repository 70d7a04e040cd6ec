import { JsonBytes } from '../../indexer/rpc/jsonBytes';
import { packLogText } from '../../indexer/rpc/logText';
import { packLogs } from '../../indexer/rpc/wire';
import { LogPack } from '../../indexer/store/logPack';
import { decodeSegment, encodeSegment } from '../../indexer/store/segmentContent';
import type { RawLog } from '../../schema/contractSet';
import fc from '../run/fastCheck';

const bytes = (length: number, most = length) =>
  fc.uint8Array({ minLength: length, maxLength: most }).map((list) => `0x${Buffer.from(list).toString('hex')}`);
const addresses = ['11', '22', '33'].map((byte) => `0x${byte.repeat(20)}`);
const signatures = ['aa', 'bb'].map((byte) => `0x${byte.repeat(32)}`);
const transactions = ['01', '02'].map((byte) => `0x${byte.repeat(32)}`);
const oneOf = (list: readonly string[]) => fc.constantFrom(...list);

const part = fc.record({
  blocks: fc.oneof(fc.constantFrom(0, 0, 1), fc.nat()),
  logs: fc.oneof(fc.constantFrom(1, 1, 2), fc.integer({ min: 1, max: 5_000 })),
  transactionHash: fc.oneof(oneOf(transactions), bytes(32)),
  address: oneOf(addresses),
  topics: fc
    .array(fc.oneof(oneOf(signatures), bytes(32)), { maxLength: 3 })
    .chain((rest) => oneOf(signatures).map((first) => (rest.length === 0 ? [] : [first, ...rest]))),
  data: fc.oneof(bytes(0, 200), bytes(32)),
});

/** In chain order. */
const someLogs = fc.array(part, { maxLength: 30 }).map((parts) => {
  let blockNumber = 7;
  let logIndex = 0;
  return parts.map(({ blocks, logs, ...rest }): RawLog => {
    blockNumber += blocks;
    logIndex = blocks > 0 ? logs : logIndex + logs;
    return { blockNumber, logIndex, ...rest };
  });
});

const toHex = (number: number) => `0x${number.toString(16)}`;
const hashOf = (number: number) => `0x${number.toString(16).padStart(64, '0')}`;
/** As a node sends it. */
const placed = ({ blockNumber, logIndex, ...rest }: RawLog) => ({
  ...rest,
  blockHash: hashOf(blockNumber),
  blockNumber: toHex(blockNumber),
  blockTimestamp: '0x5',
  transactionIndex: '0x0',
  logIndex: toHex(logIndex),
  removed: false,
});
type Placed = Record<string, unknown>;

describe('packed logs', () => {
  it('are read as they were, out of a segment too', async () => {
    await fc.assert(
      fc.asyncProperty(someLogs, async (logs) => {
        expect(LogPack.of(logs).rawLogs()).toEqual(logs);
        const { logs: stored } = await decodeSegment(await encodeSegment({ headers: [], logs: LogPack.of(logs) }));
        expect(stored.rawLogs()).toEqual(logs);
        expect(stored).toHaveLength(logs.length);
      }),
    );
  });

  it('come out of the bytes of an answer as out of its values, whatever else it holds and in whatever layout', () => {
    const more = fc.dictionary(
      fc.nat(99).map((n) => `other${n}`),
      fc.jsonValue({ maxDepth: 3 }),
    );
    fc.assert(
      fc.property(someLogs, more, fc.integer({ min: 0, max: 3 }), fc.nat(3), (logs, others, spaces, order) => {
        // The same layout for all of them, or another one from log to log.
        const isFirst = (i: number) => (order < 2 ? order === 0 : i % order === 0);
        const list = logs.map((log, i) => (isFirst(i) ? { ...others, ...placed(log) } : { ...placed(log), ...others }));
        const json = JSON.stringify(list, undefined, spaces);
        const packed = packLogText(new JsonBytes(Buffer.from(json)), addresses);
        expect(packed?.logs.rawLogs()).toEqual(logs);
        expect(packed?.blockHashes).toEqual(new Map(logs.map(({ blockNumber }) => [blockNumber, hashOf(blockNumber)])));
        expect(packed?.logs.bytes).toEqual(packLogs(JSON.parse(json), addresses).logs.bytes);
      }),
    );
  });

  const bends: Record<string, (logs: Placed[]) => unknown> = {
    'in another order': (logs) => logs.reverse(),
    twice: (logs) => [...logs, ...logs],
    'with one of another address': ([log, ...rest]) => [{ ...log, address: `0x${'77'.repeat(20)}` }, ...rest],
    'with a removed one': ([log, ...rest]) => [{ ...log, removed: true }, ...rest],
    'with a pending one': ([log, ...rest]) => [{ ...log, blockNumber: null, blockHash: null }, ...rest],
    'in upper case': (logs) => logs.map((log) => ({ ...log, data: '0xABCDEF', address: addresses[0] })),
    'without a part': ([log, ...rest]) => [{ ...log, transactionHash: undefined }, ...rest],
    'with half a byte': ([log, ...rest]) => [{ ...log, data: '0x123' }, ...rest],
    'with five topics': ([log, ...rest]) => [{ ...log, topics: Array(5).fill(signatures[0]) }, ...rest],
    'with a short topic': ([log, ...rest]) => [{ ...log, topics: ['0x12'] }, ...rest],
    'with a hash that is none': ([log, ...rest]) => [{ ...log, blockHash: `0x${'zz'.repeat(32)}` }, ...rest],
    'of a block of two hashes': (logs) => [...logs, { ...logs.at(-1), logIndex: '0x3fffff', blockHash: hashOf(1) }],
    'with an index that is too large': (logs) => [...logs, { ...logs.at(-1), logIndex: '0x400000' }],
    'with a number that is none': ([log, ...rest]) => [{ ...log, blockNumber: 5 }, ...rest],
    'with a null': (logs) => [null, ...logs],
    'as an object': (logs) => ({ ...logs }),
  };

  it.each(Object.entries(bends))('are left to JSON.parse where they come %s', (_, bend) => {
    fc.assert(
      fc.property(
        someLogs.filter(({ length }) => length > 1),
        (logs) => {
          const json = JSON.stringify(bend(logs.map(placed)));
          expect(packLogText(new JsonBytes(Buffer.from(json)), addresses)).toBeUndefined();
        },
      ),
      { numRuns: 10 },
    );
  });

  it('are never others than JSON.parse finds, whichever byte of the answer is another one', () => {
    fc.assert(
      fc.property(someLogs, fc.nat(), fc.nat(255), (logs, where, byte) => {
        const json = Buffer.from(JSON.stringify(logs.map(placed)));
        json[where % json.length] = byte;
        const packed = packLogText(new JsonBytes(json), addresses);
        if (!packed) return;
        let values: unknown;
        try {
          values = JSON.parse(json.toString());
        } catch {
          return;
        }
        expect(packed.logs.rawLogs()).toEqual(packLogs(values, addresses).logs.rawLogs());
      }),
      { numRuns: 3_000 },
    );
  });
});
