import type { ParamType } from 'ethers';
import { decoderOf, type EventArgs, type Value } from '../schema/eventDecoder';
import { type Subject, subjectId, subjectsOf } from '../schema/subject';
import { toAddress, toHex } from './bytes';
import type { EventArg } from './types/event';

/** An event as the tables `event` and `retracted_event` hold it, with its type's signature. */
export interface EventRow {
  chain_id: number;
  pos: bigint;
  tx_hash: Buffer;
  contract: Buffer;
  fragment: string;
  /** All topics, 32 bytes each, topic0 first. */
  topics: Buffer;
  data: Buffer;
}

export function eventName(fragment: string): string {
  return decoderOf(fragment).name;
}

export function decodeEvent(row: EventRow): EventArgs {
  const topics: string[] = [];
  for (let at = 0; at < row.topics.length; at += 32) topics.push(toHex(row.topics.subarray(at, at + 32)));
  return decoderOf(row.fragment).decode(topics, toHex(row.data));
}

export function argsOf(row: EventRow): EventArg[] {
  const args = decodeEvent(row);
  return decoderOf(row.fragment).params.map((param) => ({
    name: param.name,
    type: param.format('sighash'),
    value: text(args[param.name] as Value, param),
  }));
}

const subjectsByRow = new WeakMap<EventRow, Subject[]>();

/** Remembered with the row, since every subscriber's filter asks. */
export function subjectsOfEvent(row: EventRow): Subject[] {
  let subjects = subjectsByRow.get(row);
  if (!subjects) {
    const decoder = decoderOf(row.fragment);
    subjects = subjectsOf(decoder, decodeEvent(row));
    subjectsByRow.set(row, subjects);
  }
  return subjects;
}

export function subjectIds(row: EventRow): string[] {
  return subjectsOfEvent(row).map((subject) => subjectId(row.chain_id, subject));
}

function text(value: Value, param: ParamType): string {
  const shown = json(value, param);
  return typeof shown === 'string' ? shown : JSON.stringify(shown);
}

/** Integers as strings at any depth, so that no JSON reader rounds one. */
function json(value: Value, param: ParamType): unknown {
  if (Array.isArray(value)) return value.map((item) => json(item, param.arrayChildren ?? param));
  if (typeof value === 'object') {
    return Object.fromEntries(
      (param.components ?? []).map((field) => [field.name, json(value[field.name] as Value, field)]),
    );
  }
  if (typeof value === 'string') return param.type === 'address' ? toAddress(value) : value;
  return typeof value === 'boolean' ? value : String(value);
}
