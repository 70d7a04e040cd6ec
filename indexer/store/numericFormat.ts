const GROUP = 10_000;
/** As many groups as a number holds exactly. */
const THREE_GROUPS = 10n ** 12n;
const POSITIVE = 0x0000;
const NEGATIVE = 0x4000;
/** Base-10,000 digits, least significant first; filled anew for each number. */
const groups = new Uint16Array(64);
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
  let at = start;
  at = into.writeInt16BE(count, at);
  at = into.writeInt16BE(Math.max(count - 1, 0), at);
  at = into.writeUInt16BE(negative ? NEGATIVE : POSITIVE, at);
  at = into.writeInt16BE(0, at);
  for (let i = count - 1; i >= 0; i--) at = into.writeUInt16BE(groups[i] as number, at);
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
