import type { Addresses } from '../contracts/deploy';
import type { Cast } from './cast';
import type { Call } from './chainWriter';
import type { Dice } from './dice';
import type { Society } from './society';

export const HOUR = 3_600;
export const DAY = 24 * HOUR;
export const OPEN = 10n ** 18n;
export const NATIVE = `0x${'0'.repeat(40)}`;
export const NO_BYTES = `0x${'0'.repeat(64)}`;

/** How long people take, in seconds: in the history days, in the live loop minutes (./livePace). */
export interface Pace {
  /** From submission to decision: each contribution has its own time in between. */
  decide: [low: number, high: number];
  /** A datanet publishes at the earliest this long after its last version… */
  publish: number;
  /** …a model is trained again this long after its last run, if it has new data. */
  train: number;
  /** From settlement to attribution. */
  attribute: number;
  /** From the first unclaimed reward to its claim, at most. */
  claim: number;
  resolve: number;
  /** Between two releases of emissions. */
  emit: number;
}

export const HISTORY_PACE: Pace = {
  decide: [10 * HOUR, 60 * HOUR],
  publish: 3 * DAY,
  train: 6 * DAY,
  attribute: HOUR,
  claim: 9 * DAY,
  resolve: 1.5 * DAY,
  emit: 7 * DAY,
};

/** The moment in which people choose what to do. */
export interface Scene {
  society: Society;
  cast: Cast;
  dice: Dice;
  addresses: Addresses;
  pace: Pace;
  /** Seconds, of the block that is being made. */
  now: number;
  /** Since the history began. */
  day: number;
  /** Calls that were chosen for this block already; what they do isn't in `society` yet. */
  chosen: readonly Call[];
}

/** What somebody does now: the calls of one block, none if there is nothing to do. */
export type Move = (scene: Scene) => Call[];

/** By this day a small history shall have seen everything once: what is missing then is done on purpose. */
const EVERYTHING_SEEN_BY = 30;

export function isMissing({ society, day }: Scene, event: string): boolean {
  return day >= EVERYTHING_SEEN_BY && !society.has(event);
}
