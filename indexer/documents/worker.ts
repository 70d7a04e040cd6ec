import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Queues } from '../../db/queue';
import { AppError, messageOf } from '../../schema/appError';
import {
  announceMetadata,
  type DocumentKey,
  type DueDocument,
  dueDocuments,
  openDocument,
  saveFailedDocument,
  saveFetchedDocument,
  saveRefusedDocument,
  saveWaitingDocuments,
} from './documentRows';
import { type FetchOptions, fetchDocument, noGateway } from './fetchDocument';
import { parseGateway } from './ipfsGateway';
import { publicWeb, type Reach } from './reach';
import { documentRetries, jobOptionsOf, type RetryPlan, tokenRetries } from './retryPlan';
import { sourceOf, startSweep } from './sweep';
import { openTokenChain, type TokenChainConfig } from './tokenChain';
import { dueTokens, openToken, saveFailedToken, saveFetchedToken, type TokenKey } from './tokenRows';
import { unlessAborted } from './unlessAborted';

export interface DocumentWorkerOptions {
  network: { chains: readonly TokenChainConfig[] };
  pool: Pool;
  queues: Queues;
  /** IPFS_GATEWAY. */
  ipfsGateway?: string;
  log: Logger;
  /** For tests alone, which serve documents on this machine. */
  reach?: Reach;
  /** For tests alone, which don't wait for hours. */
  retries?: { documents: RetryPlan; tokens: RetryPlan };
}

const timeoutMs = 10_000;
const closeLimitMs = 3_000;
const concurrency = { documents: 8, tokens: 4 };

/**
 * Metadata documents and token data: what rows say about the world outside the chain. Rows come pending from the
 * indexer; the sweep makes jobs of them, the jobs fetch, and every arrival counts metadata_counter up and notifies
 * `flywheel_metadata`. Any number of processes may run this.
 * @throws AppError CONFIG for an IPFS_GATEWAY that is not a URL.
 */
export function startDocumentWorker(options: DocumentWorkerOptions): { close(): Promise<void> } {
  const { network, pool, queues, ipfsGateway, log, reach = publicWeb } = options;
  const plans = options.retries ?? { documents: documentRetries, tokens: tokenRetries };
  const gateway = ipfsGateway ? parseGateway(ipfsGateway) : undefined;
  const chains = new Map(network.chains.map((chain) => [chain.chainId, openTokenChain(chain, timeoutMs)]));
  const closing = new AbortController();
  const fetching: FetchOptions = { gateway, reach, timeoutMs, signal: closing.signal };

  async function documentJob(key: DocumentKey): Promise<void> {
    const row = await openDocument(pool, key);
    if (!row) return;
    const outcome = await fetchDocument(row.uri, `0x${key.hash}`, fetching);
    switch (outcome.state) {
      case 'fetched':
        await saveFetchedDocument(pool, key, outcome.metadata);
        return announceMetadata(pool);
      case 'refused':
        log.info({ document: key.hash, reason: outcome.reason }, 'document refused');
        return saveRefusedDocument(pool, key, outcome.reason);
      case 'waiting':
        return saveWaitingDocuments(pool, [key], outcome.reason);
      case 'failed':
        log.debug({ document: key.hash, reason: outcome.reason }, 'document not fetched');
        if ((await saveFailedDocument(pool, key, outcome.reason, plans.documents)) === 'failed') {
          throw new AppError('RETRY', outcome.reason);
        }
    }
  }

  async function tokenJob(key: TokenKey): Promise<void> {
    const chain = chains.get(key.chainId);
    const row = chain && (await openToken(pool, key));
    if (!row) return;
    try {
      const data = await unlessAborted(chain.read(`0x${key.address}`, row.indexedNumber), closing.signal);
      await saveFetchedToken(pool, key, data);
    } catch (error) {
      closing.signal.throwIfAborted();
      log.debug({ reason: messageOf(error) }, 'token data not fetched');
      await saveFailedToken(pool, key);
      throw error;
    }
    await announceMetadata(pool);
  }

  // A failed job leaves at once, so that the sweep can give its id again.
  const defaults = { removeOnComplete: true, removeOnFail: true };
  const withoutGateway = (rows: DueDocument[]) => (gateway ? [] : rows.filter(({ ipfs }) => ipfs));
  const documentQueue = queues.queue<DocumentKey>('documents', defaults);
  const documents = sourceOf<DocumentKey>({
    name: 'documents',
    addBulk: (jobs) => documentQueue.addBulk(jobs),
    async due(limit, late) {
      const which = { limit, late, plan: plans.documents, withGateway: gateway !== undefined };
      let rows = await dueDocuments(pool, which);
      // Without a gateway there is nothing to do for these, and jobs that find that out one by one cost milliseconds each.
      for (let aside = withoutGateway(rows); aside.length > 0; aside = withoutGateway(rows)) {
        await saveWaitingDocuments(pool, aside, noGateway);
        rows = await dueDocuments(pool, which);
      }
      return rows.map(({ hash, uriDigest, attempts }) => ({
        id: `document-${hash}-${uriDigest}`,
        data: { hash, uriDigest },
        options: jobOptionsOf(plans.documents, attempts),
      }));
    },
  });
  const tokenQueue = queues.queue<TokenKey>('tokens', defaults);
  const tokens = sourceOf<TokenKey>({
    name: 'tokens',
    addBulk: (jobs) => tokenQueue.addBulk(jobs),
    async due(limit, late) {
      const rows = await dueTokens(pool, { limit, late, plan: plans.tokens, chainIds: [...chains.keys()] });
      return rows.map(({ chainId, address, attempts }) => ({
        id: `token-${chainId}-${address}`,
        data: { chainId, address },
        options: jobOptionsOf(plans.tokens, attempts),
      }));
    },
  });
  const workers = [
    queues.worker<DocumentKey>('documents', (job) => documentJob(job.data), { concurrency: concurrency.documents }),
    queues.worker<TokenKey>('tokens', (job) => tokenJob(job.data), { concurrency: concurrency.tokens }),
  ];
  const sweep = startSweep({ pool, sources: [documents, tokens], log });
  // Whoever was killed between an arrival and its announcement is made good here.
  const announced = announceMetadata(pool).catch((error) => log.warn({ reason: messageOf(error) }, 'not announced'));
  return {
    async close() {
      closing.abort(new AppError('RETRY', 'the worker is closing'));
      const closed = Promise.all([announced, sweep.close(), ...workers.map((worker) => worker.close())]);
      closed.catch((error) => log.warn({ reason: messageOf(error) }, 'the document worker did not close well'));
      // Jobs have heard the signal; a store that does not answer must not hold up the rest of the program.
      await Promise.race([closed, delay(closeLimitMs, undefined, { ref: false })]);
      for (const chain of chains.values()) chain.close();
    },
  };
}
