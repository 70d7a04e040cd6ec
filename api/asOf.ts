import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import { firstPositionOf } from '../schema/position';
import { type BlockRow, hashedBlock, newestBlock } from './blocks';
import { toBytes } from './bytes';
import { type ChainRow, type Context, pastContext } from './context';
import { apiError, badUserInput } from './errors';
import { type Block, blockOfRow } from './types/block';
import type { BlockRef } from './types/blockRef';

/** A block as of which something is answered. */
export interface PastBlock {
  chainId: number;
  /** The block that was asked for. */
  number: number;
  /** The first position after it: what has a lower one is in the answer. */
  end: bigint;
  /**
   * The block itself, where we know it. Of long final blocks without our logs no hash is kept: then it is the newest
   * known one before it, after which nothing of ours happened.
   */
  block: BlockRow;
}

const GENESIS_HASH = Buffer.alloc(32);
const FIRST_PAUSE_MS = 20;
const LAST_PAUSE_MS = 250;
const UNKNOWN_HASH =
  'A reorg removed it, or it is long final and without events, and has to be asked for by its number.';

/**
 * The context in which an `asOf` is answered: its queries see one chain up to that block. Without asOf the same context.
 * A root field that declares asOf is given this context already (api/asOfFields.ts), for which this answers itself.
 * @param chainId as far as the field's other arguments say one; null: the only one that is indexed; 'of its hash': no
 * argument of the field could say one, so it is the one that has a block with this hash
 * @throws BAD_USER_INPUT for a block above the indexed head, no or several chains, or another number of fields than one;
 * CURSOR_STALE for a hash that is not in the chain; QUERY_TIMEOUT for a minNumber that is not indexed in time
 */
export async function contextAt(
  context: Context,
  asOf: BlockRef | null | undefined,
  chainId: number | null | 'of its hash',
): Promise<Context> {
  if (!asOf || context.at) return context;
  const ref = refOf(asOf);
  const chains = await context.chains();
  const chain =
    chainId === 'of its hash' && ref.by === 'hash' && chains.length > 1
      ? await chainOfHash(context, chains, ref.hash)
      : chainOf(chains, chainId);
  const indexed = chain.indexed_number === null ? -1 : Number(chain.indexed_number);
  if (ref.by === 'minNumber') {
    if (ref.number > indexed) {
      throw apiError(
        'QUERY_TIMEOUT',
        `asOf.minNumber: block ${ref.number} of chain ${chain.chain_id} is not indexed yet, the newest is ${indexed}. Ask again.`,
      );
    }
    // Of a single chain, its newest state is the newest state.
    return chains.length === 1 ? context : contextBefore(context, chain, indexed);
  }
  if (ref.by === 'number') {
    if (ref.number > indexed) {
      throw badUserInput('asOf.number', `block ${ref.number} is above the indexed head of chain ${chain.chain_id}`);
    }
    return contextBefore(context, chain, ref.number);
  }
  const block = await hashedBlock(context, chain.chain_id, ref.hash);
  if (!block || Number(block.number) > indexed) {
    throw apiError(
      'CURSOR_STALE',
      `asOf.hash: no block of chain ${chain.chain_id} is known by this hash. ${UNKNOWN_HASH}`,
    );
  }
  return contextBefore(context, chain, Number(block.number));
}

/** For an answer that says as of when it is: the block of a past context, or the chain's newest indexed one. */
export async function answeredAsOf(context: Context, chainId: number): Promise<Block> {
  if (context.at) return blockOfRow(context, context.at.block);
  const chain = (await context.chains()).find(({ chain_id }) => chain_id === chainId);
  return blockOfRow(
    context,
    chain ? await newestOf(context, chain, Number(chain.indexed_number ?? 0)) : genesis(chainId),
  );
}

async function contextBefore(context: Context, chain: ChainRow, number: number): Promise<Context> {
  const block = await newestOf(context, chain, number);
  return pastContext(context, { chainId: chain.chain_id, number, end: firstPositionOf(number + 1), block });
}

