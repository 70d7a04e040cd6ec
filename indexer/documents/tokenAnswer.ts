/** What `symbol()` answered: an ABI string, or bytes32 as tokens before 2017 have it. `data` is 0x hex. */
export function decodeSymbol(data: string): string | null {
  const bytes = Buffer.from(data.slice(2), 'hex');
  const text = bytes.length === 32 ? trimZeros(bytes) : abiString(bytes);
  return text && shownSymbol(text);
}

/** A uint8, else null: nobody can have meant more than 255. */
export function decodeDecimals(data: string): number | null {
  const bytes = Buffer.from(data.slice(2), 'hex');
  const value = wordAt(bytes, 0);
  return value !== undefined && value <= 255n ? Number(value) : null;
}

/** Longer than 64 characters or no UTF-8 is not a symbol but garbage, and a part of it would be no better. */
function shownSymbol(bytes: Buffer): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return [...text].length <= 64 ? text.replaceAll('\0', '\ufffd') : null;
  } catch {
    return null;
  }
}

function trimZeros(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return bytes.subarray(0, end);
}

/** By the rules for strings of logs: trailing bytes and a missing padding are fine. */
function abiString(bytes: Buffer): Buffer | null {
  const offset = wordAt(bytes, 0);
  if (offset === undefined || offset > BigInt(bytes.length)) return null;
  const length = wordAt(bytes, Number(offset));
  const start = Number(offset) + 32;
  if (length === undefined || length > BigInt(bytes.length - start)) return null;
  return bytes.subarray(start, start + Number(length));
}

function wordAt(bytes: Buffer, offset: number): bigint | undefined {
  const word = bytes.subarray(offset, offset + 32);
  return word.length === 32 ? BigInt(`0x${word.toString('hex')}`) : undefined;
}
