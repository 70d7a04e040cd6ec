const GROUP = 10_000;
/** As many groups as a number holds exactly. */
const THREE_GROUPS = 10n ** 12n;
const POSITIVE = 0x0000;
const NEGATIVE = 0x4000;
/** Base-10,000 digits, least significant first; filled anew for each number. */
const groups = new Uint16Array(64);
/** A word in 32 bits each, the first the highest. */
const LIMBS = 8;
const limbs = new Uint32Array(LIMBS);
const SAFE = BigInt(Number.MAX_SAFE_INTEGER);
/** The most that a number takes. */
export const NUMERIC_BYTES = 8 + 2 * groups.length;

/**
 * Writes an integer as Postgres' binary numeric (src/backend/utils/adt/numeric.c, numeric_recv): the count of
 * base-10,000 digits, the weight of the first, sign, scale, digits.
 * @returns where it ends
 * @throws RangeError for an integer above 10^256
 */
export function writeNumeric(into: Buffer, start: number, value: number | bigint): number {
  const negative = value < 0;
  let count = 0;
  if (typeof value === 'bigint' && (value > SAFE || value < -SAFE)) {
    let rest = negative ? -value : value;
    while (rest > 0n) {
      const high = rest / THREE_GROUPS;
      count = writeGroups(Number(rest - high * THREE_GROUPS), count, high > 0n ? 3 : 0);
      rest = high;
    }
  } else count = writeGroups(Math.abs(Number(value)), 0, 0);
  return write(into, start, count, negative ? NEGATIVE : POSITIVE);
}

/** The same of an unsigned integer in 32 bytes, without making a bigint of it. */
export function writeNumericWord(into: Buffer, start: number, from: Buffer, at: number): number {
  let first = 0;
  for (let i = 0; i < LIMBS; i++) {
    const limb = from.readUInt32BE(at + 4 * i);
    limbs[i] = limb;
    if (limb === 0 && first === i) first++;
  }
  let count = 0;
  // Long division: what is left of a limb goes into the next, which keeps below 2^53.
  while (first < LIMBS - 2 || (first === LIMBS - 2 && (limbs[first] as number) >= 2 ** 21)) {
    let rest = 0;
    for (let i = first; i < LIMBS; i++) {
      const value = rest * 2 ** 32 + (limbs[i] as number);
      const quotient = Math.floor(value / GROUP);
      limbs[i] = quotient;
      rest = value - quotient * GROUP;
    }
    groups[count++] = rest;
    if (limbs[first] === 0) first++;
  }
  const left = (limbs[LIMBS - 2] as number) * 2 ** 32 + (limbs[LIMBS - 1] as number);
  count = writeGroups(left, count, 0);
  return write(into, start, count, POSITIVE);
}

function write(into: Buffer, start: number, count: number, sign: number): number {
  const weight = Math.max(count - 1, 0);
  into[start] = 0;
  into[start + 1] = count;
  into[start + 2] = 0;
  into[start + 3] = weight;
  into[start + 4] = sign >> 8;
  into[start + 5] = 0;
  into[start + 6] = 0;
  into[start + 7] = 0;
  let at = start + 8;
  for (let i = count - 1; i >= 0; i--) {
    const group = groups[i] as number;
    into[at++] = group >> 8;
    into[at++] = group;
  }
  return at;
}

/** At least `atLeast` groups from place `from` on; returns the place after the last. */
function writeGroups(value: number, from: number, atLeast: number): number {
  let at = from;
  for (let rest = value; rest > 0 || at - from < atLeast; at++) {
    if (at >= groups.length) throw new RangeError('a number of more than 256 digits');
    const high = Math.floor(rest / GROUP);
    groups[at] = rest - high * GROUP;
    rest = high;
  }
  return at;
}
