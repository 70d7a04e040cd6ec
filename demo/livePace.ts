import { DAY, HOUR, type Pace } from './scene';
import type { Society } from './society';

const WEEK = 7 * DAY;

/** Wishes a turn while the loop grows as its history does: somebody is paid every few seconds. */
const WISHES = 0.5;
const MINUTE = 60;

/** Up to here, of this week's answers to those of the week before, nobody holds back. */
const ORDINARY_GROWTH = 2.5;
const MOST_RESTRAINT = 30;

const UNRESTRAINED: Pace = {
  decide: [6, 40],
  publish: 20 * MINUTE,
  train: 2 * HOUR,
  attribute: 2,
  claim: 5 * MINUTE,
  resolve: 30,
  emit: 30 * MINUTE,
};

/** What the live actors do in a turn, and how long they take. */
export interface LivePace {
  /** How likely somebody wants something in a turn. */
  wishes: number;
  pace: Pace;
}

/**
 * The live loop turns in minutes, what the history did in days: whoever watches shall see it turn. At that speed this
 * week would be forty times the last one after an hour, so the more it has outgrown that, the rarer people act.
 * @param now seconds
 */
export function livePace({ inferences }: Pick<Society, 'inferences'>, now: number): LivePace {
  let [thisWeek, lastWeek] = [0, 0];
  for (const { settledAt } of inferences.values()) {
    if (settledAt > now - WEEK) thisWeek++;
    else if (settledAt > now - 2 * WEEK) lastWeek++;
  }
  // After a fortnight without anybody there is nothing to compare with.
  const growth = lastWeek === 0 ? 1 : thisWeek / lastWeek;
  const restraint = Math.min(Math.max(1, growth / ORDINARY_GROWTH) ** 3, MOST_RESTRAINT);
  const { publish, train, emit } = UNRESTRAINED;
  return {
    wishes: WISHES / restraint,
    pace: { ...UNRESTRAINED, publish: publish * restraint, train: train * restraint, emit: emit * restraint },
  };
}
