import { readColumnTypes } from '../../indexer/store/columnTypes';
import { copyRows } from '../../indexer/store/copyRows';
import { factTables } from '../../indexer/store/factTables';
import { PostingLists } from '../../indexer/store/postingLists';
import { RowBuffer, type RowPlace } from '../../indexer/store/rowBuffer';
import { positionOf } from '../../schema/position';
import { contractKey, MOST_POSITIONS } from '../../schema/posting';
import { subjectKey } from '../../schema/subject';
import { address, log, openFakeChain } from '../api/fakeChain';
import { createDatabase, type TestDatabase } from '../run/database';
import fc from '../run/fastCheck';
import { disagreements } from './survives';

let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase();
});
afterEach(() => database.close());

interface PostingRow {
  subject: string;
  pos: bigint;
  positions: bigint[];
}
const read = async (subject?: Buffer): Promise<PostingRow[]> => {
  const { rows } = await database.pool.query<{ subject: string; pos: bigint; positions: string[] }>(
    `select encode(subject, 'hex') as subject, pos, positions::text[] as positions from posting
     where subject = coalesce($1, subject) order by subject, pos`,
    [subject ?? null],
  );
  return rows.map((row) => ({ ...row, positions: row.positions.map(BigInt) }));
};

describe('posting lists', () => {
  const key = fc.oneof(
    fc.nat(3).map((n) => Buffer.from([1, n])),
    fc.uint8Array({ minLength: 1, maxLength: 33 }).map((bytes) => Buffer.from(bytes)),
  );
  const keysOfLog = fc.uniqueArray(key, { maxLength: 12, selector: (each) => each.toString('hex') });
  const logs = fc.array(fc.record({ keys: keysOfLog, blocks: fc.nat(2), logs: fc.integer({ min: 1, max: 9 }) }), {
    minLength: 1,
    maxLength: 600,
    size: 'max',
  });

  it('hold for each key where it came, in rows of 200 at most', async () => {
    const client = await database.pool.connect();
    const types = (await readColumnTypes(client)).posting;
    try {
      await fc.assert(
        fc.asyncProperty(logs, async (all) => {
          const lists = new PostingLists();
          const expected = new Map<string, bigint[]>();
          const place: RowPlace = { blockNumber: 2 ** 33, logIndex: 0 };
          for (const { keys, blocks, logs: further } of all) {
            place.blockNumber += blocks;
            place.logIndex = blocks > 0 ? 0 : place.logIndex + further;
            lists.begin(place);
            for (const each of keys) {
              const known = lists.length;
              const list = lists.listOf(each[0] as number, each, 1, each.length - 1);
              lists.add(list);
              const hex = each.toString('hex');
              expect(list === known).toBe(!expected.has(hex));
              const positions = expected.get(hex) ?? [];
              positions.push(positionOf(place.blockNumber, place.logIndex));
              expected.set(hex, positions);
            }
          }
          const rows = new RowBuffer(types);
          lists.write(rows, 7);
          await client.query('truncate posting');
          await copyRows(client, [{ name: 'posting', table: factTables.posting, rows }]);
          const found = new Map<string, bigint[]>();
          for (const { subject, pos, positions } of await read()) {
            expect(positions.at(-1)).toBe(pos);
            expect(positions.length).toBeLessThanOrEqual(MOST_POSITIONS);
            found.set(subject, [...(found.get(subject) ?? []), ...positions]);
          }
          const sorted = (map: Map<string, bigint[]>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
          expect(sorted(found)).toEqual(sorted(expected));
          expect(rows.rows).toBe([...expected.values()].reduce((n, { length }) => n + Math.ceil(length / 200), 0));
        }),
        { numRuns: 25 },
      );
    } finally {
      client.release();
    }
  });
});

describe('postings of a chain', () => {
  const transfers = (n: number) =>
    Array.from({ length: n }, (_, i) =>
      log('OpenToken', 'Transfer', { from: address(1), to: address(2 + (i % 2)), value: BigInt(i) }),
    );
  const account = (n: number) => subjectKey({ kind: 'account', key: address(n) });

  it('lose in a rewind what comes after it, of rows that reach across it too', async () => {
    const chain = await openFakeChain(database.pool);
    await chain.extend([transfers(3), transfers(2), transfers(1)]);
    expect(await read(account(1))).toMatchObject([
      {
        positions: [
          positionOf(1, 0),
          positionOf(1, 1),
          positionOf(1, 2),
          positionOf(2, 0),
          positionOf(2, 1),
          positionOf(3, 0),
        ],
      },
    ]);
    await chain.reorg(2, [transfers(1)]);
    expect(await read(account(1))).toMatchObject([
      { pos: positionOf(1, 2), positions: [positionOf(1, 0), positionOf(1, 1), positionOf(1, 2)] },
      { pos: positionOf(2, 0), positions: [positionOf(2, 0)] },
    ]);
    expect(await read(account(3))).toMatchObject([{ pos: positionOf(1, 1), positions: [positionOf(1, 1)] }]);
    expect(await disagreements(database.pool)).toEqual([]);
    await chain.reorg(2, [[]]);
    expect(await read()).toEqual([]);
  });

  it('of another chain stay in a rewind', async () => {
    const [one, two] = [await openFakeChain(database.pool, 1), await openFakeChain(database.pool, 2)];
    await one.extend([transfers(1), transfers(2)]);
    await two.extend([transfers(1), transfers(2)]);
    await one.reorg(1, [[]]);
    const { rows } = await database.pool.query(
      'select chain_id, sum(cardinality(positions))::integer as n from posting where subject = $1 group by 1 order by 1',
      [account(1)],
    );
    expect(rows).toEqual([
      { chain_id: 1, n: 1 },
      { chain_id: 2, n: 3 },
    ]);
  });

  it('of many events in one commit are several rows, one after the other', async () => {
    const chain = await openFakeChain(database.pool);
    await chain.extend([transfers(150), transfers(150), transfers(150)]);
    const token = contractKey(Buffer.from(chain.addressOf('OpenToken').slice(2), 'hex'));
    for (const key of [token, account(1)]) {
      expect((await read(key)).map(({ positions }) => positions.length)).toEqual([200, 200, 50]);
    }
    expect(await disagreements(database.pool)).toEqual([]);
    await chain.reorg(2, [[]]);
    expect((await read(account(1))).map(({ positions }) => positions.length)).toEqual([150]);
    expect(await disagreements(database.pool)).toEqual([]);
  });
});
