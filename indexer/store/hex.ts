/** Above so many characters a call into native code costs less than a loop. */
const LONG = 256;
const nibbles = new Uint8Array(128);
for (let digit = 0; digit < 16; digit++) nibbles[digit.toString(16).charCodeAt(0)] = digit;

/**
 * Writes 0x-prefixed lower-case hex as bytes: for hashes and addresses, of which an event has a dozen, three times as
 * fast as Buffer.write.
 * @returns where it ends
 */
export function writeHex(into: Buffer, start: number, hex: string): number {
  if (hex.length > LONG) return start + into.write(hex.slice(2), start, 'hex');
  let at = start;
  for (let i = 2; i < hex.length; i += 2) {
    into[at++] = ((nibbles[hex.charCodeAt(i)] as number) << 4) | (nibbles[hex.charCodeAt(i + 1)] as number);
  }
  return at;
}
