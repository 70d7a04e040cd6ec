/** What each character is as a lower-case hex digit, 16 where it is none. */
export const HEX_DIGITS = Uint8Array.from({ length: 256 }, (_, code) => {
  const digit = '0123456789abcdef'.indexOf(String.fromCharCode(code));
  return digit < 0 ? 16 : digit;
});

const NO_BYTE = 256;
/** The byte that two characters are, the first one in the higher byte; NO_BYTE where they are none. */
const PAIRS = new Uint16Array(65_536).fill(NO_BYTE);
for (let byte = 0; byte < 256; byte++) {
  const [high, low] = byte.toString(16).padStart(2, '0');
  PAIRS[((high as string).charCodeAt(0) << 8) | (low as string).charCodeAt(0)] = byte;
}
/** Four digits of nothing, of which words of an ABI have many. */
const ZEROS = 0x30303030;

/**
 * Writes so many bytes out of a text of lower-case hex. Eight digits at a time: one by one took three times as long.
 * @returns where they end
 * @throws RangeError for what isn't hex
 */
export function writeHexText(into: Buffer, start: number, text: DataView, at: number, bytes: number): number {
  const end = start + bytes;
  let wrong = 0;
  let to = start;
  let from = at;
  for (; to + 4 <= end; to += 4, from += 8) {
    const first = text.getUint32(from);
    const second = text.getUint32(from + 4);
    if (first === ZEROS && second === ZEROS) {
      into[to] = 0;
      into[to + 1] = 0;
      into[to + 2] = 0;
      into[to + 3] = 0;
      continue;
    }
    const a = PAIRS[first >>> 16] as number;
    const b = PAIRS[first & 0xffff] as number;
    const c = PAIRS[second >>> 16] as number;
    const d = PAIRS[second & 0xffff] as number;
    wrong |= a | b | c | d;
    into[to] = a;
    into[to + 1] = b;
    into[to + 2] = c;
    into[to + 3] = d;
  }
  for (; to < end; to++, from += 2) {
    const byte = PAIRS[text.getUint16(from)] as number;
    wrong |= byte;
    into[to] = byte;
  }
  if (wrong >= NO_BYTE) throw new RangeError('what should be hex is not');
  return end;
}

/** Whether the text has the same in two places, over so many characters, a multiple of four. */
export function isSameText(text: DataView, a: number, b: number, chars: number): boolean {
  for (let i = 0; i < chars; i += 4) if (text.getUint32(a + i) !== text.getUint32(b + i)) return false;
  return true;
}

/**
 * Writes 0x-prefixed hex as bytes, where a buffer has room for them. Native code: strings cut out of longer ones, which
 * these are, took a loop over their characters four times as long.
 * @returns where it ends
 */
export function writeHex(into: Buffer, start: number, hex: string): number {
  return start + into.write(hex.slice(2), start, 'hex');
}
