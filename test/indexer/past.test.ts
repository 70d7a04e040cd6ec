import type { Pool } from 'pg';
import { firstPositionOf } from '../../schema/position';
import { openFakeChain } from '../api/fakeChain';
import { randomHistory } from '../oracle/history';
import { Random } from '../oracle/history/random';
import { createDatabase, type TestDatabase } from '../run/database';

const SEED = process.env['PAST_SEED'] ?? 'past';
/** Views of what is created: of ids never created, which have totals too, nobody is told anything. */
const CREATED: Record<string, string> = {
  datanet_count: 'exists (select from datanet d where d.chain_id = t.chain_id and d.datanet_id = t.datanet_id)',
  contribution_count:
    'exists (select from contribution c where c.chain_id = t.chain_id and c.contribution_id = t.contribution_id)',
};

/** Not as of a block: what was fetched from outside, how the chain was learned, and what only the indexer reads. */
const TODAYS = [
  'chain',
  'change',
  'header',
  'retracted_event',
  'retracted_reward',
  'reward_pending',
  'segment',
  'token',
  'undecoded_log',
];

/** The schema `past` (migrations/0011_past.sql) against what the tables held when the chain was indexed that far. */
describe(`the tables as of a past block (seed ${SEED})`, () => {
  let database: TestDatabase;
  const then = new Map<number, Record<string, string[]>>();

  beforeAll(async () => {
    database = await createDatabase();
    const { pool } = database;
    const random = new Random(SEED);
    const chain = await openFakeChain(pool);
    // Another chain, whose rows are no part of the first one's past.
    const other = await openFakeChain(pool, 31338);
    await other.extend(randomHistory(`${SEED}-other`, { logs: 150 }).map(({ txs }) => txs.flat()));
    const blocks = randomHistory(SEED, { logs: 900 }).map(({ txs }) => txs.flat());
    let head = 0;
    let played = 0;
    while (played < blocks.length) {
      const more = blocks.slice(played, played + random.between(1, 8));
      played += more.length;
      await chain.extend(more);
      head += more.length;
      if (head > 8 && random.chance(0.3)) {
        const depth = random.between(1, 4);
        for (const number of then.keys()) if (number > head - depth) then.delete(number);
        await chain.reorg(depth, more.slice(0, depth - 1));
        head += Math.min(more.length, depth - 1) - depth;
      }
      then.set(head, await readAll(pool, 'public', chain.chainId));
    }
  }, 120_000);

  afterAll(() => database.close());

  it('are those of a chain that was indexed that far, at every block that was looked at', async () => {
    const blocks = [...then].sort(([a], [b]) => a - b);
    expect(blocks.length).toBeGreaterThan(8);
    for (const [number, tables] of blocks) {
      const past = await readAll(database.pool, 'past', 31337, number);
      for (const [name, rows] of Object.entries(past))
        expect([number, name, rows]).toEqual([number, name, tables[name]]);
    }
  });

  it('have every column of every table that answers are read from', async () => {
    const { rows } = await database.pool.query<{ name: string }>(
      `select table_name || '.' || column_name as name from information_schema.columns
       where table_schema = 'public' and table_name <> all ($1)
         and table_name in (
           select t.table_name from information_schema.tables t
           join information_schema.columns c on c.table_schema = t.table_schema and c.table_name = t.table_name
           where t.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.column_name = 'chain_id'
         )
       except
       select table_name || '.' || column_name from information_schema.columns where table_schema = 'past'
       order by 1`,
      [TODAYS],
    );
    expect(rows).toEqual([]);
  });
});

/** The rows of the chain as sorted JSON, of each table that has a view; at a block: of the view. */
async function readAll(
  pool: Pool,
  schema: 'public' | 'past',
  chainId: number,
  number = 0,
): Promise<Record<string, string[]>> {
  const client = await pool.connect();
  try {
    await client.query('begin read only');
    const { rows: names } = await client.query<{ name: string; held: boolean; columns: string }>(
      `select v.table_name as name, bool_or(v.column_name = 'n') as held,
         string_agg(format('%L, t.%I', v.column_name, v.column_name), ', ' order by v.column_name) as columns
       from information_schema.columns v
       join information_schema.tables t on t.table_schema = 'public' and t.table_name = v.table_name
       where v.table_schema = 'past'
       group by 1
       order by 1`,
    );
    if (schema === 'past') {
      await client.query(
        `select set_config('search_path', 'past, public', true), set_config('flywheel.past_chain', $1, true),
           set_config('flywheel.past_end', $2, true)`,
        [String(chainId), String(firstPositionOf(number + 1))],
      );
    }
    const found: Record<string, string[]> = {};
    for (const { name, held, columns } of names) {
      const { rows } = await client.query<{ row: string }>(
        `select jsonb_build_object(${columns})::text as row from ${name} t
         where chain_id = $1 ${held ? 'and n > 0' : ''} and ${CREATED[name] ?? 'true'}
         order by 1`,
        [chainId],
      );
      found[name] = rows.map(({ row }) => row);
    }
    return found;
  } finally {
    await client.query('rollback');
    client.release();
  }
}
