import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { ChainConfig } from '../../schema/networkFile';
import type { TestDatabase } from '../run/database';
import { until } from '../run/until';
import { startIndex } from './runningIndex';
import { readTables } from './tables';

/** What must be empty in every snapshot: status and rows are of one and the same moment. */
const DISAGREEMENTS: Record<string, string> = {
  'rows lie beyond the checkpoint': `
    select c.chain_id, c.indexed_number, x.number from chain c
    join (
      select chain_id, number from block union all
      select chain_id, number from header union all
      select chain_id, block_of(pos) from event union all
      select chain_id, block_of(pos) from undecoded_log union all
      select chain_id, block_of(pos) from posting
    ) x on x.chain_id = c.chain_id and x.number > coalesce(c.indexed_number, -1)`,
  "the checkpoint's hash is not that of its block": `
    select c.chain_id, c.indexed_number from chain c
    join (select chain_id, number, hash from header union all select chain_id, number, hash from block) x
      on x.chain_id = c.chain_id and x.number = c.indexed_number and x.hash <> c.indexed_hash`,
  'a mark lies beyond what is indexed': `
    select chain_id, indexed_number, safe_number, finalized_number from chain
    where greatest(safe_number, finalized_number) > coalesce(indexed_number, -1)`,
  'what is indexed lies beyond the head': `
    select chain_id, indexed_number, head_number from chain where indexed_number > head_number`,
  'the finalized mark is of another fork': `
    select c.chain_id, c.finalized_number from chain c
    join header h on h.chain_id = c.chain_id and h.number = c.finalized_number and h.hash <> c.finalized_hash`,
  'headers are not linked': `
    select h.chain_id, h.number from header h
    join header p on p.chain_id = h.chain_id and p.number = h.number - 1 and p.hash <> h.parent_hash`,
  'blocks count other events than there are': `
    select chain_id, number, b.events, e.n from block b
    full join (select chain_id, block_of(pos) as number, count(*) as n from event group by 1, 2) e
      using (chain_id, number)
    where coalesce(b.events, 0) <> coalesce(e.n, 0)`,
  'postings are not in order': `
    select chain_id, encode(subject, 'hex') as subject, pos, positions from (
      select *, lag(pos) over (partition by subject, chain_id order by pos) as before from posting
    ) x
    where cardinality(positions) not between 1 and 200 or pos <> positions[cardinality(positions)]
      or positions[1] <= before
      or positions <> array(select distinct p from unnest(positions) p order by p)`,
  "a contract's postings are not its events": `
    select chain_id, pos, e.contract, s.contract from event e
    full join (
      select chain_id, p as pos, substr(subject, 2) as contract from posting cross join unnest(positions) p
      where get_byte(subject, 0) = 9
    ) s using (chain_id, pos)
    where e.contract is distinct from s.contract`,
  'undecoded logs are counted wrongly': `
    select c.chain_id, c.undecoded_logs from chain c
    where c.undecoded_logs <> (select count(*) from undecoded_log u where u.chain_id = c.chain_id)`,
  'pool totals are not the sums of their facts': `
    select chain_id, pool_id, t.accrued, r.accrued from pool_total t
    full join (select chain_id, pool_id, sum(amount) as accrued from reward group by 1, 2) r using (chain_id, pool_id)
    where coalesce(t.accrued, 0) <> coalesce(r.accrued, 0)`,
  'the log of changes ends elsewhere than the checkpoint': `
    select c.chain_id, c.indexed_number, last.op, last.block_number from chain c
    cross join lateral (
      select op, block_number, block_hash from change x
      where x.chain_id = c.chain_id and op in (1, 2) order by position desc limit 1
    ) last
    where case last.op
      when 1 then (last.block_number, last.block_hash) is distinct from (c.indexed_number, c.indexed_hash)
      else last.block_number <> c.indexed_number + 1 end`,
};

