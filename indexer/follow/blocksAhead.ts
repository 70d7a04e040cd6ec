import type { ChainSource } from '../rpc/chainSource';
import type { BlockRange } from '../store/blockRange';
import { fetchBlocks } from './fetchBlocks';

/**
 * Blocks near the head, fetched and proven while what comes before them is written. They can be gone by the time it is
 * their turn, so whoever takes them looks whether the node's chain still holds them.
 */
export class BlocksAhead {
  private ahead: { fromBlock: number; range: Promise<BlockRange | undefined> } | undefined;

  constructor(
    private readonly source: ChainSource,
    private readonly addresses: readonly string[],
  ) {}

  begin(fromBlock: number, toBlock: number): void {
    // Whoever takes them asks again, and hears why they can't be had.
    const range = fetchBlocks(this.source, this.addresses, fromBlock, toBlock).catch(() => undefined);
    this.ahead = { fromBlock, range };
  }

  /** Undefined where none were asked for that begin there, where they couldn't be had, and where a reorg took them. */
  async take(fromBlock: number): Promise<BlockRange | undefined> {
    const { ahead } = this;
    this.ahead = undefined;
    const range = ahead?.fromBlock === fromBlock ? await ahead.range : undefined;
    if (!range) return undefined;
    const [last] = await this.source.headers([range.toBlock]);
    return last?.hash === range.last.hash ? range : undefined;
  }
}
