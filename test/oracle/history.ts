import { EVENTS } from './abi';
import { Cast } from './history/cast';
import { malformedLog, oddLog } from './history/malformed';
import { Random } from './history/random';
import { STORIES } from './history/stories';
import type { Block, HistoryLog } from './log';

export interface HistoryOptions {
  /** About how many logs; default 600. Every event of both profiles is there from 300 on. */
  logs?: number;
  /** Number of the first block; default 1. The same seed with another start draws the same logs. */
  fromBlock?: number;
  /** Timestamp before the first block, seconds; default 1,750,000,000. */
  timestamp?: number;
  /** `weak` lets blocks share a timestamp; default `strict`. */
  timestamps?: 'strict' | 'weak';
  /** Default about 12 logs a block; every tenth block is empty. */
  logsPerBlock?: number;
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
  } = options;
  const random = new Random(seed);
  let timestamp = start;
  const cast = new Cast(random, logs, () => timestamp);
  const every = random.shuffle(EVENTS);
  const blocks: Block[] = [];
  for (let told = 0; told < logs; ) {
    timestamp += timestamps === 'weak' ? random.pick([0, 0, 1, 2, 30]) : random.pick([1, 2, 2, 30, 90_000]);
    const txs: HistoryLog[][] = [];
    const target = random.chance(0.1) ? 0 : random.between(1, 2 * logsPerBlock);
    for (let held = 0; held < target; ) {
      // Each event once for certain, spread over the history.
      const due = (EVENTS.length * (told + held)) / (0.8 * logs);
      const owed = EVENTS.length - every.length < due ? every.pop() : undefined;
      const tx = owed ? [cast.event(owed.event)] : transaction(cast);
      if (tx.length > 0) txs.push(tx);
      held += tx.length;
    }
    told += txs.flat().length;
    blocks.push({ number: fromBlock + blocks.length, timestamp, txs });
  }
  return blocks;
}

function transaction(cast: Cast): HistoryLog[] {
  const { random } = cast;
  const kind = random.below(20);
  if (kind < 11) return random.pick(STORIES)(cast);
  if (kind < 17) return Array.from({ length: random.between(1, 4) }, () => cast.event(random.pick(EVENTS).event));
  if (kind < 19) return [malformedLog(cast)];
  return [oddLog(cast)];
}
