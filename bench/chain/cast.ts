import { id, toBeHex } from 'ethers';

/** An event of the loop, by the names of the profiles. Structs are lists in the order of their fields. */
export interface LoopEvent {
  contract: string;
  event: string;
  values: readonly unknown[];
}

export const at = (contract: string, event: string, ...values: unknown[]): LoopEvent => ({ contract, event, values });

/** The chain's own token. */
export const TOKEN = `0x${'0'.repeat(40)}`;
export const NO_REF = `0x${'0'.repeat(64)}`;
export const OPEN = 10n ** 18n;

/** What is named again and again is hashed once. */
const remembered = new Map<string, string>();
function hashOf(text: string): string {
  let hash = remembered.get(text);
  if (!hash) {
    hash = id(text);
    remembered.set(text, hash);
  }
  return hash;
}

export const person = (kind: string, n: number) => `0x${hashOf(`${kind} ${n}`).slice(26)}`;
export const poolId = (kind: string, subject: bigint) => hashOf(`pool ${kind} ${subject}`);
export const word = (value: bigint) => toBeHex(value, 32);

export interface Dice {
  /** 0 to n - 1. */
  below(n: number): number;
  /** 0 to n - 1, small numbers much more often: a few datanets and people do most of it. */
  favourite(n: number): number;
  chance(share: number): boolean;
  /** 32 bytes that mean nothing: a hash of a document, a root. Much cheaper than hashing. */
  hash(): string;
}

/** The same throws for the same seed, everywhere (mulberry32). */
export function diceOf(seed: number): Dice {
  let state = seed;
  const bits = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
  const random = () => bits() / 4_294_967_296;
  return {
    below: (n) => Math.floor(random() * n),
    favourite: (n) => Math.floor(random() ** 2 * n),
    chance: (share) => random() < share,
    hash: () => `0x${Array.from({ length: 8 }, () => bits().toString(16).padStart(8, '0')).join('')}`,
  };
}
