import { type ClientBase, DatabaseError } from 'pg';
import { AppError } from '../../schema/appError';
import type { ConfiguredContract } from '../../schema/contractSet';
import type { ChainConfig } from '../../schema/networkFile';
import { type Header, type Tip, type Verified, verifiedLevels } from './blockRange';
import { bytesOf, hexOf } from './segments';
import type { Together } from './together';

/** How far a chain is indexed. Marks are null until they are known. */
export interface Checkpoint {
  indexed: Mark | null;
  safe: Mark | null;
  finalized: Mark | null;
  startBlock: number;
  genesisHash: string | null;
  contracts: ConfiguredContract[];
}

export interface Mark {
  number: number;
  hash: string;
  timestamp: number;
}

/** Few forks are deeper, and a node answers so many in one batch. */
const HEADERS_AT_ONCE = 16;
const DIVISION_BY_ZERO = '22012';

interface ChainMarks {
  indexed_number: bigint | null;
  indexed_hash: Buffer | null;
  indexed_timestamp: bigint | null;
  safe_number: bigint | null;
  safe_hash: Buffer | null;
  safe_timestamp: bigint | null;
  finalized_number: bigint | null;
  finalized_hash: Buffer | null;
  finalized_timestamp: bigint | null;
  genesis_hash: Buffer | null;
  contracts: ConfiguredContract[];
  start_block: bigint;
}

/** Gives the chain its row, or brings name, token and finality up to what the network file says now. */
export async function registerChain(client: Pick<ClientBase, 'query'>, chain: ChainConfig): Promise<void> {
  const { chainId, name, nativeToken, startBlock, finality, contracts } = chain;
  await client.query(
    `insert into chain (chain_id, name, native_symbol, native_decimals, start_block, finality, contracts)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (chain_id) do update
     set name = excluded.name, native_symbol = excluded.native_symbol, native_decimals = excluded.native_decimals,
       finality = excluded.finality`,
    [chainId, name, nativeToken.symbol, nativeToken.decimals, startBlock, finality, JSON.stringify(contracts)],
  );
}

export async function readCheckpoint(client: ClientBase, chainId: number): Promise<Checkpoint> {
  const { rows } = await client.query<ChainMarks>(
    `select indexed_number, indexed_hash, indexed_timestamp, safe_number, safe_hash, safe_timestamp,
       finalized_number, finalized_hash, finalized_timestamp, genesis_hash, contracts, start_block
     from chain where chain_id = $1`,
    [chainId],
  );
  const row = rows[0];
  if (!row) throw new AppError('STOP', `chain ${chainId} has no row in the database`);
  return {
    indexed: markOf(row.indexed_number, row.indexed_hash, row.indexed_timestamp),
    safe: markOf(row.safe_number, row.safe_hash, row.safe_timestamp),
    finalized: markOf(row.finalized_number, row.finalized_hash, row.finalized_timestamp),
    genesisHash: row.genesis_hash && hexOf(row.genesis_hash),
    contracts: row.contracts,
    startBlock: Number(row.start_block),
  };
}

function markOf(number: bigint | null, hash: Buffer | null, timestamp: bigint | null): Mark | null {
  if (number === null || hash === null || timestamp === null) return null;
  return { number: Number(number), hash: hexOf(hash), timestamp: Number(timestamp) };
}

/**
 * Moves the checkpoint, in the transaction of the rows it speaks of. The epoch is the fence: a stalled ex-leader finds
 * another one, and is stopped (AppError STOP) before it commits: the statement fails where it moves nothing, and with it
 * what was sent along after it.
 */
export function moveCheckpoint(
  together: Together,
  chainId: number,
  epoch: bigint,
  to: {
    indexed: Mark;
    safe: Mark | null;
    finalized: Mark | null;
    head: Mark;
    eventsPerSecond: number;
    /** What counts as verified; undefined: verified_to stays. */
    verified?: Verified;
  },
): void {
  const columns = { indexed: to.indexed, safe: to.safe, finalized: to.finalized, head: to.head };
  const values: unknown[] = [chainId, epoch, to.eventsPerSecond];
  const sets = Object.entries(columns).flatMap(([name, mark]) => {
    values.push(mark?.number ?? null, mark && bytesOf(mark.hash), mark?.timestamp ?? null);
    const n = values.length;
    return [`${name}_number = $${n - 2}`, `${name}_hash = $${n - 1}`, `${name}_timestamp = $${n}`];
  });
  if (to.verified) {
    values.push(verifiedLevels[to.verified]);
    sets.push(`verified_to = proven_to($1, $4, $${values.length}::smallint)`);
  }
  together.add(
    `with moved as (
       update chain set events_per_second = $3, error = null, seen_at = now(), ${sets.join(', ')}
       where chain_id = $1 and epoch = $2 returning chain_id
     )
     select 1 / count(*) from moved`,
    values,
    (error) =>
      error instanceof DatabaseError && error.code === DIVISION_BY_ZERO
        ? new AppError('STOP', `another indexer leads chain ${chainId} now`)
        : error,
  );
}

/**
 * The newest head seen, when there is nothing else to commit; written now and then even if it is the same, and not at once
 * if only the speed is another: a commit that was just made said it. A node that lags doesn't take the head back behind
 * what is indexed.
 */
