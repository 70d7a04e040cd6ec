import { getAddress } from 'ethers';
import type { Args, PlacedBlock, PlacedLog, Value } from '../log';
import { idOf, iso, type JsonObject, type Place } from './json';

/** A decoded log, with its place in its chain's order. */
export class Fact {
  readonly chainId: number;
  readonly args: Args;

  constructor(
    readonly block: PlacedBlock,
    readonly log: PlacedLog,
    readonly event: string,
    args: Args,
    /** Running number of the chain's decoded logs. */
    readonly seq: number,
  ) {
    this.chainId = block.chainId;
    this.args = stored(args) as Args;
  }

  big(name: string): bigint {
    const value = this.args[name];
    if (typeof value !== 'bigint') throw new Error(`${this.event}.${name} is no integer`);
    return value;
  }

  /** A string, an address or bytes. */
  text(name: string): string {
    const value = this.args[name];
    if (typeof value !== 'string') throw new Error(`${this.event}.${name} is no string`);
    return value;
  }

  flag(name: string): boolean {
    return this.args[name] === true;
  }

  list(name: string): Value[] {
    const value = this.args[name];
    if (!Array.isArray(value)) throw new Error(`${this.event}.${name} is no array`);
    return value;
  }

  place(item = 0): Place {
    return { timestamp: this.block.timestamp, chainId: this.chainId, seq: this.seq, item };
  }

  /** "<type>:<chainId>:<blockNumber>-<logIndex>" */
  id(type: string): string {
    return idOf(type, this.chainId, `${this.block.number}-${this.log.logIndex}`);
  }

  provenance(): JsonObject {
    const { number, hash, timestamp } = this.block;
    return {
      block: { chainId: this.chainId, number, hash, timestamp: iso(timestamp) },
      transactionHash: this.log.txHash,
      logIndex: this.log.logIndex,
      contract: getAddress(this.log.address),
      event: this.event,
      eventId: this.id('event'),
      timestamp: iso(timestamp),
    };
  }
}

/** Postgres text can't hold NUL: it is stored as U+FFFD. */
export function storedText(text: string): string {
  return text.replaceAll('\0', '\uFFFD');
}

function stored(value: Value): Value {
  if (typeof value === 'string') return storedText(value);
  if (Array.isArray(value)) return value.map(stored);
  if (typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, stored(part)]));
  return value;
}
