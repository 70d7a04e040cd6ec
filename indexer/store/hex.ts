/** What each character is as a lower-case hex digit, 16 where it is none. */
export const HEX_DIGITS = Uint8Array.from({ length: 256 }, (_, code) => {
  const digit = '0123456789abcdef'.indexOf(String.fromCharCode(code));
  return digit < 0 ? 16 : digit;
});

/**
 * Writes 0x-prefixed hex as bytes, where a buffer has room for them. Native code: strings cut out of longer ones, which
 * these are, took a loop over their characters four times as long.
 * @returns where it ends
 */
export function writeHex(into: Buffer, start: number, hex: string): number {
  return start + into.write(hex.slice(2), start, 'hex');
}
