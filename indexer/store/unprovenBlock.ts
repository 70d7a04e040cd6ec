import type { Header } from './blockRange';

/** What a node said of a block is not what its header seals, or that can't be told without asking for more. */
export class UnprovenBlock extends Error {
  constructor({ number, hash }: Pick<Header, 'number' | 'hash'>) {
    super(`what was said of block ${number} ${hash} is not proven`);
  }
}