export async function noteHead(
  client: ClientBase,
  chainId: number,
  { head }: Tip,
  eventsPerSecond: number,
): Promise<void> {
  await client.query(
    `update chain c
     set head_number = seen.number, head_hash = seen.hash, head_timestamp = seen.timestamp, events_per_second = $5,
       seen_at = now()
     from (
       select chain_id, greatest(indexed_number, $2) as number,
         case when indexed_number > $2 then indexed_hash else $3 end as hash,
         case when indexed_number > $2 then indexed_timestamp else $4 end as timestamp
       from chain where chain_id = $1
     ) seen
     where c.chain_id = seen.chain_id
       and (c.head_hash is distinct from seen.hash or c.seen_at < now() - interval '10 seconds'
         or (c.events_per_second is distinct from $5::double precision and c.seen_at < now() - interval '1 second'))`,
    [chainId, head.number, bytesOf(head.hash), head.timestamp, eventsPerSecond],
  );
}

/** The hash of block 0 when the chain was first indexed; undefined where that isn't known. */
export async function readGenesis(client: Pick<ClientBase, 'query'>, chainId: number): Promise<string | undefined> {
  const { rows } = await client.query<{ hash: Buffer | null }>(
    'select genesis_hash as hash from chain where chain_id = $1',
    [chainId],
  );
  return rows[0]?.hash ? hexOf(rows[0].hash) : undefined;
}

export async function noteGenesis(client: ClientBase, chainId: number, hash: string): Promise<void> {
  await client.query('update chain set genesis_hash = $2 where chain_id = $1', [chainId, bytesOf(hash)]);
}

/** Why this chain stands still, and what to do; null when it goes on. */
export async function noteError(client: ClientBase, chainId: number, error: string | null): Promise<void> {
  await client.query('update chain set error = $2 where chain_id = $1 and error is distinct from $2', [chainId, error]);
}

export async function noteWarnings(client: ClientBase, chainId: number, warnings: readonly string[]): Promise<void> {
  await client.query('update chain set warnings = $2 where chain_id = $1 and warnings is distinct from $2', [
    chainId,
    warnings,
  ]);
}

/**
 * The next few headers that a reorg may still remove, newest first.
 * @param fromNumber none below it
 * @param below undefined: from the newest on
 */
export async function readHeaders(
  client: ClientBase,
  chainId: number,
  fromNumber: number,
  below?: number,
): Promise<Header[]> {
  const { rows } = await client.query<{ number: bigint; hash: Buffer; parent_hash: Buffer; timestamp: bigint }>(
    `select number, hash, parent_hash, timestamp from header
     where chain_id = $1 and number >= $2 and number < $3 order by number desc limit $4`,
    [chainId, fromNumber, below ?? Number.MAX_SAFE_INTEGER, HEADERS_AT_ONCE],
  );
  return rows.map((row) => ({
    number: Number(row.number),
    hash: hexOf(row.hash),
    parentHash: hexOf(row.parent_hash),
    timestamp: Number(row.timestamp),
  }));
}

/** Undefined where no header is kept: of history, and above what is indexed. */
export async function readHeaderHash(client: ClientBase, chainId: number, number: number): Promise<string | undefined> {
  const { rows } = await client.query<{ hash: Buffer }>('select hash from header where chain_id = $1 and number = $2', [
    chainId,
    number,
  ]);
  return rows[0] && hexOf(rows[0].hash);
}

/** Those that are kept, by number. */
export async function readHeaderHashes(
  together: Together,
  chainId: number,
  numbers: readonly number[],
): Promise<Map<number, string>> {
  if (numbers.length === 0) return new Map();
  const rows = await together.ask<{ number: string; hash: Buffer }>(
    'select number, hash from header where chain_id = $1 and number = any($2)',
    [chainId, numbers],
  );
  return new Map(rows.map(({ number, hash }) => [Number(number), hexOf(hash)]));
}

export function writeHeaders(together: Together, chainId: number, headers: readonly Header[]): void {
  if (headers.length === 0) return;
  together.add(
    `insert into header (chain_id, number, hash, parent_hash, timestamp)
     select $1, * from unnest($2::bigint[], $3::bytea[], $4::bytea[], $5::bigint[])`,
    [
      chainId,
      headers.map(({ number }) => number),
      headers.map(({ hash }) => bytesOf(hash)),
      headers.map(({ parentHash }) => bytesOf(parentHash)),
      headers.map(({ timestamp }) => timestamp),
    ],
  );
}

/** So many of the newest final blocks can still be named by their hash: those of five and a half hours of 2 s. */
const FINAL_HEADERS = 10_000;

/**
 * Finalized blocks can't be removed: their headers go, but for the newest, at which a fork may begin. For readers who
 * hold on to one of them, their hashes stay for a while.
 */
export function forgetHeaders(together: Together, chainId: number, finalizedNumber: number): void {
  together.add(
    `with final as (
       delete from header where chain_id = $1 and number < $2 returning number, hash, timestamp
     ), forgotten as (
       delete from final_header where chain_id = $1 and number < $3 and exists (select from final)
     )
     insert into final_header (chain_id, number, hash, timestamp)
     select $1, number, hash, timestamp from final where number >= $3
     on conflict do nothing`,
    [chainId, finalizedNumber, finalizedNumber - FINAL_HEADERS],
  );
}
