import { EventFragment, type ParamType } from 'ethers';
import { DecodingBudget, type Reader, readerOf, type Value, type WordReader, wordReaderOf } from './abiReaders';

export type { Value } from './abiReaders';
export type EventArgs = Record<string, Value>;

/** A log that doesn't fit its event: kept and counted as undecoded, never fatal. */
export class UndecodableLog extends Error {}

export interface EventDecoder {
  name: string;
  /** 0x-prefixed lower-case hash of the signature. */
  topic0: string;
  /** The human-readable signature it was made from: what event_type stores. */
  fragment: string;
  params: readonly ParamType[];
  /**
   * @param topics 0x-prefixed lower-case words, topic0 first
   * @param data 0x-prefixed lower-case
   * @throws UndecodableLog where protocol/README "Logs that aren't what they seem" says so
   */
  decode(topics: readonly string[], data: string): EventArgs;
}

/**
 * Makes the decoder of one event once, at start-up: a reader for each argument at its fixed offset, a general path for
 * dynamic types. It is proven equal to ethers by test/schema/eventDecoder.test.ts and is some hundred times faster.
 */
export function compileDecoder(fragment: string): EventDecoder {
  const event = EventFragment.from(fragment);
  const indexed: { name: string; read: WordReader }[] = [];
  const plain: { name: string; read: Reader; head: number }[] = [];
  let head = 0;
  for (const param of event.inputs) {
    if (param.indexed) {
      indexed.push({ name: param.name, read: wordReaderOf(param) });
    } else {
      const reader = readerOf(param);
      plain.push({ name: param.name, read: reader.read, head });
      head += reader.headChars;
    }
  }
  const headChars = head;
  const names = event.inputs.map(({ name }) => name);
  const topicCount = indexed.length + (event.anonymous ? 0 : 1);

  return {
    name: event.name,
    topic0: event.topicHash,
    fragment,
    params: event.inputs,
    decode(topics, data) {
      if (topics.length !== topicCount) {
        throw new UndecodableLog(`${event.name} has ${topicCount} topics, this log ${topics.length}`);
      }
      const body = data.slice(2);
      if (body.length < headChars) {
        throw new UndecodableLog(`${event.name} needs ${headChars / 2} bytes of data, this log has ${body.length / 2}`);
      }
      const found: EventArgs = {};
      // Arguments in the signature's order, whichever way they travel.
      for (const name of names) found[name] = undefined as never;
      try {
        for (let i = 0; i < indexed.length; i++) {
          const { name, read } = indexed[i] as (typeof indexed)[number];
          found[name] = read(topics[i + 1] as string, 2);
        }
        const budget = new DecodingBudget(body.length);
        for (const { name, read, head } of plain) found[name] = read(body, 0, head, budget);
      } catch (error) {
        if (error instanceof RangeError) throw new UndecodableLog(`${event.name}: ${error.message}`);
        throw error;
      }
      return found;
    },
  };
}
