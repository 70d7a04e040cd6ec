import DataLoader from 'dataloader';
import type { Pool } from 'pg';
import type { PastBlock } from './asOf';
import type { TakeTurn } from './limits/strangers';
import type { ChangeLog } from './live/changeLog';
import type { FollowLimits } from './live/followLimits';
import { LAST_STAMP } from './logPosition';
import type { CancelStatement } from './snapshot/cancelStatements';
import { openSnapshot, type Snapshot } from './snapshot/snapshot';

/** A row of `chain`, as of the snapshot. */
export interface ChainRow {
  chain_id: number;
  name: string;
  native_symbol: string;
  native_decimals: number;
  start_block: bigint;
  genesis_hash: Buffer | null;
  indexed_number: bigint | null;
  indexed_hash: Buffer | null;
  indexed_timestamp: bigint | null;
  head_number: bigint | null;
  head_hash: Buffer | null;
  head_timestamp: bigint | null;
  safe_number: bigint | null;
  safe_hash: Buffer | null;
  safe_timestamp: bigint | null;
  finalized_number: bigint | null;
  finalized_hash: Buffer | null;
  finalized_timestamp: bigint | null;
  verified_to: bigint | null;
  undecoded_logs: bigint;
  reorgs: number;
  deepest_reorg: number;
  events_per_second: number;
  /** Since a follower last looked at the chain. */
  unseen_seconds: number;
  /** Of all chains: what readers need is still being built after a first history. */
  deferred_indexes: number;
  /** Of all chains: which tables are read, and the last position in the log of changes with its stamp. */
  tables: string;
  position: bigint;
  stamp: bigint | null;
  warnings: string[];
  error: string | null;
}

/** What all requests share. */
export interface Program {
  pool: Pool;
  changes: ChangeLog;
  limits: FollowLimits;
  version: string;
  /** How long a block that a query asks for may be waited for. */
  queryTimeoutMs: number;
  cancel: CancelStatement;
  /** The chains that were there when they were read last. */
  chainIds?: readonly number[];
}

/** A statement has its own limit; a request is over after the time of so many. */
const STATEMENT_TIMES = 3;

/** What the resolvers of one request, or of one delivered change, share. */
export interface Context {
  program: Program;
  /** Aborted when the client is gone. */
  signal: AbortSignal;
  snapshot: Snapshot;
  /** The block as of which this context answers; null: the newest state. */
  at: PastBlock | null;
  /** The request's own context, of the newest state: of a past one, what depends on no block is asked here. */
  now: Context;
  /** Of the root fields of this request that have an asOf, by their name in the answer; null without any. */
  pasts: Map<string, Promise<Context>> | null;
  /** Whether the operation may ask for a field of that name, somewhere; true of every one where nobody looked. */
  asks(field: string): boolean;
  /**
   * The fields that it may ask of a type, if any, or of what a field of a type holds ("Reward.amount"): then they may be read
   * before they are asked for. null where nobody looked.
   */
  asksOf(type: string): ReadonlySet<string> | null;
  /** The request's one loader of that name; `batch` answers in the order of its keys. */
  loader<Key, Value>(
    name: string,
    batch: (keys: readonly Key[]) => Promise<Value[]>,
    keyOf?: (key: Key) => string,
  ): DataLoader<Key, Value, string>;
  /** By chain id. Of a past context its chain alone, as the chain is today. */
  chains(): Promise<ChainRow[]>;
  /**
   * Of the same. Taken from memory where the context may do so, while the rows are on their way: whoever lets it
   * (`rememberChains`) must ask `remembersRightly` before the answer counts.
   */
  chainIds(): Promise<readonly number[]>;
  rememberChains(): void;
  remembersRightly(): Promise<boolean>;
  /** Whether one statement was all that was asked of the database: then the next one like it may be asked alone. */
  askedOnce(): boolean;
}

/** `takeTurn` where the client has to wait for its turn at the database. */
export function openContext(program: Program, signal: AbortSignal, takeTurn?: TakeTurn): Context {
  const { pool, cancel, queryTimeoutMs } = program;
  const snapshot = openSnapshot(pool, { signal, cancel, takeTurn, limitMs: STATEMENT_TIMES * queryTimeoutMs }, CHAINS);
  let chains: Promise<ChainRow[]> | undefined;
  let mayRemember = false;
  let asksChains = false;
  let remembered: readonly number[] | undefined;
  const readOwnChains = () => {
    chains ??= snapshot.first<ChainRow>();
    return chains;
  };
  const context: Context = {
    program,
    signal,
    snapshot,
    at: null,
    pasts: null,
    asks: () => true,
    asksOf: () => null,
    loader: newLoaders(),
    chains() {
      asksChains = true;
      return readOwnChains();
    },
    async chainIds() {
      remembered ??= mayRemember ? program.chainIds : undefined;
      if (remembered) return remembered;
      program.chainIds = idsOf(await context.chains());
      return program.chainIds;
    },
    rememberChains() {
      mayRemember = true;
    },
    async remembersRightly() {
      if (snapshot.isCrowded()) return false;
      if (!remembered) return true;
      const alone = snapshot.chainIds();
      if (alone !== undefined) return alone === remembered.join();
      // What failed says nothing of the chains, and would fail again.
      if (snapshot.isLone()) return snapshot.asked() > 0;
      program.chainIds = idsOf(await readOwnChains());
      return program.chainIds.join() === remembered.join();
    },
    askedOnce: () => !asksChains && snapshot.asked() === 1,
    get now() {
      return context;
    },
  };
  return context;
}

/** The same request as of a block: in its snapshot, with loaders of its own. */
export function pastContext(now: Context, at: PastBlock): Context {
  return {
    ...now,
    now,
    at,
    pasts: null,
    // Its views look into the past at every row: they are read by keys alone.
    asksOf: () => null,
    snapshot: { ...now.snapshot, ...now.snapshot.before(at) },
    loader: newLoaders(),
    chains: async () => (await now.chains()).filter(({ chain_id }) => chain_id === at.chainId),
    chainIds: async () => (await now.chainIds()).filter((chainId) => chainId === at.chainId),
  };
}

function newLoaders(): Context['loader'] {
  const loaders = new Map<string, unknown>();
  return <Key, Value>(
    name: string,
    batch: (keys: readonly Key[]) => Promise<Value[]>,
    keyOf: (key: Key) => string = String,
  ) => {
    let loader = loaders.get(name) as DataLoader<Key, Value, string> | undefined;
    if (!loader) {
      loader = new DataLoader<Key, Value, string>(batch, { cacheKeyFn: keyOf });
      loaders.set(name, loader);
    }
    return loader;
  };
}

const CHAINS = `
    select chain_id, name, native_symbol, native_decimals, start_block, genesis_hash,
      indexed_number, indexed_hash, indexed_timestamp, head_number, head_hash, head_timestamp,
      safe_number, safe_hash, safe_timestamp, finalized_number, finalized_hash, finalized_timestamp,
      verified_to, undecoded_logs, reorgs, deepest_reorg, events_per_second,
      extract(epoch from now() - seen_at)::double precision as unseen_seconds, warnings, error,
      (select count(*)::integer from deferred_index) as deferred_indexes,
      'reward'::regclass::oid::text as tables, next - 1 as position, ${LAST_STAMP} as stamp
    from chain
    cross join change_position
    order by chain_id`;

function idsOf(chains: readonly ChainRow[]): number[] {
  return chains.map(({ chain_id }) => chain_id);
}

/** The rows of `chain`, by id. */
export function readChains(query: (statement: string) => Promise<ChainRow[]>): Promise<ChainRow[]> {
  return query(CHAINS);
}
