import { type Rpc, RpcError, rpcTo, toHex } from './rpc';

export interface ReorgResult {
  /** The block after which the chain is another one. */
  ancestor: number;
  before: { number: number; hash: string };
  after: { number: number; hash: string };
  /** Transactions that were kept, and that are gone. */
  kept: number;
  dropped: number;
}

interface RawTransaction {
  from: string;
  to: string | null;
  value: string;
  input: string;
  gas: string;
}

interface RawBlock {
  number: string;
  hash: string;
  transactions: RawTransaction[];
}

/**
 * Replaces the newest `depth` blocks of the local chain by as many others. Every other transaction of the old ones comes
 * back, a block later than it was, the rest is gone: an indexer sees rows that move and rows that vanish. A transaction
 * that comes back may revert where it needed one that is gone; that is what happens on chains.
 * Throws if the chain has fewer blocks since it was started: anvil keeps no older states to go back to.
 */
export async function reorg({ url, depth = 3 }: { url: string; depth?: number }): Promise<ReorgResult> {
  const rpc = rpcTo(url);
  const head = await blockAt(rpc, 'latest');
  const number = Number(head.number);
  if (depth < 1 || depth > number) throw new Error(`a reorg of ${depth} blocks needs a chain of at least ${depth + 1}`);
  const ancestor = number - depth;
  const replacement: [transaction: object, blockIndex: number][] = [];
  let count = 0;
  for (let i = 0; i < depth; i++) {
    const { transactions } = await blockAt(rpc, toHex(ancestor + 1 + i));
    for (const { from, to, value, input, gas } of transactions) {
      if (count++ % 2 === 1) continue;
      replacement.push([{ from, to, value, input, gas, gasPrice: '0x0' }, Math.min(i + 1, depth - 1)]);
    }
  }
  try {
    await rpc.call('anvil_reorg', [depth, replacement]);
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    throw new Error(`the chain refused a reorg of ${depth} blocks; was it started just now?`, { cause: error });
  }
  const after = await blockAt(rpc, 'latest');
  return {
    ancestor,
    before: { number, hash: head.hash },
    after: { number: Number(after.number), hash: after.hash },
    kept: replacement.length,
    dropped: count - replacement.length,
  };
}

async function blockAt(rpc: Rpc, tag: string): Promise<RawBlock> {
  const block = await rpc.call<RawBlock | null>('eth_getBlockByNumber', [tag, true]);
  if (!block) throw new RpcError(`the chain has no block ${tag}`);
  return block;
}
