import type { ChainRow } from './context';
import { type Block, finalityOf } from './types/block';
import type { ChainStatus } from './types/chainStatus';

/** A follower says at least every ten seconds that it is there. */
const UNSEEN_LIMIT_S = 60;

export function chainStatusOf(chain: ChainRow): ChainStatus {
  return {
    chainId: chain.chain_id,
    name: chain.name,
    head: mark(chain, 'head'),
    indexed: mark(chain, 'indexed'),
    safe: mark(chain, 'safe'),
    finalized: mark(chain, 'finalized'),
    blocksBehind: blocksBehind(chain),
    progress: progressOf(chain),
    eventsPerSecond: chain.events_per_second,
    reorgs: chain.reorgs,
    deepestReorg: chain.deepest_reorg,
    undecodedLogs: Number(chain.undecoded_logs),
    verifiedTo: chain.verified_to === null ? null : Number(chain.verified_to),
    warnings: chain.warnings,
    error: chain.error,
  };
}

/**
 * What keeps the API from being ready, in sentences.
 * @param chainIds of the chains that are to be ready; undefined: those of the database. One that was taken out of the
 * network file keeps its rows, and nobody follows it.
 */
export function missingFrom(chains: readonly ChainRow[], chainIds: readonly number[] | undefined): string[] {
  if (!chainIds) {
    if (chains.length === 0) return ['no chain has been indexed yet'];
    return chains.flatMap((chain) => missingOf(chain, OR_TAKEN_OUT) ?? []);
  }
  const rows = new Map(chains.map((chain) => [chain.chain_id, chain]));
  return chainIds.flatMap((chainId) => {
    const chain = rows.get(chainId);
    return (chain ? missingOf(chain) : `chain ${chainId} has not been indexed yet`) ?? [];
  });
}

const OR_TAKEN_OUT = '; if it was taken out of the network file, start the API with NETWORKS set to that file';

/**
 * What keeps a chain from being ready, as a sentence; null where nothing does. The head is noted together with the blocks
 * up to it, so a chain that is followed is at its head; one that is even a block behind hasn't read all of its history.
 */
export function missingOf(chain: ChainRow, unlessFollowed = ''): string | null {
  const name = `chain ${chain.chain_id} (${chain.name})`;
  if (chain.error !== null) return `${name} stands still: ${chain.error}`;
  const behind = blocksBehind(chain);
  if (chain.indexed_number === null || behind === null) return `${name} has not been indexed yet`;
  if (behind > 0) {
    return `${name} is ${behind} ${behind === 1 ? 'block' : 'blocks'} behind its head (${(100 * progressOf(chain)).toFixed(1)} % of history indexed)`;
  }
  if (chain.deferred_indexes > 0) return `${name} is indexed; indexes left to build: ${chain.deferred_indexes}`;
  if (chain.unseen_seconds > UNSEEN_LIMIT_S) {
    return `no indexer has looked at ${name} for ${Math.round(chain.unseen_seconds)} s: what it answers may be old${unlessFollowed}`;
  }
  return null;
}

function mark(chain: ChainRow, name: 'head' | 'indexed' | 'safe' | 'finalized'): Block | null {
  const [number, hash, timestamp] = [chain[`${name}_number`], chain[`${name}_hash`], chain[`${name}_timestamp`]];
  if (number === null || hash === null || timestamp === null) return null;
  return {
    chainId: chain.chain_id,
    number: Number(number),
    hash,
    timestamp,
    finality: () => finalityOf(chain, number),
  };
}

function blocksBehind({ head_number: head, indexed_number: indexed }: ChainRow): number | null {
  if (head === null || indexed === null) return null;
  return head > indexed ? Number(head - indexed) : 0;
}

function progressOf({ start_block: start, head_number: head, indexed_number: indexed }: ChainRow): number {
  if (indexed === null || head === null) return 0;
  if (head <= start) return 1;
  return Math.min(1, Math.max(0, Number(indexed - start) / Number(head - start)));
}
