import type { ParamType } from 'ethers';

/**
 * Integers up to 32 bits are numbers, wider ones bigint; addresses and bytes 0x-prefixed lower-case hex; structs are
 * objects by field name.
 */
export type Value = string | number | bigint | boolean | Value[] | { [name: string]: Value };

/** Reads a static value from the word that starts at character `at`. Throws RangeError for bits outside the type. */
export type WordReader = (hex: string, at: number) => Value;
/**
 * Reads a value whose head stands at `base + head` of `body` (hex characters without 0x); offsets of dynamic values
 * count from `base`.
 */
export type Reader = (body: string, base: number, head: number, budget: DecodingBudget) => Value;

const WORD = 64;
const ZEROS = '0'.repeat(WORD);
const ONES = 'f'.repeat(WORD);

/**
 * Offsets may point anywhere, many to one place: what a log decodes to is held to a multiple of its own size, or a
 * few kilobytes could ask for gigabytes. No encoder writes overlapping values.
 */
export class DecodingBudget {
  private left: number;
  constructor(bodyChars: number) {
    this.left = 16 * bodyChars + 4096;
  }
  spend(chars: number): void {
    this.left -= chars;
    if (this.left < 0) throw new RangeError('its values overlap so much that they exceed sixteen times its data');
  }
}

/** The reader of an indexed argument: of a dynamic type the topic holds only a hash. */
export function wordReaderOf(param: ParamType): WordReader {
  return staticWordReader(param.type) ?? readBytes32;
}

export function readerOf(param: ParamType): { read: Reader; headChars: number; dynamic: boolean } {
  const word = staticWordReader(param.type);
  if (word) return { read: (body, base, head) => word(body, base + head), headChars: WORD, dynamic: false };
  if (param.type === 'string') return dynamic((body, at, budget) => textOf(bytesAt(body, at, budget)));
  if (param.type === 'bytes') return dynamic((body, at, budget) => `0x${bytesAt(body, at, budget)}`);
  if (param.isArray()) return arrayReader(param.arrayChildren, param.arrayLength ?? -1);
  if (param.isTuple()) return tupleReader(param.components);
  throw new TypeError(`no reader for ABI type ${param.type}`);
}

function dynamic(readAt: (body: string, at: number, budget: DecodingBudget) => Value) {
  const read: Reader = (body, base, head, budget) => readAt(body, base + offsetAt(body, base + head), budget);
  return { read, headChars: WORD, dynamic: true };
}

function tupleReader(components: readonly ParamType[]) {
  const fields: { name: string; read: Reader; head: number }[] = [];
  let size = 0;
  let isDynamic = false;
  for (const component of components) {
    const reader = readerOf(component);
    fields.push({ name: component.name, read: reader.read, head: size });
    size += reader.headChars;
    isDynamic ||= reader.dynamic;
  }
  const readAt = (body: string, at: number, budget: DecodingBudget): Value => {
    const found: { [name: string]: Value } = {};
    for (const { name, read, head } of fields) found[name] = read(body, at, head, budget);
    return found;
  };
  if (isDynamic) return dynamic(readAt);
  const read: Reader = (body, base, head, budget) => readAt(body, base + head, budget);
  return { read, headChars: size, dynamic: false };
}

/** @param fixedLength -1 for T[] */
function arrayReader(child: ParamType, fixedLength: number) {
  const element = readerOf(child);
  const readItems = (body: string, at: number, length: number, budget: DecodingBudget): Value => {
    if (length * element.headChars > body.length - at) throw new RangeError(`${length} items don't fit its data`);
    budget.spend(length * element.headChars);
    const found: Value[] = new Array(length);
    for (let i = 0; i < length; i++) found[i] = element.read(body, at, i * element.headChars, budget);
    return found;
  };
  if (fixedLength < 0) {
    return dynamic((body, at, budget) => readItems(body, at + WORD, sizeAt(body, at), budget));
  }
  if (element.dynamic) return dynamic((body, at, budget) => readItems(body, at, fixedLength, budget));
  const read: Reader = (body, base, head, budget) => readItems(body, base + head, fixedLength, budget);
  return { read, headChars: fixedLength * element.headChars, dynamic: false };
}

/** The bytes (hex) of a string or bytes whose length word stands at `at`; padding after the last may be missing. */
function bytesAt(body: string, at: number, budget: DecodingBudget): string {
  const start = at + WORD;
  const chars = sizeAt(body, at) * 2;
  if (chars > body.length - start) throw new RangeError(`${chars / 2} bytes don't fit its data`);
  budget.spend(chars);
  return body.slice(start, start + chars);
}

/** Invalid UTF-8 becomes U+FFFD; so does NUL, which Postgres text can't hold. Nothing is cut. */
function textOf(hex: string): string {
  const text = Buffer.from(hex, 'hex').toString('utf8');
  return text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text;
}

/** An offset in bytes as a distance in characters. */
function offsetAt(body: string, at: number): number {
  return sizeAt(body, at) * 2;
}

/** A length or an offset: anything that needs more than six bytes points outside of any log. */
function sizeAt(body: string, at: number): number {
  const word = wordAt(body, at);
  if (!word.startsWith('0'.repeat(52))) throw new RangeError('an offset or length points outside its data');
  return Number.parseInt(word.slice(52), 16);
}

function wordAt(hex: string, at: number): string {
  const word = hex.slice(at, at + WORD);
  if (word.length !== WORD) throw new RangeError('its data ends inside a word');
  return word;
}

const readBytes32: WordReader = (hex, at) => `0x${wordAt(hex, at)}`;

function staticWordReader(type: string): WordReader | undefined {
  if (type === 'bytes32') return readBytes32;
  if (type === 'address') {
    return (hex, at) => {
      const word = wordAt(hex, at);
      if (!word.startsWith('0'.repeat(24))) throw new RangeError('an address has bits above its 20 bytes');
      return `0x${word.slice(24)}`;
    };
  }
  if (type === 'bool') {
    return (hex, at) => {
      const word = wordAt(hex, at);
      if (!word.startsWith(ZEROS.slice(1)) || (word[63] !== '0' && word[63] !== '1')) {
        throw new RangeError('a bool is neither 0 nor 1');
      }
      return word[63] === '1';
    };
  }
  const integer = /^(u?)int(\d+)$/.exec(type);
  if (integer) return integerReader(integer[1] === '', Number(integer[2]));
  const fixedBytes = /^bytes(\d+)$/.exec(type);
  if (fixedBytes) {
    const chars = Number(fixedBytes[1]) * 2;
    return (hex, at) => {
      const word = wordAt(hex, at);
      if (word.slice(chars) !== ZEROS.slice(chars)) throw new RangeError(`a ${type} has bits after its end`);
      return `0x${word.slice(0, chars)}`;
    };
  }
  return undefined;
}

function integerReader(signed: boolean, bits: number): WordReader {
  const chars = bits / 4;
  const above = WORD - chars;
  return (hex, at) => {
    const word = wordAt(hex, at);
    const negative = signed && Number.parseInt(word[above] as string, 16) >= 8;
    if (word.slice(0, above) !== (negative ? ONES : ZEROS).slice(0, above)) {
      throw new RangeError(`${signed ? 'an int' : 'a uint'}${bits} has bits above its type`);
    }
    if (bits <= 32) {
      const value = Number.parseInt(word.slice(above), 16);
      return negative ? value - 2 ** bits : value;
    }
    const value = BigInt(`0x${word}`);
    return negative ? BigInt.asIntN(256, value) : value;
  };
}
