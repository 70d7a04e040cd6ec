import { spawnAnvil } from '../../demo/anvil';
import { ChainWriter } from '../../demo/chainWriter';
import type { ChainEvent } from '../../demo/entities';
import { buildHistory, type History } from '../../demo/history';
import { DEMO_CHAIN_ARGUMENTS } from '../../demo/localChain';
import { rpcTo } from '../../demo/rpc';

export interface BuiltHistory {
  url: string;
  history: History;
  /** Every event of the chain, read back from its logs. */
  events: ChainEvent[];
  close(): Promise<void>;
}

export const HISTORY_SECONDS = 60 * 86_400;

/** A chain of its own with a seeded history on it. */
export async function buildOn(
  seed: number,
  events: number,
  endsAt = Math.floor(Date.now() / 1000),
): Promise<BuiltHistory> {
  const genesis = endsAt - HISTORY_SECONDS - 60;
  const chain = await spawnAnvil({ args: ['--timestamp', String(genesis), ...DEMO_CHAIN_ARGUMENTS] });
  try {
    const history = await buildHistory({ url: chain.url, seed, events, endsAt });
    const read = await new ChainWriter(rpcTo(chain.url), history.addresses).readAll();
    return { url: chain.url, history, events: read, close: () => chain.close() };
  } catch (error) {
    await chain.close();
    throw error;
  }
}
