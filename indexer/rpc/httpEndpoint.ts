import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { pipeline, type Readable } from 'node:stream';
import { createUnzip } from 'node:zlib';
import { AppError, messageOf, withoutCredentials } from '../../schema/appError';
import { RateLimited, UnfinishedAnswer } from './transport';

/** What an endpoint says to a POST. */
export interface Said {
  status: number;
  bytes: Buffer;
}

export interface HttpLimits {
  /** For a whole answer, from looking for the endpoint to the last byte. */
  timeoutMs: number;
  /** Of an answer, unpacked. */
  bytes: number;
}

/** None at all without a better key: another endpoint may answer, a smaller request won't help. */
const REFUSED_CLIENT = [401, 402, 403];
/** A gateway that found a request or an answer too large, or waited too long for the node behind it (524: Cloudflare). */
export const TOO_MUCH = [413, 504, 524];
/** These may say when to come back. */
const BUSY = [429, 503];
const MOVED = [301, 302, 307, 308];
const MOST_REDIRECTS = 5;
/** Below the 5 s after which many servers end an idle connection: a request must not meet that end. */
const IDLE_MS = 4_000;
/** Why a call was given up. */
const TOO_LATE = new Error('it took too long');

/**
 * Posts to one URL over connections that are kept. By node:http, not fetch: its streams and copies took as much time as
 * reading the logs does.
 */
export class HttpEndpoint {
  /** Without credentials, for messages. */
  readonly label: string;
  private readonly target: URL;
  private readonly authorization: string | undefined;
  private readonly agents = {
    'http:': new HttpAgent({ keepAlive: true, timeout: IDLE_MS }),
    'https:': new HttpsAgent({ keepAlive: true, timeout: IDLE_MS }),
  };
  private readonly closing = new AbortController();

  constructor(
    url: string,
    private readonly limits: HttpLimits,
  ) {
    this.label = withoutCredentials(url);
    this.target = new URL(url);
    const { username, password } = this.target;
    if (username || password) {
      const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
      this.authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
      // node:http would send them by itself, but undecoded.
      this.target.username = '';
      this.target.password = '';
    }
  }

  /** @throws AppError RETRY; UnfinishedAnswer for what may be better with less; RateLimited */
  async post(body: string): Promise<Said> {
    const closing = this.closing.signal;
    const call = new AbortController();
    const end = () => call.abort(closing.reason);
    closing.addEventListener('abort', end, { once: true });
    if (closing.aborted) end();
    // Not AbortSignal.any with AbortSignal.timeout: Node 20 collects that timeout as garbage, and it never comes.
    const timer = setTimeout(() => call.abort(TOO_LATE), this.limits.timeoutMs);
    try {
      return await this.postUntil(body, call.signal);
    } finally {
      clearTimeout(timer);
      closing.removeEventListener('abort', end);
    }
  }

  close(): void {
    this.closing.abort();
    for (const agent of Object.values(this.agents)) agent.destroy();
  }

