import { rpcTo } from '../../demo/rpc';
import { timeDecoding } from '../decoding';
import type { Bench } from '../part';
import { count, printTable } from '../table';

/** Decoding alone, in this process: ours against ethers' parseLog. */
export async function decoding(bench: Bench): Promise<void> {
  const chain = await bench.openChain(bench.options.events);
  const { ours, ethers } = await timeDecoding(rpcTo(chain.url), chain.config, bench.options.rounds);
  printTable(
    ['decoding alone', 'logs/s', 'to ethers'],
    [
      ['ours', count(ours), `${(ours / ethers).toFixed(0)}x`],
      ['ethers parseLog', count(ethers), '1x'],
    ],
  );
}
