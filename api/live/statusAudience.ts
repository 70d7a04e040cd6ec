import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../schema/appError';
import { type ChainRow, type Program, readChains } from '../context';
import type { Log } from '../log';
import { Messages } from './messages';
import type { Renderer } from './render';
import { isFull, type Sink } from './sink';

const RETRY_MS = 500;

interface Watcher {
  sink: Sink;
  /** Chains whose state it has not been told: the newest is enough. */
  untold: Set<number>;
}

/**
 * Everybody who follows the state of the same chains by the same document: each gets it now, then again whenever a chain's
 * newest block or a mark of finality moved, or it stands still or goes on. Blocks of one commit are one message.
 */
export class StatusAudience {
  private readonly watchers = new Set<Watcher>();
  private readonly abort = new AbortController();
  private readonly told = new Map<number, { state: string; messages: Messages }>();
  private running = false;

  constructor(
    private readonly chainId: number | null,
    private readonly renderer: Renderer,
    private readonly program: Pick<Program, 'pool' | 'changes'>,
    private readonly log: Log,
    private readonly onDelivered: (count: number) => void,
  ) {}

  /** Until it is stopped. */
  join(sink: Sink): { stop(): void } {
    const watcher = { sink, untold: new Set(this.told.keys()) };
    this.watchers.add(watcher);
    this.tell(watcher);
    if (!this.running) void this.watch();
    return { stop: () => this.watchers.delete(watcher) };
  }

  close(): void {
    this.abort.abort();
  }

  private async watch(): Promise<void> {
    const { pool, changes } = this.program;
    const { signal } = this.abort;
    this.running = true;
    let failing = false;
    while (this.watchers.size > 0 && !signal.aborted) {
      const waited = changes.wake(signal);
      try {
        const chains = await readChains(async (statement) => (await pool.query<ChainRow>(statement)).rows);
        for (const chain of chains) {
          if (this.chainId === null || chain.chain_id === this.chainId) await this.look(chain);
        }
        failing = false;
        for (const watcher of this.watchers) this.tell(watcher);
        await waited;
      } catch (error) {
        if (!failing) this.log.warn({ error: messageOf(error) }, 'the state of the chains cannot be told for now');
        failing = true;
        await delay(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
    this.running = false;
    this.told.clear();
  }

  private async look(chain: ChainRow): Promise<void> {
    const state = stateOf(chain);
    if (this.told.get(chain.chain_id)?.state === state) return;
    const messages = new Messages([await this.renderer.one(chain, this.abort.signal)]);
    this.told.set(chain.chain_id, { state, messages });
    for (const { untold } of this.watchers) untold.add(chain.chain_id);
    for (const watcher of this.watchers) this.tell(watcher);
  }

  private tell({ sink, untold }: Watcher): void {
    for (const chainId of untold) {
      if (isFull(sink)) return;
      untold.delete(chainId);
      const messages = this.told.get(chainId)?.messages;
      if (messages === undefined) continue;
      sink.send(messages);
      this.onDelivered(1);
    }
  }
}

function stateOf({ indexed_hash, safe_hash, finalized_hash, error }: ChainRow): string {
  return [indexed_hash, safe_hash, finalized_hash].map((hash) => hash?.toString('hex')).join() + (error ?? '');
}
