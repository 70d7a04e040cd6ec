import { profiles } from '../../schema/profiles';
import type { LoopEvent } from './cast';
import type { LogRecord } from './emitterCode';
import { type LogEncoder, logEncoderOf } from './encodeLog';
import { loopEvents } from './loopEvents';

/** Counts up when the history changes: a chain that was kept from before is another one then. */
export const HISTORY_VERSION = 3;
export const GENESIS_TIMESTAMP = 1_760_000_000;
export const BLOCK_SECONDS = 2;
export const EVENTS_PER_BLOCK = 200;

/** A log before it has a place. */
export interface EmittedLog extends LogRecord {
  address: string;
}
/** Logs per transaction. */
export type EmittedBlock = EmittedLog[][];

const PROFILE = 'openledger-reference';
const contractEvents = profiles[PROFILE]!.contracts;
/** The contracts of the loop, each at an address that reads as one. */
export const loopContracts = Object.keys(contractEvents).map((contract, i) => ({
  profile: PROFILE,
  contract,
  address: `0x${(0xbe00 + i).toString(16).padStart(40, '0')}`,
}));
const addressOf = new Map(loopContracts.map(({ contract, address }) => [contract, address]));
const encoders = new Map<string, LogEncoder>(
  Object.entries(contractEvents).flatMap(([contract, fragments]) =>
    fragments.map((fragment) => [`${contract}.${/^event (\w+)/.exec(fragment)![1]}`, logEncoderOf(fragment)] as const),
  ),
);

export function emittedLog({ contract, event, values }: LoopEvent): EmittedLog {
  return { address: addressOf.get(contract)!, ...encoders.get(`${contract}.${event}`)!(values) };
}

/** Blocks that together hold at least this many events, a transaction for each story. */
export function* benchBlocks(events: number, eventsPerBlock = EVENTS_PER_BLOCK): Generator<EmittedBlock> {
  let block: EmittedBlock = [];
  let inBlock = 0;
  let told = 0;
  for (const story of loopEvents()) {
    block.push(story.map(emittedLog));
    told += story.length;
    inBlock += story.length;
    if (inBlock < eventsPerBlock && told < events) continue;
    yield block;
    if (told >= events) return;
    block = [];
    inBlock = 0;
  }
}
