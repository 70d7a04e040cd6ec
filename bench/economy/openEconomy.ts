import { Pool } from 'pg';
import { migrate } from '../../db/migrate';
import { connectionConfig } from '../../db/pool';
import { registerChain } from '../../indexer/store/checkpoint';
import { buildForWaitingRewards, buildIndexes, deferIndexes } from '../../indexer/store/deferredIndexes';
import { ensureEventTypes } from '../../indexer/store/eventTypes';
import { ContractSet } from '../../schema/contractSet';
import { profiles } from '../../schema/profiles';
import { GENESIS_TIMESTAMP, loopContracts } from '../chain/benchBlocks';
import { BENCH_CHAIN_ID, benchConfig } from '../chain/benchChain';
import { connect, emptyDatabase, withClient } from '../database';
import { accountsSql, eventsSql } from './events';
import { at, FIRST_BLOCK, forgetMaking, makingTables, nameTypes, setUp } from './standing';
import { firstContributions, REWARDS_PER_STORY, storiesSql, storyPos } from './stories';

/** Counts up when what is made changes: a database that was kept is made anew then. */
const ECONOMY_VERSION = 1;
const YEAR_SECONDS = 365 * 86_400;
const STORIES_AT_ONCE = 5_000;

/**
 * A year of an economy in our tables: so many rewards and about as many influences of 20,000 accounts, 200 datanets,
 * 2,000 pools and 1,698 models. Facts are made by SQL; totals are kept by the triggers and states by the refresh_*
 * functions that keep them on any chain. Every fact has its event as a node would give it, and its block; postings, which
 * none of the measured queries reads, are left out. Made once (5,000,000 rewards take some minutes), then kept.
 */
export async function openEconomy(serverUrl: string, rewards: number): Promise<string> {
  const name = `bench_economy_${rewards}`;
  const url = new URL(`/${name}`, serverUrl).href;
  const { rows } = await withClient(serverUrl, (client) =>
    client.query<{ made: string | null }>(
      `select shobj_description(oid, 'pg_database') as made from pg_database where datname = $1`,
      [name],
    ),
  );
  const stamp = `economy ${ECONOMY_VERSION}`;
  const pool = new Pool({ ...connectionConfig(url), max: 2 });
  try {
    if (rows[0]?.made === stamp) {
      await migrate(pool);
      return url;
    }
    console.log(`Making a database of ${rewards} rewards (once) ...`);
    await emptyDatabase(serverUrl, name);
    await migrate(pool);
    await make(url, pool, Math.ceil(rewards / REWARDS_PER_STORY));
    await withClient(serverUrl, (client) => client.query(`comment on database ${name} is '${stamp}'`));
    return url;
  } finally {
    await pool.end();
  }
}

async function make(url: string, pool: Pool, stories: number): Promise<void> {
  const client = await connect(url);
  try {
    await client.query(`set synchronous_commit = off; set work_mem = '512MB'; set max_parallel_workers_per_gather = 0`);
    await registerChain(client, { ...benchConfig('http://127.0.0.1:1'), name: 'bench' });
    const ids = await ensureEventTypes(client, new ContractSet(withStart(), profiles).eventTypes);
    await deferIndexes(client);
    // What rewards are of is worked out after them.
    await client.query(buildForWaitingRewards);
    await client.query(makingTables);
    await nameTypes(client, ids);
    const started = GENESIS_TIMESTAMP;
    await client.query(setUp);
    await client.query(firstContributions);
    await client.query(eventsSql('0', at(String(FIRST_BLOCK)), `${started}`));
    await client.query('analyze');
    const seconds = `${started} + (number - ${FIRST_BLOCK}) * ${YEAR_SECONDS} / ${Math.ceil(stories / 2)}`;
    for (let from = 0; from < stories; from += STORIES_AT_ONCE) {
      const to = Math.min(stories, from + STORIES_AT_ONCE);
      await client.query(storiesSql(from, to));
      await client.query(eventsSql(storyPos(`${from}::bigint`), storyPos(`${to}::bigint`), seconds));
      if (from === 0) await client.query('analyze');
    }
    await client.query(accountsSql);
    await client.query(forgetMaking);
    await buildIndexes(client, pool);
    await client.query(endOfChain);
    await client.query('vacuum (analyze)');
    await client.query('checkpoint');
  } finally {
    await client.end();
  }
}

const withStart = () => loopContracts.map((each) => ({ ...each, startBlock: 0 }));

/** The chain's marks: all of it is final. */
const endOfChain = `
  with last as (
    select number, hash, timestamp from block where chain_id = ${BENCH_CHAIN_ID} order by number desc limit 1
  )
  update chain set genesis_hash = sha256('genesis'), indexed_number = last.number, indexed_hash = last.hash,
    indexed_timestamp = last.timestamp, head_number = last.number, head_hash = last.hash,
    head_timestamp = last.timestamp, safe_number = last.number, safe_hash = last.hash, safe_timestamp = last.timestamp,
    finalized_number = last.number, finalized_hash = last.hash, finalized_timestamp = last.timestamp
  from last
  where chain_id = ${BENCH_CHAIN_ID};
  update change_position set next = (select 1 + sum(events + 1) from block);`;