async function newestOf(context: Context, chain: ChainRow, number: number): Promise<BlockRow> {
  const found = await newestBlock(context, chain.chain_id, number);
  return found ?? { ...genesis(chain.chain_id), hash: chain.genesis_hash ?? GENESIS_HASH };
}

function genesis(chainId: number): BlockRow {
  return { chain_id: chainId, number: 0n, hash: GENESIS_HASH, timestamp: 0n };
}

type Ref = { by: 'number'; number: number } | { by: 'minNumber'; number: number } | { by: 'hash'; hash: Buffer };

function refOf({ number, hash, minNumber }: BlockRef): Ref {
  const given = [number, hash, minNumber].filter((value) => value !== null && value !== undefined);
  if (given.length !== 1) throw badUserInput('asOf', 'expected exactly one of number, hash and minNumber');
  if (hash !== null && hash !== undefined) {
    if (hash.length !== 66) throw badUserInput('asOf.hash', 'expected the hash of a block, 32 bytes');
    return { by: 'hash', hash: toBytes(hash) };
  }
  const by = number === null || number === undefined ? 'minNumber' : 'number';
  const wanted = (number ?? minNumber) as number;
  if (wanted < 0) throw badUserInput(`asOf.${by}`, 'must not be below 0');
  return { by, number: wanted };
}

function chainOf(chains: readonly ChainRow[], chainId: number | null | 'of its hash'): ChainRow {
  const [only, ...more] = chains;
  if (typeof chainId !== 'number') {
    if (only && more.length === 0) return only;
    throw badUserInput(
      'asOf',
      chainId === null
        ? 'several chains are indexed: say in chainId, or where.chainId, of which this block is'
        : 'several chains are indexed: name the block by its hash, which says of which it is',
    );
  }
  const chain = chains.find(({ chain_id }) => chain_id === chainId);
  if (!chain) throw badUserInput('asOf', `chain ${chainId} is not indexed`);
  return chain;
}

/** Forks of one chain share blocks: a hash of before they parted names none of them. */
async function chainOfHash(context: Context, chains: readonly ChainRow[], hash: Buffer): Promise<ChainRow> {
  const blocks = await Promise.all(chains.map(({ chain_id }) => hashedBlock(context, chain_id, hash)));
  const [only, ...more] = chains.filter((_, i) => blocks[i]);
  if (!only) throw apiError('CURSOR_STALE', `asOf.hash: no block of any chain is known by this hash. ${UNKNOWN_HASH}`);
  if (more.length > 0) throw badUserInput('asOf.hash', 'several chains have this block: ask as of a later one');
  return only;
}

/** A block that a `minNumber` names; chainId null: of the only chain. */
export interface WantedBlock {
  chainId: number | null;
  number: number;
}

/**
 * Waits until all these blocks are indexed, as the pool's database has it: a replica may be behind. Gives up at the time
 * limit of a query. For Snapshot.holdBack: a snapshot that has begun would not see them.
 */
export async function untilIndexed(
  { pool, queryTimeoutMs }: { pool: Pool; queryTimeoutMs: number },
  wanted: readonly WantedBlock[],
  signal: AbortSignal,
): Promise<void> {
  const end = performance.now() + queryTimeoutMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LAST_PAUSE_MS)) {
    const { rows } = await pool.query<{ chain_id: number; indexed: bigint }>(
      'select chain_id, coalesce(indexed_number, -1) as indexed from chain',
    );
    const isMissing = ({ chainId, number }: WantedBlock) => {
      const chain = rows.find(({ chain_id }) => chain_id === (chainId ?? (rows.length === 1 ? chain_id : null)));
      return chain !== undefined && chain.indexed < BigInt(number);
    };
    if (!wanted.some(isMissing) || performance.now() + pauseMs > end || signal.aborted) return;
    await delay(pauseMs, undefined, { ref: false });
    // Meanwhile the pool may have ended, too.
    if (signal.aborted) return;
  }
}
