import type { JsonObject } from './json';

const ZERO = `0x${'00'.repeat(20)}`;

/** The zero address is the native token; no address at all (a pool never created) is `unknown`. */
export function tokenId(chainId: number, address: string | null): string {
  if (address === null) return `token:${chainId}:unknown`;
  return `token:${chainId}:${address === ZERO ? 'native' : address}`;
}

/** Sums per token. A token is there once something named it, if only with 0. */
export class Purse {
  readonly amounts = new Map<string, bigint>();

  add(token: string, amount: bigint): void {
    this.amounts.set(token, (this.amounts.get(token) ?? 0n) + amount);
  }

  /** [TokenAmount!]!, by token id. */
  json(): JsonObject[] {
    return [...this.amounts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([token, amount]) => ({ token: { id: token }, amount: String(amount) }));
  }
}
