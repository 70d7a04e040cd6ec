import { keccak256 } from 'ethers';
import { AppError, messageOf } from '../../schema/appError';
import { readDataUri } from './dataUri';
import { download } from './download';
import { gatewayUrl } from './ipfsGateway';
import { type Metadata, parseMetadata } from './parseMetadata';
import type { Reach } from './reach';
import { tooLarge } from './responseBody';
import { unlessAborted } from './unlessAborted';

export interface FetchOptions {
  /** IPFS_GATEWAY; without it ipfs:// documents wait. */
  gateway?: URL;
  reach: Reach;
  timeoutMs: number;
  /** The program is closing. */
  signal: AbortSignal;
}

export type DocumentOutcome =
  | { state: 'fetched'; metadata: Metadata }
  /** Never will be. */
  | { state: 'refused'; reason: string }
  /** May be better next time. */
  | { state: 'failed'; reason: string }
  /** For a gateway to be configured: no attempt was made. */
  | { state: 'waiting'; reason: string };

export const noGateway = 'ipfs:// documents are fetched through a gateway, and IPFS_GATEWAY is not set';

export const maxDocumentBytes = 256 * 1024;

/**
 * Fetches, checks the hash, reads. Only data: is refused for another hash: what https: and ipfs: answer is the word of
 * a server, which may have had a bad day.
 * @param hash metadataHash, lower-case hex
 * @throws only when `signal` aborts
 */
export async function fetchDocument(uri: string, hash: string, options: FetchOptions): Promise<DocumentOutcome> {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(uri)?.[1]?.toLowerCase();
  if (scheme === 'ipfs' && !options.gateway) return { state: 'waiting', reason: noGateway };
  try {
    const { bodies, charset } = scheme === 'data' ? readDataUri(uri) : await fetchBody(uri, scheme, options);
    if (bodies.some((body) => body.length > maxDocumentBytes)) throw tooLarge(maxDocumentBytes);
    const body = bodies.find((candidate) => keccak256(candidate) === hash);
    if (!body) {
      const reason = `keccak256 of the document is ${keccak256(bodies[0]!)}, not its metadataHash`;
      return { state: scheme === 'data' ? 'refused' : 'failed', reason };
    }
    return { state: 'fetched', metadata: parseMetadata(body, charset) };
  } catch (error) {
    options.signal.throwIfAborted();
    return {
      state: error instanceof AppError && error.code === 'STOP' ? 'refused' : 'failed',
      reason: messageOf(error),
    };
  }
}

/** Of an https: answer the charset is not believed: the header is not under the hash, and JSON is UTF-8. */
async function fetchBody(uri: string, scheme: string | undefined, options: FetchOptions) {
  const { gateway, reach, timeoutMs, signal } = options;
  const url = scheme === 'ipfs' && gateway ? gatewayUrl(gateway, uri) : parseUrl(uri);
  const timeout = new AbortController();
  const onAbort = (): void => timeout.abort();
  const timer = setTimeout(onAbort, timeoutMs);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    signal.throwIfAborted();
    const work = download(url, {
      reach,
      trustedOrigin: scheme === 'ipfs' ? gateway?.origin : undefined,
      limitBytes: maxDocumentBytes,
      signal: timeout.signal,
    });
    const body = await unlessAborted(work, timeout.signal);
    return { bodies: [body], charset: 'utf-8' };
  } catch (cause) {
    if (cause instanceof AppError && cause.code === 'STOP') throw cause;
    if (timeout.signal.aborted) throw new AppError('RETRY', `no whole answer within ${timeoutMs} ms`, { cause });
    throw cause;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

function parseUrl(uri: string): URL {
  if (uri.length > 8192 || !URL.canParse(uri)) throw new AppError('STOP', 'the metadataURI is not a URL');
  return new URL(uri);
}
