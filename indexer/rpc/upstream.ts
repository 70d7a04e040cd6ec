import { AppError } from '../../schema/appError';
import { genesisHash } from './genesis';
import { RangeSize } from './rangeSize';
import { isRateLimit } from './rateLimit';
import { RateLimited, type RpcAnswer, type RpcCall, type Transport } from './transport';
import { parseHeader } from './wire';

/** Which chain an endpoint must be of. */
export interface ChainIdentity {
  chainId: number;
  /** Hash of block 0; of the first endpoint that shows it where it was not known before. */
  genesis?: string;
}

/** Of an endpoint that wants fewer requests and doesn't say when to come back: doubled with each refusal. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** Whatever it says: a clock that is wrong must not cost an endpoint for good. */
const LONGEST_RETRY_AFTER_MS = 3_600_000;

/** One endpoint, and what was learned of it. Nothing of it counts before it proved its chain. */
export class Upstream {
  readonly rangeSize: RangeSize;
  private proving: Promise<void> | undefined;
  /** By the clock of `performance`, as nobody sets that one back. */
  private pausedUntil = 0;
  /** Requests refused in a row. */
  private refusals = 0;

  constructor(
    private readonly transport: Transport,
    private readonly identity: ChainIdentity,
    maxLogsRange?: number,
  ) {
    this.rangeSize = new RangeSize(maxLogsRange);
  }

  get label(): string {
    return this.transport.label;
  }

  get takesBatches(): boolean {
    return this.transport.maxBatch !== 1;
  }

  /** How long it wants no requests; 0: it may be asked. */
  get pauseMs(): number {
    return Math.max(0, this.pausedUntil - performance.now());
  }

  /** @throws AppError RETRY when it doesn't answer; CONFIG when it is of another chain */
  async send(calls: readonly RpcCall[]): Promise<RpcAnswer[]> {
    try {
      this.proving ??= this.prove();
      await this.proving;
      return await this.sendUnproven(calls);
    } catch (error) {
      this.doubt();
      throw error;
    }
  }

  /** It failed: what answers there next time may be another node, which has to prove its chain again. */
  doubt(): void {
    this.proving = undefined;
  }

  onHead(wake: (header: unknown) => void): void {
    this.transport.onHead?.(wake);
  }

  close(): Promise<void> {
    return this.transport.close();
  }

  private async sendUnproven(calls: readonly RpcCall[]): Promise<RpcAnswer[]> {
    try {
      const answers = await this.transport.send(calls);
      for (const answer of answers) {
        if ('error' in answer && isRateLimit(answer.error)) {
          throw new RateLimited(`${this.label} wants fewer requests: ${answer.error.message}`);
        }
      }
      this.refusals = 0;
      return answers;
    } catch (error) {
      if (error instanceof RateLimited) this.pause(error.retryAfterMs);
      throw error;
    }
  }

  private pause(retryAfterMs: number | undefined): void {
    // Of calls that were under way together, one is enough.
    if (retryAfterMs === undefined && this.pauseMs > 0) return;
    const own = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.refusals);
    this.refusals++;
    this.pausedUntil = performance.now() + Math.min(LONGEST_RETRY_AFTER_MS, retryAfterMs ?? own);
  }

  private async prove(): Promise<void> {
    const [id] = await this.sendUnproven([{ method: 'eth_chainId', params: [] }]);
    // Alone: a node that prunes old blocks may refuse everything that comes with such a call.
    const [zero] = await this.sendUnproven([{ method: 'eth_getBlockByNumber', params: ['0x0', false] }]);
    const [one] = await this.sendUnproven([{ method: 'eth_getBlockByNumber', params: ['0x1', false] }]);
    if (!id || 'error' in id) throw new AppError('RETRY', `${this.label} doesn't say its chain id`);
    const chainId = Number(id.result);
    if (chainId !== this.identity.chainId) {
      throw new AppError(
        'CONFIG',
        `${this.label} is chain ${chainId}, the network file says ${this.identity.chainId}: this is another chain`,
      );
    }
    // Nodes that prune old blocks answer null or an error of their own: they are believed by their chain id alone.
    const headerOf = (block: RpcAnswer | undefined) =>
      block && 'result' in block ? parseHeader(block.result) : undefined;
    const genesis = genesisHash(this.label, headerOf(zero), headerOf(one));
    if (genesis === undefined) return;
    this.identity.genesis ??= genesis;
    if (genesis !== this.identity.genesis) {
      throw new AppError(
        'CONFIG',
        `${this.label} begins with block ${genesis}, the chain that is indexed with ${this.identity.genesis}: this is ` +
          'another chain. Use the right endpoints, or another database',
      );
    }
  }
}