  private async postUntil(body: string, signal: AbortSignal): Promise<Said> {
    const { label, limits } = this;
    let response: IncomingMessage;
    try {
      response = await this.respond(body, signal);
    } catch (cause) {
      if (signal.reason === TOO_LATE) {
        throw new UnfinishedAnswer(`${label} didn't answer within ${limits.timeoutMs / 1_000} s`, { cause });
      }
      throw new AppError('RETRY', `${label} can't be reached: ${messageOf(cause)}`, { cause });
    }
    const status = response.statusCode as number;
    const retryAfterMs = parseRetryAfter(response.headers['retry-after'] ?? null);
    if (status === 429 || (BUSY.includes(status) && retryAfterMs !== undefined)) {
      response.destroy();
      throw new RateLimited(`${label} answered HTTP ${status}`, retryAfterMs);
    }
    const bytes = await this.read(response, signal);
    // Nodes answer some JSON-RPC errors with a 4xx and a body that says which.
    const isJson = /^\s*[{[]/.test(bytes.toString('latin1', 0, 80));
    if (!isJson && TOO_MUCH.includes(status)) throw new UnfinishedAnswer(`${label} answered HTTP ${status}`);
    const isOk = status >= 200 && status < 300;
    if (REFUSED_CLIENT.includes(status) || (!isOk && !isJson)) {
      throw new AppError('RETRY', `${label} answered HTTP ${status}`);
    }
    return { status, bytes };
  }

  /** The beginning of an answer, wherever the endpoint has moved to. */
  private async respond(body: string, signal: AbortSignal): Promise<IncomingMessage> {
    let target = this.target;
    for (let redirects = 0; ; redirects++) {
      const response = await this.respondAt(target, body, signal);
      const { location } = response.headers;
      if (!MOVED.includes(response.statusCode as number) || location === undefined) return response;
      response.destroy();
      if (redirects === MOST_REDIRECTS) throw new Error(`more than ${MOST_REDIRECTS} redirects`);
      target = new URL(location, target);
    }
  }

  private async respondAt(target: URL, body: string, signal: AbortSignal): Promise<IncomingMessage> {
    const { protocol, origin } = target;
    if (protocol !== 'http:' && protocol !== 'https:') throw new Error(`a redirect to ${protocol}`);
    const headers: Record<string, string> = { 'content-type': 'application/json', 'accept-encoding': 'gzip, deflate' };
    // A key is for whom it was given.
    if (this.authorization && origin === this.target.origin) headers['authorization'] = this.authorization;
    const options: RequestOptions = { method: 'POST', headers, agent: this.agents[protocol], signal };
    const open = protocol === 'http:' ? httpRequest : httpsRequest;
    for (;;) {
      const request = open(target, options);
      try {
        return await new Promise<IncomingMessage>((resolve, reject) => {
          request.once('response', resolve);
          // Until the end: what breaks later is said of the answer, too.
          request.on('error', reject);
          request.end(body);
        });
      } catch (error) {
        // A connection that was kept for too long: nobody has read the request, and the next connection is another.
        const isCut = ['ECONNRESET', 'EPIPE'].includes((error as NodeJS.ErrnoException).code ?? '');
        if (!request.reusedSocket || !isCut || signal.aborted) throw error;
      }
    }
  }

  private read(response: IncomingMessage, signal: AbortSignal): Promise<Buffer> {
    const { label, limits } = this;
    return new Promise((resolve, reject) => {
      const body = unpacked(response);
      const chunks: Buffer[] = [];
      let bytes = 0;
      const unfinished = (cause?: unknown) => {
        const reason =
          signal.reason === TOO_LATE ? `it took longer than ${limits.timeoutMs / 1_000} s` : messageOf(cause);
        reject(new UnfinishedAnswer(`${label} didn't finish its answer: ${reason}`, { cause }));
      };
      body.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        chunks.push(chunk);
        if (bytes <= limits.bytes) return;
        reject(
          new UnfinishedAnswer(`${label} sends more than ${limits.bytes} bytes for one answer`, { isTooLarge: true }),
        );
        response.destroy();
      });
      body.once('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, bytes)));
      body.on('error', unfinished);
      body.once('close', () => unfinished(new Error('the connection was cut')));
    });
  }
}

function unpacked(response: IncomingMessage): Readable {
  const encoding = response.headers['content-encoding'];
  if (encoding !== 'gzip' && encoding !== 'x-gzip' && encoding !== 'deflate') return response;
  // Its errors are those of the stream that is returned.
  return pipeline(response, createUnzip(), () => undefined);
}

/** Seconds, or a date (RFC 9110, 10.2.3); as milliseconds from now on. */
export function parseRetryAfter(value: string | null, now = Date.now()): number | undefined {
  if (value === null) return undefined;
  if (/^\s*\d+(\.\d+)?\s*$/.test(value)) return Math.ceil(Number(value) * 1_000);
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
