import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { AppError, messageOf } from '../../schema/appError';
import type { ChainConfig } from '../../schema/networkFile';
import { HISTORY_DEPTH } from '../follow/planNext';
import { ChainSource } from '../rpc/chainSource';
import { isFinalized, nextToAudit, noteVerified } from '../store/auditRows';
import { type BlockRange, levelWanted, verifiedLevels } from '../store/blockRange';
import { auditRange, Contradiction } from './auditRange';
import type { Repairs } from './repairs';
import { RequestBudget } from './requestBudget';
import type { Warnings } from './warnings';

export interface Audit {
  chain: ChainConfig;
  addresses: readonly string[];
  epoch: bigint;
  pool: Pool;
  repairs: Repairs;
  warnings: Warnings;
  log: Logger;
  /** Ends it. */
  signal: AbortSignal;
}

/** Between two looks for stored ranges that are not proven yet, and after an endpoint that didn't answer. */
const IDLE_MS = 1_000;
const RETRY_MS = 10_000;
/**
 * What can't be verified now may be in a moment, where a node lied once, or with another endpoint or a newer version: no
 * reason to ask often.
 */
const FIRST_UNVERIFIABLE_MS = 2_000;
const LAST_UNVERIFIABLE_MS = 300_000;

/**
 * Where the audit stands. The oldest range that isn't proven is tried now and then, as verifiedTo waits for it; between
 * that, the audit goes on behind it, so that one range that can't be verified hides no other.
 */
interface Place {
  /** Where it goes on while the oldest waits. */
  fromBlock: number;
  /** It came to the end, and comes round again with the next try of the oldest. */
  isThrough: boolean;
  oldestAtMs: number;
  oldestWaitMs: number;
}

/**
 * Proves what is stored of history, oldest first, within the request budget of the chain. chain.verified_to follows; what
 * is found wrong is left to the follower to repair. Ends when the signal aborts.
 */
export async function auditChain(audit: Audit): Promise<void> {
  const { chain, signal, log } = audit;
  if (chain.verify.history === 'off') return;
  const budget = new RequestBudget(chain.verify.requestsPerSecond, signal);
  const source = new ChainSource(chain, { budget, warnings: audit.warnings });
  const closing = () => void source.close();
  signal.addEventListener('abort', closing, { once: true });
  const place: Place = { fromBlock: 0, isThrough: false, oldestAtMs: 0, oldestWaitMs: FIRST_UNVERIFIABLE_MS };
  try {
    while (!signal.aborted) {
      const waitMs = await auditNext(audit, source, budget, place).catch((error) => {
        if (!signal.aborted) log.debug({ chain: chain.chainId, err: messageOf(error) }, 'the audit waits');
        return error instanceof AppError ? IDLE_MS : RETRY_MS;
      });
      if (waitMs > 0) await delay(waitMs, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    signal.removeEventListener('abort', closing);
    await source.close();
  }
}

/** @returns how long to wait before the next, ms */
async function auditNext(audit: Audit, source: ChainSource, budget: RequestBudget, place: Place): Promise<number> {
  const { chain, addresses, epoch, pool, repairs, warnings, log, signal } = audit;
  const { chainId, verify } = chain;
  const wanted = levelWanted(verify);
  // What halted the chain is looked at again before anything else.
  const isOldest = !repairs.halted && performance.now() >= place.oldestAtMs;
  const range = await nextToAudit(pool, chainId, wanted, HISTORY_DEPTH, isOldest ? 0 : place.fromBlock);
  if (!range) {
    place.isThrough = true;
    repairs.halted = undefined;
    return IDLE_MS;
  }
  const at = { chain: chainId, fromBlock: range.fromBlock, toBlock: range.toBlock };
  const unverifiable = (why: string): number => {
    const next = range.toBlock + 1;
    if (!isOldest) {
      place.fromBlock = next;
      return 0;
    }
    place.fromBlock = place.isThrough ? next : Math.max(place.fromBlock, next);
    place.isThrough = false;
    place.oldestAtMs = performance.now() + place.oldestWaitMs;
    place.oldestWaitMs = Math.min(2 * place.oldestWaitMs, LAST_UNVERIFIABLE_MS);
    warnings.add(
      'audit',
      `Blocks ${range.fromBlock} to ${range.toBlock} can't be verified: ${why}. verifiedTo stays below them; that no log ` +
        'of them is missing rests on the word of the endpoint.',
    );
    return 0;
  };
  try {
    const history = verify.history === 'receipts' ? 'receipts' : 'bloom';
    const result = await auditRange(range, { source, addresses, history, batch: budget.batch });
    repairs.halted = undefined;
    if (result.kind === 'unverifiable') return unverifiable(result.why);
    if (result.kind === 'wrong') {
      log.warn({ ...at, blocks: result.blocks }, 'the stored logs are not those of the chain: repairing');
      const ancestor = await blockBefore(source, range);
      await repairs.offer({ ancestor, range: result.range }, signal);
      return 0;
    }
    if (verifiedLevels[result.verified] < verifiedLevels[wanted]) {
      return unverifiable('no endpoint has the receipts of whole blocks, and the network file asks for them');
    }
    if (isOldest) {
      warnings.remove('audit');
      place.oldestWaitMs = FIRST_UNVERIFIABLE_MS;
    }
    await noteVerified(pool, chainId, epoch, range, result.verified, wanted);
    return 0;
  } catch (error) {
    if (!(error instanceof Contradiction) || signal.aborted) throw error;
    if (await isAlone(source, error)) {
      source.turnFrom(source.inUse);
      return IDLE_MS;
    }
    // A deep fork, where nothing is known to be final: the follower finds it with the next block.
    if (!(await isFinalized(pool, chainId, error.number))) return IDLE_MS;
    log.error({ ...at, err: error.message }, 'the chain is another one than was indexed');
    repairs.halted = error;
    place.fromBlock = range.fromBlock;
    return RETRY_MS;
  }
}

async function blockBefore(source: ChainSource, { fromBlock, parentHash }: BlockRange) {
  const number = fromBlock - 1;
  // Before the first block there is nothing; the rewind takes all.
  if (number < 0) return { number, hash: parentHash, parentHash, timestamp: 0 };
  const [header] = await source.headers([number]);
  if (header?.hash !== parentHash)
    throw new AppError('RETRY', `the endpoint doesn't show block ${number} ${parentHash}`);
  return header;
}

/** Whether another endpoint has our block: then the one that contradicts is wrong, not what is indexed. */
async function isAlone(source: ChainSource, { number, ours }: Contradiction): Promise<boolean> {
  const answers = await source.headersOfEach([number]);
  return answers.some(({ headers }) => headers[0]?.hash === ours);
}
