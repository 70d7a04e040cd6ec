import type { ParamType } from 'ethers';
import { isAll, type Scalar, type WordType, wordTypeOf } from './abiWords';
import { hexAt, type LogBytes, WORD_BYTES } from './logBytes';

/**
 * Integers up to 32 bits are numbers, wider ones bigint; addresses and bytes 0x-prefixed lower-case hex; structs are
 * objects by field name.
 */
export type Value = Scalar | Value[] | { [name: string]: Value };

/** Reads a value whose head stands at `base + head`; offsets of dynamic values count from `base`. */
export type Reader = (data: LogData, base: number, head: number) => Value;

/**
 * The data of a log while it is read. Offsets may point anywhere, many to one place: what a log decodes to is held to a
 * multiple of its own size, or a few kilobytes could ask for gigabytes. No encoder writes overlapping values.
 */
export class LogData {
  readonly bytes: Buffer;
  readonly end: number;
  private left: number;

  constructor({ bytes, dataAt, dataBytes }: LogBytes) {
    this.bytes = bytes;
    this.end = dataAt + dataBytes;
    this.left = 16 * dataBytes + 2048;
  }

  spend(bytes: number): void {
    this.left -= bytes;
    if (this.left < 0) throw new RangeError('its values overlap so much that they exceed sixteen times its data');
  }
}

/** What the topic of an indexed argument holds: of a dynamic type only a hash. */
export function topicTypeOf(param: ParamType): WordType {
  return wordTypeOf(param.type) ?? (wordTypeOf('bytes32') as WordType);
}

export function readerOf(param: ParamType): { read: Reader; headBytes: number; dynamic: boolean } {
  const word = wordTypeOf(param.type);
  if (word)
    return { read: (data, base, head) => readWord(word, data, base + head), headBytes: WORD_BYTES, dynamic: false };
  if (param.type === 'string') return dynamic(textAt);
  if (param.type === 'bytes') {
    return dynamic((data, at) => {
      const size = sizeOfBytes(data, at);
      return hexAt(data.bytes, at + WORD_BYTES, size);
    });
  }
  if (param.isArray()) return arrayReader(param.arrayChildren, param.arrayLength ?? -1);
  if (param.isTuple()) return tupleReader(param.components);
  throw new TypeError(`no reader for ABI type ${param.type}`);
}

function dynamic(readAt: (data: LogData, at: number) => Value) {
  const read: Reader = (data, base, head) => readAt(data, base + sizeAt(data, base + head));
  return { read, headBytes: WORD_BYTES, dynamic: true };
}

function tupleReader(components: readonly ParamType[]) {
  const fields: { name: string; read: Reader; head: number }[] = [];
  let size = 0;
  let isDynamic = false;
  for (const component of components) {
    const reader = readerOf(component);
    fields.push({ name: component.name, read: reader.read, head: size });
    size += reader.headBytes;
    isDynamic ||= reader.dynamic;
  }
  const readAt = (data: LogData, at: number): Value => {
    const found: { [name: string]: Value } = {};
    for (const { name, read, head } of fields) found[name] = read(data, at, head);
    return found;
  };
  if (isDynamic) return dynamic(readAt);
  const read: Reader = (data, base, head) => readAt(data, base + head);
  return { read, headBytes: size, dynamic: false };
}

/** @param fixedLength -1 for T[] */
function arrayReader(child: ParamType, fixedLength: number) {
  const element = readerOf(child);
  const readItems = (data: LogData, at: number, length: number): Value => {
    const size = length * element.headBytes;
    if (size > data.end - at) throw new RangeError(`${length} items don't fit its data`);
    data.spend(size);
    const found: Value[] = new Array(length);
    for (let i = 0; i < length; i++) found[i] = element.read(data, at, i * element.headBytes);
    return found;
  };
  if (fixedLength < 0) return dynamic((data, at) => readItems(data, at + WORD_BYTES, sizeAt(data, at)));
  if (element.dynamic) return dynamic((data, at) => readItems(data, at, fixedLength));
  const read: Reader = (data, base, head) => readItems(data, base + head, fixedLength);
  return { read, headBytes: fixedLength * element.headBytes, dynamic: false };
}

/** Invalid UTF-8 becomes U+FFFD; so does NUL, which Postgres text can't hold. Nothing is cut. */
function textAt(data: LogData, at: number): string {
  const start = at + WORD_BYTES;
  const text = data.bytes.toString('utf8', start, start + sizeOfBytes(data, at));
  return text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text;
}

/** Of a string or bytes whose length word stands at `at`; padding after the last byte may be missing. */
function sizeOfBytes(data: LogData, at: number): number {
  const size = sizeAt(data, at);
  if (size > data.end - at - WORD_BYTES) throw new RangeError(`${size} bytes don't fit its data`);
  data.spend(size);
  return size;
}

/** A length or an offset: anything that needs more than six bytes points outside of any log. */
function sizeAt(data: LogData, at: number): number {
  assertWord(data, at);
  if (!isAll(0, data.bytes, at, 26)) throw new RangeError('an offset or length points outside its data');
  return data.bytes.readUIntBE(at + 26, 6);
}

function readWord(type: WordType, data: LogData, at: number): Value {
  assertWord(data, at);
  type.check(data.bytes, at);
  return type.read(data.bytes, at);
}

function assertWord({ end }: LogData, at: number): void {
  if (at + WORD_BYTES > end) throw new RangeError('its data ends inside a word');
}
