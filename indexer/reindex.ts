import { Client, type ClientBase, type Pool } from 'pg';
import type { Logger } from 'pino';
import { readMigrations } from '../db/migrate';
import { connectionConfig, openPool } from '../db/pool';
import { AppError } from '../schema/appError';
import { type ConfiguredContract, ContractSet } from '../schema/contractSet';
import { profiles } from '../schema/profiles';
import type { BlockRange, Header, Tip } from './store/blockRange';
import { readColumnTypes } from './store/columnTypes';
import { commitRanges } from './store/commit';
import { buildIndexes, deferIndexes } from './store/deferredIndexes';
import { ensureEventTypes } from './store/eventTypes';
import { type Leadership, takeTheLead } from './store/leadership';
import { planByCost } from './store/planByKey';
import { hexOf } from './store/segments';
import { StoredHistory } from './store/storedHistory';
import { SHADOW, switchOver } from './switchOver';

export interface ReindexOptions {
  pool: Pool;
  databaseUrl: string;
  log: Logger;
  /** After each commit: how far every chain is. */
  onProgress?: (chains: readonly ReindexProgress[]) => void;
}

/** Blocks and events of one chain that are made anew; `allBlocks` is what is indexed of it. */
export interface ReindexProgress {
  chainId: number;
  name: string;
  doneBlocks: number;
  allBlocks: number;
  events: number;
}

interface ChainRow {
  chain_id: number;
  name: string;
  start_block: bigint;
  contracts: ConfiguredContract[];
  indexed_number: bigint | null;
  indexed_hash: Buffer | null;
}

/**
 * Makes every row anew from the stored segments, without a node, beside the rows that are read meanwhile, and puts them
 * in their place in one transaction. Cursors of subscribers stay good. An indexer that runs is set aside until then.
 */
export async function reindex({ pool, databaseUrl, log, onProgress }: ReindexOptions): Promise<void> {
  const { rows: found } = await pool.query<{ chainId: number }>('select chain_id as "chainId" from chain order by 1');
  const chainIds = found.map(({ chainId }) => chainId);
  const leaderships: Leadership[] = [];
  // What a crash takes of the new rows is of no use anyway: only the last transaction waits for the disk.
  const settings = {
    applicationName: 'flywheel-reindex',
    settings: { search_path: SHADOW, synchronous_commit: 'off' },
  };
  const shadow = new Client(connectionConfig(databaseUrl, settings));
  const beside = openPool(databaseUrl, settings);
  // A lost connection is heard of with the next statement.
  shadow.on('error', () => undefined);
  try {
    for (const chainId of chainIds) leaderships.push(await takeTheLead(databaseUrl, chainId));
    // Only now: until then they moved on.
    const { rows: chains } = await pool.query<ChainRow>(
      `select chain_id, name, start_block, contracts, indexed_number, indexed_hash from chain
       where chain_id = any($1) order by chain_id`,
      [chainIds],
    );
    const progress = chains.map(progressOf);
    await shadow.connect();
    await createShadow(shadow, chainIds);
    await deferIndexes(shadow);
    for (const [i, chain] of chains.entries()) {
      const mine = progress[i] as ReindexProgress;
      await replay(pool, shadow, chain, log, (blocks, events) => {
        mine.doneBlocks += blocks;
        mine.events += events;
        onProgress?.(progress);
      });
    }
    await buildIndexes(shadow, beside);
    await switchOver(shadow, log);
  } finally {
    await Promise.all([shadow.end(), beside.end()]);
    await Promise.all(leaderships.map((leadership) => leadership.close()));
  }
}

function progressOf({ chain_id: chainId, name, start_block, indexed_number }: ChainRow): ReindexProgress {
  const allBlocks = indexed_number === null ? 0 : Number(indexed_number - start_block) + 1;
  return { chainId, name, doneBlocks: 0, allBlocks, events: 0 };
}

