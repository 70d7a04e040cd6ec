import { AppError, messageOf } from '../../schema/appError';
import { httpTransport } from './httpTransport';
import type { RpcAnswer, RpcCall, Transport } from './transport';
import { wsTransport } from './wsTransport';

/**
 * The endpoints of one chain. One is used until it fails, then the next. Each must prove its chain id before its first
 * answer counts.
 */
export class Upstreams {
  private readonly transports: Transport[];
  private readonly proven = new Set<Transport>();
  private current = 0;

  constructor(
    private readonly chainId: number,
    rpc: readonly string[],
  ) {
    this.transports = rpc.map((url) => (/^wss?:/.test(url) ? wsTransport(url) : httpTransport(url)));
  }

  /** The endpoint that answers now. */
  get label(): string {
    return (this.transports[this.current] as Transport).label;
  }

  /** @throws AppError RETRY when no endpoint answers; CONFIG when the only ones that do are of another chain */
  async send(calls: readonly RpcCall[]): Promise<RpcAnswer[]> {
    const failures: unknown[] = [];
    const count = this.transports.length;
    const first = this.current;
    for (let tries = 0; tries < count; tries++) {
      const tried = (first + tries) % count;
      const transport = this.transports[tried] as Transport;
      try {
        await this.prove(transport);
        return await transport.send(calls);
      } catch (error) {
        failures.push(error);
        // What answers there next time may be another node.
        this.proven.delete(transport);
        // Calls run at once: only one of those that failed here turns to the next, or they would turn past it.
        if (this.current === tried) this.current = (tried + 1) % count;
      }
    }
    throw mostUseful(failures);
  }

  onHead(wake: () => void): void {
    for (const transport of this.transports) transport.onHead?.(wake);
  }

  async close(): Promise<void> {
    await Promise.all(this.transports.map((transport) => transport.close()));
  }

  private async prove(transport: Transport): Promise<void> {
    if (this.proven.has(transport)) return;
    const [answer] = await transport.send([{ method: 'eth_chainId', params: [] }]);
    if (!answer || 'error' in answer) throw new AppError('RETRY', `${transport.label} doesn't say its chain id`);
    const chainId = Number(answer.result);
    if (chainId !== this.chainId) {
      throw new AppError('CONFIG', `${transport.label} is chain ${chainId}, the network file says ${this.chainId}`);
    }
    this.proven.add(transport);
  }
}

/** A wrong chain is what a person must hear of, whatever else failed. */
function mostUseful(failures: readonly unknown[]): unknown {
  const wrong = failures.find((failure) => failure instanceof AppError && failure.code === 'CONFIG');
  if (wrong || failures.length === 1) return wrong ?? failures[0];
  return new AppError('RETRY', failures.map(messageOf).join('; '), { cause: failures });
}
