import { randomHistory } from '../oracle/history';
import type { FakeChain } from './fakeChain';

/** Some blocks more, of a random history; most hold logs. */
export function playSome(chain: FakeChain, seed: string, blocks: number): void {
  const { timestamp, number } = chain.head;
  chain.play(randomHistory(seed, { logs: 30 * blocks, timestamp, fromBlock: number + 1 }).slice(0, blocks));
}