async function createShadow(client: ClientBase, chainIds: readonly number[]): Promise<void> {
  await client.query(`drop schema if exists ${SHADOW} cascade`);
  await client.query(`create schema ${SHADOW}`);
  for (const { sql } of await readMigrations()) await client.query(sql);
  await client.query(
    `insert into event_type (id, profile, contract, name, fragment) overriding system value
     select id, profile, contract, name, fragment from public.event_type`,
  );
  await client.query(
    `select setval(pg_get_serial_sequence('${SHADOW}.event_type', 'id'), max(id)) from event_type having max(id) > 0`,
  );
  await client.query(
    `insert into chain
     select * from public.chain where chain_id = any($1)`,
    [chainIds],
  );
  await client.query(
    `update chain
     set indexed_number = null, indexed_hash = null, indexed_timestamp = null, undecoded_logs = 0,
       safe_number = null, safe_hash = null, safe_timestamp = null,
       finalized_number = null, finalized_hash = null, finalized_timestamp = null`,
  );
}

async function replay(
  pool: Pool,
  client: ClientBase,
  chain: ChainRow,
  log: Logger,
  onCommit: (blocks: number, events: number) => void,
): Promise<void> {
  const { chain_id: chainId, indexed_number: indexedNumber, indexed_hash: indexedHash } = chain;
  if (indexedNumber === null || indexedHash === null) return;
  const contracts = new ContractSet(chain.contracts, profiles);
  const eventTypeIds = await ensureEventTypes(client, contracts.eventTypes);
  const tip = await storedTip(pool, chainId);
  const { rows } = await client.query<{ epoch: bigint }>('select epoch from chain where chain_id = $1', [chainId]);
  const epoch = rows[0]?.epoch as bigint;
  const context = { chainId, contracts, eventTypeIds, columnTypes: await readColumnTypes(client) };
  const history = new StoredHistory(pool, context);
  await planByCost(client);
  let next = Number(chain.start_block);
  let before: string | undefined;
  while (next <= Number(indexedNumber)) {
    const run = await history.take(next, Number(indexedNumber));
    if (!run) {
      throw new AppError('STOP', `no segment of chain ${chainId} begins at block ${next}: index it from its nodes`);
    }
    const [{ parentHash }, { last, toBlock }] = [run.ranges[0] as BlockRange, run.ranges.at(-1) as BlockRange];
    if (before && parentHash !== before) throw notOneChain(chainId, next - 1, before, parentHash);
    const first = next;
    next = toBlock + 1;
    before = last.hash;
    history.readAhead(next, Number(indexedNumber));
    const events = await commitRanges(client, {
      ...context,
      ...run,
      epoch,
      tip,
      eventsPerSecond: 0,
      storeSegments: false,
    });
    onCommit(next - first, events);
  }
  const indexed = hexOf(indexedHash);
  if (before && before !== indexed) throw notOneChain(chainId, next - 1, before, indexed);
  log.info({ chain: chainId, toBlock: next - 1 }, 'rows made anew from segments');
}

function notOneChain(chainId: number, block: number, stored: string, needed: string): AppError {
  return new AppError(
    'STOP',
    `block ${block} of chain ${chainId} is ${stored} by its segment, and what follows needs ${needed}: ` +
      'index it from its nodes',
  );
}

/** What the nodes said last: with it the marks come out as they were. */
async function storedTip(pool: Pool, chainId: number): Promise<Tip> {
  const { rows } = await pool.query<{ mark: string; number: bigint | null; hash: Buffer; timestamp: bigint }>(
    ['head', 'safe', 'finalized']
      .map(
        (mark) => `select '${mark}' as mark, ${mark}_number as number, ${mark}_hash as hash,
        ${mark}_timestamp as timestamp from chain where chain_id = $1`,
      )
      .join(' union all '),
    [chainId],
  );
  const markOf = (mark: string): Header | undefined => {
    const row = rows.find((candidate) => candidate.mark === mark);
    if (!row || row.number === null) return undefined;
    return { number: Number(row.number), hash: hexOf(row.hash), parentHash: '', timestamp: Number(row.timestamp) };
  };
  return { head: markOf('head') as Header, safe: markOf('safe'), finalized: markOf('finalized') };
}
