import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Queues } from '../db/queue';
import { AppError, messageOf } from '../schema/appError';
import { ContractSet } from '../schema/contractSet';
import type { ChainConfig, NetworkFile } from '../schema/networkFile';
import { profiles } from '../schema/profiles';
import { BlocksAhead } from './follow/blocksAhead';
import { followChain } from './follow/followChain';
import type { ChainFollower } from './follow/follower';
import { RangeQueue } from './ranges/rangeQueue';
import { ChainSource, type ChainSourceOptions } from './rpc/chainSource';
import { pruneChanges } from './store/changes';
import { noteError, noteGenesis, readCheckpoint, readGenesis, registerChain } from './store/checkpoint';
import { readColumnTypes } from './store/columnTypes';
import { ensureEventTypes } from './store/eventTypes';
import { type Indexed, isSameIndex, readIndexed } from './store/indexed';
import { type Leadership, tryToLead } from './store/leadership';
import { outdatedRows } from './store/outdatedRows';
import { resetChain } from './store/resetChain';
import { StoredHistory } from './store/storedHistory';
import { auditChain } from './verify/audit';
import { Repairs } from './verify/repairs';

export interface IndexerOptions {
  network: NetworkFile;
  pool: Pool;
  databaseUrl: string;
  queues: Queues;
  log: Logger;
  /** How long the log of changes is kept; default 7 days. */
  changesRetentionMs?: number;
  /** How endpoints are asked. */
  rpc?: ChainSourceOptions;
}

/**
 * After a lost connection at once, then ever more rarely: while another one leads, or the database is away or full. A
 * lead that lasted begins anew.
 */
const FIRST_LEAD_AGAIN_MS = 100;
const LAST_LEAD_AGAIN_MS = 1_000;
const LASTED_MS = 5_000;
const PRUNE_EVERY_MS = 60_000;
const DAY_MS = 86_400_000;
const OUTDATED = 'rows of another release';

/** So long the nodes have to show that they are of another chain before anything is written; later they are refused too. */
const PROOF_LIMIT_MS = 5_000;

/**
 * Follows every chain of the network file, each by one leader over all processes. A chain whose nodes don't answer waits
 * for them, and its status says so; the others go on.
 * @throws AppError CONFIG when an endpoint is of another chain or of one with another genesis; nothing is written then
 */
export async function startIndexer(options: IndexerOptions): Promise<{ close(): Promise<void> }> {
  const { network, pool, log, changesRetentionMs = 7 * DAY_MS } = options;
  const stop = new AbortController();
  const sources = new Map(network.chains.map((chain) => [chain.chainId, new ChainSource(chain, options.rpc)]));
  try {
    await Promise.all(
      network.chains.map((chain) => refuseOtherChain(pool, chain, sources.get(chain.chainId) as ChainSource)),
    );
  } catch (error) {
    await Promise.all([...sources.values()].map((source) => source.close()));
    throw error;
  }
  const loops = network.chains.map((chain) =>
    leadAndFollow(options, chain, sources.get(chain.chainId) as ChainSource, stop.signal),
  );
  loops.push(pruneLoop(pool, changesRetentionMs, log, stop.signal));
  return {
    async close() {
      stop.abort();
      // First: a call to a node that hangs would hold the loops.
      await Promise.all([...sources.values()].map((source) => source.close()));
      await Promise.all(loops);
    },
  };
}

/**
 * The hash of block 0, where a node keeps it; no endpoint is believed that shows another one than was indexed before.
 * @throws AppError CONFIG when no endpoint shows ours
 */
async function provenGenesis(pool: Pool, chain: ChainConfig, source: ChainSource): Promise<string | undefined> {
  const known = await readGenesis(pool, chain.chainId);
  if (known) source.expectGenesis(known);
  return source.genesis();
}

async function refuseOtherChain(pool: Pool, chain: ChainConfig, source: ChainSource): Promise<void> {
  const proof = provenGenesis(pool, chain, source).catch((error) => {
    if (error instanceof AppError && error.code === 'RETRY') return undefined;
    throw error;
  });
  // What comes after the limit is the follower's to hear, which asks again.
  proof.catch(() => undefined);
  await Promise.race([proof, delay(PROOF_LIMIT_MS, undefined, { ref: false })]);
}

