import { EVENTS } from './abi';
import { Cast } from './history/cast';
import { MALFORMED, ODD } from './history/malformed';
import { Random } from './history/random';
import { STORIES, type Story } from './history/stories';
import type { Block, HistoryLog } from './log';

export interface HistoryOptions {
  /** About how many logs; default 600. Every event of both profiles and every kind of malformed log is there. */
  logs?: number;
  /** Number of the first block; default 1. The same seed with another start draws the same logs. */
  fromBlock?: number;
  /** Timestamp before the first block, seconds; default 1,750,000,000. */
  timestamp?: number;
  /** `weak` lets blocks share a timestamp; default `strict`. */
  timestamps?: 'strict' | 'weak';
  /** Default about 12 logs a block; every tenth block is empty. */
  logsPerBlock?: number;
  /** Told as often as the ordinary ones together. */
  stories?: readonly Story[];
}

/**
 * A seeded history that is as nasty as a chain may be and still coherent enough that every rule has something to do.
 * The same seed and options give the same blocks.
 */
export function randomHistory(seed: string | number, options: HistoryOptions = {}): Block[] {
  const {
    logs = 600,
    fromBlock = 1,
    timestamp: start = 1_750_000_000,
    timestamps = 'strict',
    logsPerBlock = 12,
    stories = [],
  } = options;
  const random = new Random(seed);
  let timestamp = start;
  const cast = new Cast(random, logs, () => timestamp);
  const certain = random.shuffle([
    ...EVENTS.map(
      ({ event }) =>
        () =>
          cast.event(event),
    ),
    ...MALFORMED,
    ...ODD,
  ]);
  const certainties = certain.length;
  const blocks: Block[] = [];
  for (let told = 0; told < logs; ) {
    timestamp += timestamps === 'weak' ? random.pick([0, 0, 1, 2, 30]) : random.pick([1, 2, 2, 30, 90_000]);
    const txs: HistoryLog[][] = [];
    const target = random.chance(0.1) ? 0 : random.between(1, 2 * logsPerBlock);
    for (let held = 0; held < target; ) {
      // Each event, and each way of being none, once for certain, spread over the history.
      const due = (certainties * (told + held)) / (0.8 * logs);
      const owed = certainties - certain.length < due ? certain.pop() : undefined;
      const tx = owed ? [owed(cast)] : transaction(cast, stories);
      if (tx.length > 0) txs.push(tx);
      held += tx.length;
    }
    told += txs.flat().length;
    blocks.push({ number: fromBlock + blocks.length, timestamp, txs });
  }
  return blocks;
}

function transaction(cast: Cast, stories: readonly Story[]): HistoryLog[] {
  const { random } = cast;
  if (stories.length > 0 && random.chance(0.5)) return random.pick(stories)(cast);
  const kind = random.below(20);
  if (kind < 11) return random.pick(STORIES)(cast);
  if (kind < 17) return Array.from({ length: random.between(1, 4) }, () => cast.event(random.pick(EVENTS).event));
  if (kind < 19) return [random.pick(MALFORMED)(cast)];
  return [random.pick(ODD)(cast)];
}
