import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { urlToHttpOptions } from 'node:url';
import { AppError } from '../../schema/appError';
import type { Reach } from './reach';
import { responseBody } from './responseBody';

export interface DownloadOptions {
  reach: Reach;
  /** The origin of the operator's own IPFS gateway: asked wherever it is, even in a private network. */
  trustedOrigin?: string;
  limitBytes: number;
  /** Ends the whole of it: names, connections, redirects, body. */
  signal: AbortSignal;
}

const maxRedirects = 3;
const redirects = new Set([301, 302, 303, 307, 308]);

/**
 * The body behind a URL that a stranger chose. Every hop is judged anew: the URL, then every address of its host; and
 * the connection goes to one of exactly those addresses, so that a name can't answer differently the second time.
 * @throws AppError STOP for what is never fetched (a forbidden target, too large, too many redirects); whatever else
 *   is thrown (no such name, no connection, a status other than 200) may be better next time.
 */
export async function download(start: URL, options: DownloadOptions): Promise<Buffer> {
  let url = start;
  for (let hop = 0; hop <= maxRedirects; hop += 1) {
    const response = await request(url, await lookupOf(url, options), options);
    const { statusCode = 0 } = response;
    if (statusCode === 200) return responseBody(response, options.limitBytes);
    response.destroy();
    const { location } = response.headers;
    if (!redirects.has(statusCode) || location === undefined) {
      throw new AppError('RETRY', `the server answered ${statusCode}`);
    }
    url = target(location, url);
  }
  throw new AppError('STOP', `more than ${maxRedirects} redirects`);
}

function target(location: string, from: URL): URL {
  try {
    return new URL(location, from);
  } catch (cause) {
    throw new AppError('RETRY', 'the server redirects to something that is not a URL', { cause });
  }
}

/** A lookup that knows only the addresses that were checked; undefined (the system's own) for the trusted gateway. */
async function lookupOf(
  url: URL,
  { reach, trustedOrigin, signal }: DownloadOptions,
): Promise<LookupFunction | undefined> {
  if (url.origin === trustedOrigin) return undefined;
  const refusal = reach.refusal(url);
  if (refusal !== undefined) throw new AppError('STOP', refusal);
  // An IP address in a URL is connected to without any lookup, so this check is the only one it meets.
  const addresses = await reach.resolve(url.hostname.replace(/^\[|\]$/g, ''), signal);
  const forbidden = addresses.find((address) => !reach.permits(address));
  if (forbidden !== undefined || addresses.length === 0) {
    throw new AppError('STOP', `the host ${url.hostname.slice(0, 255)} is not at a public address`);
  }
  const checked = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_hostname, { all }, callback) => {
    if (all) callback(null, checked);
    else callback(null, checked[0]!.address, checked[0]!.family);
  };
}

function request(url: URL, lookup: LookupFunction | undefined, options: DownloadOptions): Promise<IncomingMessage> {
  const { reach, signal } = options;
  const client = url.protocol === 'http:' ? http : https;
  return new Promise((resolve, reject) => {
    client
      .get({
        ...urlToHttpOptions(url),
        // An agent of its own: no connection that another check opened, no proxy from the environment.
        agent: new client.Agent(),
        headers: { accept: 'application/json, */*;q=0.1', 'accept-encoding': 'identity', 'user-agent': 'flywheel' },
        lookup,
        signal,
        ...(reach.ca === undefined ? {} : { ca: reach.ca }),
      })
      .on('error', reject)
      .on('response', resolve);
  });
}