async function leadAndFollow(
  options: IndexerOptions,
  chain: ChainConfig,
  source: ChainSource,
  signal: AbortSignal,
): Promise<void> {
  const { databaseUrl, queues, log } = options;
  const contracts = new ContractSet(chain.contracts, profiles);
  const heads = new HeadWaiter(source, chain.pollMs, signal);
  const ranges = new RangeQueue(queues, chain);
  let againMs = FIRST_LEAD_AGAIN_MS;
  let said = '';
  let seen: Indexed | undefined;
  while (!signal.aborted) {
    let leadership: Leadership | undefined;
    const startedAt = performance.now();
    try {
      await registerChain(options.pool, chain);
      seen ??= await readIndexed(options.pool, chain.chainId);
      leadership = await tryToLead(databaseUrl, chain.chainId);
      if (leadership) {
        const { client } = leadership;
        await resetIfContractsChanged(leadership, chain, seen ?? chain, log);
        seen = chain;
        await sayOutdated(leadership, chain, contracts, source, log);
        const genesis = await provenGenesis(options.pool, chain, source);
        if (genesis) await noteGenesis(client, chain.chainId, genesis);
        const eventTypeIds = await ensureEventTypes(client, contracts.eventTypes);
        const columnTypes = await readColumnTypes(client);
        const context = { chainId: chain.chainId, contracts, eventTypeIds, columnTypes };
        const history = new StoredHistory(options.pool, context);
        const ahead = new BlocksAhead(source, context);
        const nextHead = () => heads.next();
        const { pool } = options;
        const led = {
          chain,
          contracts,
          eventTypeIds,
          source,
          ranges,
          history,
          ahead,
          pool,
          leadership,
          log,
          signal,
          nextHead,
        };
        await followAndAudit({ ...led, repairs: new Repairs() });
      }
    } catch (error) {
      if (!signal.aborted) {
        // Nodes that are away are asked again every second: that is worth one line, not one a second.
        if (messageOf(error) !== said)
          log.warn({ chain: chain.chainId, err: messageOf(error) }, 'the follower starts again');
        said = messageOf(error);
        // Of a lost lead or connection there is nothing to say, and no connection to say it over.
        if (leadership) await noteFailure(leadership, chain, error).catch(() => undefined);
      }
    } finally {
      await leadership?.close().catch(() => undefined);
    }
    if (performance.now() - startedAt > LASTED_MS) againMs = FIRST_LEAD_AGAIN_MS;
    await delay(againMs, undefined, { signal }).catch(() => undefined);
    againMs = Math.min(2 * againMs, LAST_LEAD_AGAIN_MS);
  }
}

/** The audit of history runs beside the follower, and no longer than it leads. */
async function followAndAudit(follower: ChainFollower): Promise<void> {
  const { chain, contracts, source, pool, leadership, repairs, log } = follower;
  const ended = new AbortController();
  const signal = AbortSignal.any([follower.signal, ended.signal]);
  const { addresses } = contracts;
  const { epoch } = leadership;
  const audited = auditChain({ chain, addresses, epoch, pool, repairs, warnings: source.warnings, log, signal });
  try {
    await followChain(follower);
  } finally {
    ended.abort();
    follower.history.forget();
    follower.ahead.forget();
    await audited;
  }
}

/** Why the chain stands still, unless another indexer goes on with it. */
async function noteFailure({ client, epoch }: Leadership, { chainId }: ChainConfig, error: unknown): Promise<void> {
  const { rows } = await client.query<{ epoch: bigint }>('select epoch from chain where chain_id = $1', [chainId]);
  if (rows[0]?.epoch === epoch) await noteError(client, chainId, messageOf(error));
}

/**
 * Other contracts than were indexed: what they emitted before must be read, so the chain starts anew.
 * @param seen what was indexed when this process looked last
 * @throws AppError STOP when it was changed since, by an indexer that began later or led in between: of two releases that
 * run side by side for a while, each would undo what the other reads
 */
async function resetIfContractsChanged(
  { client }: Leadership,
  chain: ChainConfig,
  seen: Indexed,
  log: Logger,
): Promise<void> {
  const now = await readCheckpoint(client, chain.chainId);
  if (isSameIndex(now, chain)) return;
  if (!isSameIndex(now, seen)) {
    const what = `chain ${chain.chainId} is indexed by another network file than that of this indexer`;
    throw new AppError('STOP', `${what}, since after this one began: start it again if this one's is to be followed`);
  }
  log.warn({ chain: chain.chainId }, 'the contracts of the network file changed: indexing the chain anew');
  await resetChain(client, chain.chainId, chain.contracts, chain.startBlock);
}

/** Rows that a release with other decoders wrote stay as they are until somebody makes them anew. */
async function sayOutdated(
  { client }: Leadership,
  { chainId }: ChainConfig,
  contracts: ContractSet,
  { warnings }: ChainSource,
  log: Logger,
): Promise<void> {
  const outdated = await outdatedRows(client, chainId, contracts);
  if (!outdated) return warnings.remove(OUTDATED);
  warnings.add(OUTDATED, outdated);
  log.warn({ chain: chainId }, outdated);
}

async function pruneLoop(pool: Pool, retentionMs: number, log: Logger, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await delay(PRUNE_EVERY_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    const client = await pool.connect().catch(() => undefined);
    try {
      if (client) await pruneChanges(client, retentionMs);
    } catch (error) {
      log.warn({ err: messageOf(error) }, 'old changes could not be removed');
    } finally {
      client?.release();
    }
  }
}

/** Waits for a head: announced by an endpoint that pushes, or pollMs later. */
class HeadWaiter {
  private wake: () => void = () => undefined;
  /** Announced while nobody waited: a commit was under way. */
  private announced = false;

  constructor(
    source: ChainSource,
    private readonly pollMs: number,
    private readonly signal: AbortSignal,
  ) {
    source.onHead(() => {
      this.announced = true;
      this.wake();
    });
  }

  async next(): Promise<void> {
    if (!this.announced) {
      const waiting = new AbortController();
      const end = () => waiting.abort();
      this.wake = end;
      // Not AbortSignal.any: the signal that ends the indexer would keep a trace of each head that was waited for.
      this.signal.addEventListener('abort', end, { once: true });
      if (this.signal.aborted) end();
      await delay(this.pollMs, undefined, { signal: waiting.signal }).catch(() => undefined);
      this.signal.removeEventListener('abort', end);
    }
    this.announced = false;
  }
}
