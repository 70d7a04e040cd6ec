import { AppError, messageOf } from '../../schema/appError';
import { httpTransport } from './httpTransport';
import { RangeSize } from './rangeSize';
import type { RpcAnswer, RpcCall, Transport } from './transport';
import { wsTransport } from './wsTransport';

/** One endpoint, and what was learned of it. */
export interface Upstream {
  readonly transport: Transport;
  readonly rangeSize: RangeSize;
}

/** The call was understood and refused (a limit, an unknown method): asking for less may help, another endpoint won't. */
export class RefusedRequest extends AppError {
  constructor(message: string) {
    super('RETRY', message);
  }
}

/**
 * The endpoints of one chain. One is used until it fails, then the next. Each must prove its chain id before its first
 * answer counts.
 */
export class Upstreams {
  private readonly upstreams: Upstream[];
  private readonly proven = new Set<Upstream>();
  private current = 0;

  constructor(
    private readonly chainId: number,
    rpc: readonly string[],
    maxLogsRange?: number,
  ) {
    this.upstreams = rpc.map((url) => ({
      transport: /^wss?:/.test(url) ? wsTransport(url) : httpTransport(url),
      rangeSize: new RangeSize(maxLogsRange),
    }));
  }

  /** The endpoint that answers now. */
  get label(): string {
    return this.inUse.transport.label;
  }

  /** The endpoint that is asked first. */
  get inUse(): Upstream {
    return this.upstreams[this.current] as Upstream;
  }

  /**
   * Sends calls together to one endpoint.
   * @param read what the answers mean; an endpoint whose answers make it throw has failed, unless it is a RefusedRequest
   * @throws AppError RETRY when no endpoint answers; CONFIG when the only ones that do are of another chain
   */
  async ask<T>(calls: readonly RpcCall[], read: (answers: RpcAnswer[], upstream: Upstream) => T): Promise<T> {
    const failures: unknown[] = [];
    const count = this.upstreams.length;
    const first = this.current;
    for (let tries = 0; tries < count; tries++) {
      const tried = (first + tries) % count;
      const upstream = this.upstreams[tried] as Upstream;
      try {
        await this.prove(upstream);
        return read(await upstream.transport.send(calls), upstream);
      } catch (error) {
        if (error instanceof RefusedRequest) throw error;
        failures.push(error);
        // What answers there next time may be another node.
        this.proven.delete(upstream);
        // Calls run at once: only one of those that failed here turns to the next, or they would turn past it.
        if (this.current === tried) this.current = (tried + 1) % count;
      }
    }
    throw mostUseful(failures);
  }

  /** The answers as they came. */
  send(calls: readonly RpcCall[]): Promise<RpcAnswer[]> {
    return this.ask(calls, (answers) => answers);
  }

  onHead(wake: () => void): void {
    for (const { transport } of this.upstreams) transport.onHead?.(wake);
  }

  async close(): Promise<void> {
    await Promise.all(this.upstreams.map(({ transport }) => transport.close()));
  }

  private async prove(upstream: Upstream): Promise<void> {
    if (this.proven.has(upstream)) return;
    const { transport } = upstream;
    const [answer] = await transport.send([{ method: 'eth_chainId', params: [] }]);
    if (!answer || 'error' in answer) throw new AppError('RETRY', `${transport.label} doesn't say its chain id`);
    const chainId = Number(answer.result);
    if (chainId !== this.chainId) {
      throw new AppError('CONFIG', `${transport.label} is chain ${chainId}, the network file says ${this.chainId}`);
    }
    this.proven.add(upstream);
  }
}

/** A wrong chain is what a person must hear of, whatever else failed. */
function mostUseful(failures: readonly unknown[]): unknown {
  const wrong = failures.find((failure) => failure instanceof AppError && failure.code === 'CONFIG');
  if (wrong || failures.length === 1) return wrong ?? failures[0];
  return new AppError('RETRY', failures.map(messageOf).join('; '), { cause: failures });
}
