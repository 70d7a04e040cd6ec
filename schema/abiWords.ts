import { ADDRESS_BYTES, hexAt, WORD_BYTES } from './logBytes';

/** What one word says. */
export type Scalar = string | number | bigint | boolean;

/** What a word of a static ABI type holds. */
export interface WordType {
  /** As the ABI names it. */
  name: string;
  /** Throws RangeError for bits outside of the type. */
  check(bytes: Buffer, at: number): void;
  /** Of a word that was checked. */
  read(bytes: Buffer, at: number): Scalar;
  /** Where its bytes stand inside the word, and how many are the type's. */
  from: number;
  size: number;
}

const known = new Map<string, WordType | undefined>();

/** Undefined for a type that is not one word. */
export function wordTypeOf(name: string): WordType | undefined {
  if (!known.has(name)) known.set(name, makeWordType(name));
  return known.get(name);
}

function makeWordType(name: string): WordType | undefined {
  if (name === 'address') return bytesRight('address', ADDRESS_BYTES);
  if (name === 'bool') {
    return {
      name,
      check(bytes, at) {
        if (!isAll(0, bytes, at, 31) || (bytes[at + 31] as number) > 1)
          throw new RangeError('a bool is neither 0 nor 1');
      },
      read: (bytes, at) => bytes[at + 31] === 1,
      from: 31,
      size: 1,
    };
  }
  const integer = /^(u?)int(\d+)$/.exec(name);
  if (integer) return integerType(name, integer[1] === '', Number(integer[2]) / 8);
  const fixedBytes = /^bytes(\d+)$/.exec(name);
  return fixedBytes ? bytesLeft(name, Number(fixedBytes[1])) : undefined;
}

function bytesRight(name: string, size: number): WordType {
  const from = WORD_BYTES - size;
  return {
    name,
    check(bytes, at) {
      if (!isAll(0, bytes, at, from)) throw new RangeError(`an ${name} has bits above its ${size} bytes`);
    },
    read: (bytes, at) => hexAt(bytes, at + from, size),
    from,
    size,
  };
}

function bytesLeft(name: string, size: number): WordType {
  return {
    name,
    check(bytes, at) {
      if (!isAll(0, bytes, at + size, WORD_BYTES - size)) throw new RangeError(`a ${name} has bits after its end`);
    },
    read: (bytes, at) => hexAt(bytes, at, size),
    from: 0,
    size,
  };
}

function integerType(name: string, signed: boolean, size: number): WordType {
  const from = WORD_BYTES - size;
  const isNegative = (bytes: Buffer, at: number) => signed && (bytes[at + from] as number) >= 0x80;
  return {
    name,
    check(bytes, at) {
      if (!isAll(isNegative(bytes, at) ? 0xff : 0, bytes, at, from)) {
        throw new RangeError(`${signed ? 'an' : 'a'} ${name} has bits above its type`);
      }
    },
    read(bytes, at) {
      // The lowest 32 bits, of an int with its sign.
      if (size <= 4) return signed ? bytes.readInt32BE(at + 28) : bytes.readUInt32BE(at + 28);
      if (isNegative(bytes, at)) return BigInt.asIntN(256, BigInt(hexAt(bytes, at, WORD_BYTES)));
      return unsignedAt(bytes, at);
    },
    from,
    size,
  };
}

/** A word as an unsigned integer. Most ids are far below 2^64, most amounts a little above it. */
function unsignedAt(bytes: Buffer, at: number): bigint {
  if (!isAll(0, bytes, at, 16)) return BigInt(hexAt(bytes, at, WORD_BYTES));
  if (!isAll(0, bytes, at + 16, 8)) return (bytes.readBigUInt64BE(at + 16) << 64n) | bytes.readBigUInt64BE(at + 24);
  const high = bytes.readUInt32BE(at + 24);
  const low = bytes.readUInt32BE(at + 28);
  return high < 2 ** 21 ? BigInt(high * 2 ** 32 + low) : (BigInt(high) << 32n) | BigInt(low);
}

export function isAll(byte: number, bytes: Buffer, at: number, length: number): boolean {
  for (let i = at; i < at + length; i++) if (bytes[i] !== byte) return false;
  return true;
}