/** Everything that disagrees in one repeatable-read snapshot, as a request of the API would read it. */
export async function disagreements(pool: Pool): Promise<string[]> {
  const client = await pool.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    const found: string[] = [];
    for (const [what, sql] of Object.entries(DISAGREEMENTS)) {
      const { rows } = await client.query(sql);
      if (rows.length > 0) {
        found.push(`${what}: ${JSON.stringify(rows.slice(0, 3), (_, v) => (typeof v === 'bigint' ? Number(v) : v))}`);
      }
    }
    await client.query('commit');
    client.release();
    return found;
  } catch (error) {
    client.release(true);
    throw error;
  }
}

/** Leaves the machine to what is watched. */
const BETWEEN_SNAPSHOTS_MS = 50;

export interface Watch {
  /** Snapshots read so far. */
  readonly snapshots: number;
  /** @throws Error with what the first bad snapshot held */
  end(): Promise<void>;
}

/** Reads snapshots again and again until its end; a database that is away is read again when it is back. */
export function watchSnapshots(pool: Pool): Watch {
  let ended = false;
  let snapshots = 0;
  const bad: string[] = [];
  const watching = (async () => {
    while (!ended && bad.length === 0) {
      const found = await disagreements(pool).catch(() => undefined);
      if (found) snapshots++;
      bad.push(...(found ?? []));
      await delay(BETWEEN_SNAPSHOTS_MS);
    }
  })();
  return {
    get snapshots() {
      return snapshots;
    },
    async end() {
      ended = true;
      await watching;
      if (bad.length > 0) throw new Error(`status and rows disagreed in snapshot ${snapshots}:\n${bad.join('\n')}`);
    },
  };
}

/**
 * How every story of a bad day ends: the checkpoint is the honest node's block, every table equals that of a fresh index
 * of the chain as it is now, and nothing disagrees.
 * @param truth url of the honest node
 */
export function expectSurvived(database: TestDatabase, config: ChainConfig, truth: string): Promise<void> {
  return expectAllSurvived(database, [{ ...config, rpc: [truth] }]);
}

/** @param chains with the url of the honest node each */
export async function expectAllSurvived({ pool }: TestDatabase, chains: readonly ChainConfig[]): Promise<void> {
  // A first history that was long is over when its indexes are built, after the last block.
  const isOver = async () => (await pool.query('select from deferred_index')).rows.length === 0;
  await until(isOver, { what: 'no index waits' });
  const heads = new Map<number, { number: number; hash: string }>();
  for (const { chainId, rpc } of chains) {
    const { rows } = await pool.query<{ number: number; hash: string }>(
      `select indexed_number::int as number, '0x' || encode(indexed_hash, 'hex') as hash from chain where chain_id = $1`,
      [chainId],
    );
    const [truth, indexed] = [rpc[0] as string, rows[0] as { number: number; hash: string }];
    const canonical = await blockOf(truth, `0x${indexed.number.toString(16)}`);
    expect(indexed).toEqual(canonical);
    expect(await blockOf(truth, 'latest')).toEqual(canonical);
    heads.set(chainId, indexed);
  }
  expect(await disagreements(pool)).toEqual([]);
  const lived = await readTables(pool);
  // What comes from outside is not compared.
  const fresh = await startIndex([...chains], undefined, undefined, undefined, false);
  try {
    for (const [chainId, head] of heads) await fresh.reach(chainId, head);
    const clean = await readTables(fresh.database.pool);
    for (const [table, rows] of Object.entries(clean)) expect([table, lived[table]]).toEqual([table, rows]);
  } finally {
    await fresh.close();
  }
}

/** A block as the node says it now. */
export async function blockOf(url: string, tag: string): Promise<{ number: number; hash: string }> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_getBlockByNumber', params: [tag, false] });
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const { result } = (await response.json()) as { result: { number: string; hash: string } };
  return { number: Number(result.number), hash: result.hash };
}
