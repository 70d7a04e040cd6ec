import { id } from 'ethers';

/** A seeded source of chance: the same seed always throws the same (mulberry32). */
export class Dice {
  private state: number;

  constructor(seed: string) {
    this.state = Number(BigInt(id(seed)) & 0xffffffffn);
  }

  /** In [0, 1). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** A whole number, both ends included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** Of few, many; of many, few: a number from low to high whose logarithm is even. */
  skewed(low: number, high: number): number {
    return Math.round(low * (high / low) ** this.next());
  }

  pick<T>(items: readonly T[]): T | undefined {
    return items[Math.floor(this.next() * items.length)];
  }

  /** One of the items, each as likely as its weight says; undefined if no weight is above zero. */
  weighted<T>(items: readonly T[], weightOf: (item: T) => number): T | undefined {
    const weights = items.map((item) => Math.max(0, weightOf(item)));
    let rest = this.next() * weights.reduce((sum, weight) => sum + weight, 0);
    for (const [i, weight] of weights.entries()) {
      if (weight > 0 && rest < weight) return items[i];
      rest -= weight;
    }
    return undefined;
  }

  /** 32 bytes as 0x hex. */
  bytes32(): string {
    return id(`${this.next()} ${this.next()}`);
  }
}

/** A lasting trait of a thing, in [0, 1): the same for the same text, whenever it is asked for. */
export function traitOf(text: string): number {
  let trait = traits.get(text);
  if (trait === undefined) {
    if (traits.size >= 100_000) traits.clear();
    trait = Number.parseInt(id(text).slice(2, 10), 16) / 4_294_967_296;
    traits.set(text, trait);
  }
  return trait;
}

/** The same traits are asked for again and again, and a hash is not cheap. */
const traits = new Map<string, number>();
