import { EventFragment, type ParamType } from 'ethers/abi';
import { LogData, type Reader, readerOf, topicTypeOf, type Value } from './abiReaders';
import { type WordType, wordTypeOf } from './abiWords';
import { type LogBytes, logBytesOf, topicAt } from './logBytes';

export type { Value } from './abiReaders';
export type EventArgs = Record<string, Value>;

/** A log that doesn't fit its event: kept and counted as undecoded, never fatal. */
export class UndecodableLog extends Error {}

/** An argument that is one word: where it stands in every log of its event. */
export interface WordPlace {
  type: WordType;
  /** Which topic; undefined: in the data. */
  topic: number | undefined;
  /** From the beginning of the data. */
  head: number;
}

export interface EventDecoder {
  name: string;
  /** 0x-prefixed lower-case hash of the signature. */
  topic0: string;
  /** The human-readable signature it was made from: what event_type stores. */
  fragment: string;
  params: readonly ParamType[];
  /** Arguments that are one word each. */
  words: ReadonlyMap<string, WordPlace>;
  /** Whether every argument is: then a checked log needs no decoding. */
  isWords: boolean;
  /**
   * Whether `read` could read it, for less.
   * @throws UndecodableLog where protocol/README "Logs that aren't what they seem" says so
   */
  check(log: LogBytes): void;
  /** @throws UndecodableLog, as `check` */
  read(log: LogBytes): EventArgs;
  /** The same of hex: topics are 0x-prefixed words, topic0 first, data is 0x-prefixed. */
  decode(topics: readonly string[], data: string): EventArgs;
}

/** Where the word of an argument stands in this log. */
export function placeIn(log: LogBytes, { topic, head }: WordPlace): number {
  return topic === undefined ? log.dataAt + head : topicAt(log, topic);
}

const decoders = new Map<string, EventDecoder>();

/** Compiled once per signature. */
export function decoderOf(fragment: string): EventDecoder {
  let decoder = decoders.get(fragment);
  if (!decoder) {
    decoder = compileDecoder(fragment);
    decoders.set(fragment, decoder);
  }
  return decoder;
}

/**
 * Makes the decoder of one event once, at start-up: a reader for each argument at its fixed offset, a general path for
 * dynamic types. It is proven equal to ethers by test/schema/eventDecoder.test.ts and is some hundred times faster.
 */
export function compileDecoder(fragment: string): EventDecoder {
  const event = EventFragment.from(fragment);
  // Names may be missing, or the same twice: every argument is checked all the same.
  const named: [name: string, place: WordPlace][] = [];
  const plain: { name: string; read: Reader; head: number }[] = [];
  let topicCount = event.anonymous ? 0 : 1;
  let headBytes = 0;
  for (const param of event.inputs) {
    if (param.indexed) {
      named.push([param.name, { type: topicTypeOf(param), topic: topicCount++, head: 0 }]);
      continue;
    }
    const reader = readerOf(param);
    const type = wordTypeOf(param.type);
    if (type) named.push([param.name, { type, topic: undefined, head: headBytes }]);
    else plain.push({ name: param.name, read: reader.read, head: headBytes });
    headBytes += reader.headBytes;
  }
  const places = named.map(([, place]) => place);
  const names = event.inputs.map(({ name }) => name);

  function checkWords(log: LogBytes): void {
    if (log.topicCount !== topicCount) {
      throw new UndecodableLog(`${event.name} has ${topicCount} topics, this log ${log.topicCount}`);
    }
    if (log.dataBytes < headBytes) {
      throw new UndecodableLog(`${event.name} needs ${headBytes} bytes of data, this log has ${log.dataBytes}`);
    }
    try {
      for (const place of places) place.type.check(log.bytes, placeIn(log, place));
    } catch (error) {
      throw undecodable(event.name, error);
    }
  }

  function read(log: LogBytes): EventArgs {
    checkWords(log);
    const found: EventArgs = {};
    // Arguments in the signature's order, whichever way they travel.
    for (const name of names) found[name] = undefined as never;
    for (const [name, place] of named) found[name] = place.type.read(log.bytes, placeIn(log, place));
    if (plain.length === 0) return found;
    try {
      const data = new LogData(log);
      for (const { name, read: readArgument, head } of plain) found[name] = readArgument(data, log.dataAt, head);
    } catch (error) {
      throw undecodable(event.name, error);
    }
    return found;
  }

  return {
    name: event.name,
    topic0: event.topicHash,
    fragment,
    params: event.inputs,
    words: new Map(named),
    isWords: plain.length === 0,
    check: plain.length === 0 ? checkWords : read,
    read,
    decode: (topics, data) =>
      read(logBytesOf(Buffer.from([...topics, data].map((hex) => hex.slice(2)).join(''), 'hex'), topics.length)),
  };
}

function undecodable(event: string, error: unknown): unknown {
  return error instanceof RangeError ? new UndecodableLog(`${event}: ${error.message}`) : error;
}
