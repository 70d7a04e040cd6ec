import { type Anvil, spawnAnvil } from '../../demo/anvil';

export interface TestChainOptions {
  chainId?: number;
  /** Seconds; of the genesis block. */
  timestamp?: number;
  /** Blocks come only when asked for (evm_mine). */
  noMining?: boolean;
  port?: number;
  accounts?: number;
  /** Further arguments of anvil's command line. */
  args?: readonly string[];
}

/**
 * A real chain for a test: ten funded accounts (the usual test mnemonic), a block for each transaction, any sender
 * accepted without a key (`eth_sendTransaction` from any address), and room for large batches.
 */
export function startAnvil(options: TestChainOptions = {}): Promise<Anvil> {
  const { chainId = 31337, timestamp, noMining = false, port, accounts = 10, args = [] } = options;
  return spawnAnvil({
    port,
    startTimeoutMs: 120_000,
    args: [
      '--chain-id',
      String(chainId),
      '--accounts',
      String(accounts),
      '--gas-limit',
      '1000000000',
      '--auto-impersonate',
      '--disable-code-size-limit',
      '--no-request-size-limit',
      ...(timestamp === undefined ? [] : ['--timestamp', String(timestamp)]),
      ...(noMining ? ['--no-mining'] : []),
      ...args,
    ],
  });
}
