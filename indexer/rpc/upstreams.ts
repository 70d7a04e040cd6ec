import { setTimeout as delay } from 'node:timers/promises';
import { AppError, messageOf } from '../../schema/appError';
import { type RequestBudget, withinBudget } from '../verify/requestBudget';
import { httpTransport } from './httpTransport';
import type { RpcAnswer, RpcCall, TransportOptions } from './transport';
import { type ChainIdentity, Upstream } from './upstream';
import { wsTransport } from './wsTransport';

/** The call was understood and refused (a limit, an unknown method, what is not kept any more). */
export class RefusedRequest extends AppError {
  /** @param wantsLess the same endpoint may answer if less is asked for; otherwise another one may */
  constructor(
    message: string,
    readonly wantsLess = false,
  ) {
    super('RETRY', message);
  }
}

export interface UpstreamsOptions extends TransportOptions {
  rpc: readonly string[];
  identity: ChainIdentity;
  maxLogsRange?: number;
  /** What calls may cost; undefined: as many as come. */
  budget?: RequestBudget;
}

/** Calls that were sent to one endpoint before anybody waited for their answers. */
export interface Begun {
  upstream: Upstream;
  answers: Promise<RpcAnswer[]>;
}

/** Where every endpoint wants no requests for now, a call waits as long as this for one of them. */
const LONGEST_WAIT_MS = 3_000;

/**
 * The endpoints of one chain. One is used until it fails, then the next. Each must prove its chain before its first answer
 * counts, and again after a failure; one of another chain is left out.
 */
export class Upstreams {
  private readonly upstreams: readonly Upstream[];
  private readonly closing = new AbortController();
  private current = 0;

  constructor({ rpc, identity, maxLogsRange, budget, ...options }: UpstreamsOptions) {
    this.upstreams = rpc.map((url) => {
      const transport = /^wss?:/.test(url) ? wsTransport(url, options) : httpTransport(url, options);
      return new Upstream(withinBudget(transport, budget), identity, maxLogsRange);
    });
  }

  get count(): number {
    return this.upstreams.length;
  }

  /** The endpoint that is asked first. */
  get inUse(): Upstream {
    return this.upstreams[this.current] as Upstream;
  }

  get label(): string {
    return this.inUse.label;
  }

  /**
   * Sends calls together to one endpoint.
   * @param read what the answers mean; an endpoint whose answers make it throw has failed, unless it is a RefusedRequest:
   *   then the next one is asked this time, or less of the same one
   * @param failed hears of each endpoint that failed
   * @param begun the same calls, if they are under way already: for an answer of this endpoint they are not sent again
   * @throws AppError RETRY when no endpoint answers; RefusedRequest when each refuses, or one wants less; CONFIG when the
   *   only ones that answer are of another chain
   */
  async ask<T>(
    calls: readonly RpcCall[],
    read: (answers: RpcAnswer[], upstream: Upstream) => T | Promise<T>,
    failed?: (error: unknown, upstream: Upstream) => void,
    begun?: Begun,
  ): Promise<T> {
    const failures: unknown[] = [];
    for (const upstream of await this.inTurn()) {
      try {
        return await read(await (begun?.upstream === upstream ? begun.answers : upstream.send(calls)), upstream);
      } catch (error) {
        const isRefused = error instanceof RefusedRequest;
        if ((isRefused && error.wantsLess) || this.closing.signal.aborted) throw error;
        failures.push(error);
        if (isRefused) continue;
        failed?.(error, upstream);
        this.turnFrom(upstream);
      }
    }
    throw allOf(failures);
  }

  /** What each endpoint says; those that don't answer, or nothing readable, are left out. */
  async askEach<T>(
    calls: readonly RpcCall[],
    read: (answers: RpcAnswer[], upstream: Upstream) => T,
  ): Promise<{ upstream: Upstream; answer: T }[]> {
    const asked = this.upstreams.filter(({ pauseMs }) => pauseMs === 0);
    const settled = await Promise.allSettled(
      asked.map(async (upstream) => ({ upstream, answer: read(await upstream.send(calls), upstream) })),
    );
    return settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  }

  /**
   * Its answers don't fit together, or it lags: the next one is asked first from now on. Calls run at once, and only the
   * first of those that failed at one endpoint turns to the next, or they would turn past it.
   */
  turnFrom(upstream: Upstream): void {
    upstream.doubt();
    if (this.inUse === upstream) this.current = (this.current + 1) % this.upstreams.length;
  }

  turnTo(upstream: Upstream): void {
    this.current = Math.max(0, this.upstreams.indexOf(upstream));
  }

  /** What was proven by each so far was of less. */
  doubtAll(): void {
    for (const upstream of this.upstreams) upstream.doubt();
  }

  onHead(wake: (header: unknown, upstream: Upstream) => void): void {
    for (const upstream of this.upstreams) upstream.onHead((header) => wake(header, upstream));
  }

  async close(): Promise<void> {
    this.closing.abort();
    await Promise.all(this.upstreams.map((upstream) => upstream.close()));
  }

  /** From the one in use on, those that may be asked. */
  private async inTurn(): Promise<Upstream[]> {
    const all = [...this.upstreams.slice(this.current), ...this.upstreams.slice(0, this.current)];
    const ready = all.filter(({ pauseMs }) => pauseMs === 0);
    if (ready.length > 0) return ready;
    const first = all.reduce((a, b) => (b.pauseMs < a.pauseMs ? b : a));
    const waitMs = first.pauseMs;
    if (waitMs > LONGEST_WAIT_MS) {
      throw new AppError('RETRY', `${first.label} wants no requests for another ${Math.ceil(waitMs / 1_000)} s`);
    }
    await delay(waitMs, undefined, { signal: this.closing.signal }).catch(() => undefined);
    return [first, ...all.filter((upstream) => upstream !== first && upstream.pauseMs === 0)];
  }
}

/** Where no endpoint is of our chain, a person has to act; otherwise one that failed may answer next time. */
function allOf(failures: readonly unknown[]): unknown {
  if (failures.length === 1) return failures[0];
  const text = failures.map(messageOf).join('; ');
  if (failures.every((failure) => failure instanceof RefusedRequest)) return new RefusedRequest(text);
  const isWrong = (failure: unknown) => failure instanceof AppError && failure.code === 'CONFIG';
  const code = failures.every(isWrong) ? 'CONFIG' : 'RETRY';
  return new AppError(code, text, { cause: failures });
}
