/** A seeded generator (sfc32): the same seed draws the same history on every machine. */
export class Random {
  private readonly state: [number, number, number, number];

  constructor(seed: string | number) {
    let h = 0x9e3779b9;
    const word = (salt: number) => {
      for (const char of `${salt}:${seed}`) h = Math.imul(h ^ char.charCodeAt(0), 0x01000193) + salt;
      return h | 0;
    };
    this.state = [word(1), word(2), word(3), 1];
    for (let i = 0; i < 16; i++) this.word();
  }

  private word(): number {
    const [a, b, c, d] = this.state;
    const t = (a + b + d) | 0;
    this.state[0] = b ^ (b >>> 9);
    this.state[1] = (c + (c << 3)) | 0;
    this.state[2] = (((c << 21) | (c >>> 11)) + t) | 0;
    this.state[3] = (d + 1) | 0;
    return t >>> 0;
  }

  /** An integer from 0 to n - 1. */
  below(n: number): number {
    return Math.floor((this.word() / 2 ** 32) * n);
  }

  /** An integer from `from` to `to`, both included. */
  between(from: number, to: number): number {
    return from + this.below(to - from + 1);
  }

  chance(probability: number): boolean {
    return this.word() / 2 ** 32 < probability;
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new Error('nothing to pick from');
    return items[this.below(items.length)] as T;
  }

  /** A uniform integer of so many bits. */
  bits(count: number): bigint {
    let value = 0n;
    for (let i = 0; i < count; i += 32) value = (value << 32n) | BigInt(this.word());
    return BigInt.asUintN(count, value);
  }

  /** `items` in another order. */
  shuffle<T>(items: readonly T[]): T[] {
    const out = [...items];
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [out[i], out[j]] = [out[j] as T, out[i] as T];
    }
    return out;
  }
}
