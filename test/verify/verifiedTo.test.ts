import { createDatabase, type TestDatabase } from '../run/database';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.close());

/** Segments of ten blocks from the start block on, proven to these levels. */
async function provenTo(startBlock: number, levels: number[], indexed: number, level: number): Promise<number | null> {
  const { pool } = database;
  await pool.query('delete from segment');
  await pool.query('delete from chain');
  await pool.query(
    `insert into chain (chain_id, name, native_symbol, native_decimals, start_block, finality, contracts)
     values (7, 'seven', 'OPEN', 18, $1, '{}', '[]')`,
    [startBlock],
  );
  for (const [i, verified] of levels.entries()) {
    await pool.query(
      `insert into segment (chain_id, from_block, to_block, parent_hash, last_hash, last_timestamp, logs, content, verified)
       values (7, $1, $2, '', '', 0, 0, '', $3)`,
      [startBlock + 10 * i, startBlock + 10 * i + 9, verified],
    );
  }
  const { rows } = await pool.query<{ to: number | null }>('select proven_to(7, $1, $2::smallint)::int as to', [
    indexed,
    level,
  ]);
  return rows[0]?.to ?? null;
}

it.each<[string, number, number[], number, number, number | null]>([
  ['nothing while the first segment is not proven', 0, [0, 2, 2], 29, 1, null],
  ['the block before the first that is not', 0, [2, 1, 0, 2], 39, 1, 19],
  ['what is indexed when all are proven', 0, [2, 1, 2], 25, 1, 25],
  ['what is indexed, not what was fetched ahead of it', 0, [1, 1, 1], 12, 1, 12],
  ['nothing of what was fetched ahead where that is not proven', 0, [1, 1, 0], 19, 1, 19],
  ['the block before the first without receipts where they are asked for', 0, [2, 1, 2], 29, 2, 9],
  ['the weaker of both where neither is enough', 0, [2, 2, 1, 0], 39, 2, 19],
  ['nothing before the start block', 100, [0], 109, 1, null],
  ['from a start block on', 100, [1, 0], 119, 1, 109],
])('verifiedTo is %s', async (_, startBlock, levels, indexed, level, expected) => {
  expect(await provenTo(startBlock, levels, indexed, level)).toBe(expected);
});
