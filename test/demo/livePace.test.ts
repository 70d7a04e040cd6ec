import type { Inference } from '../../demo/entities';
import { livePace } from '../../demo/livePace';
import { HISTORY_PACE } from '../../demo/scene';

const DAY = 86_400;
const NOW = 1_790_000_000;
const MINUTES_PER_HOUR = 60;
/** As many turns as the actors have in a minute. */
const TURNS = 30;
/** Of wishes about a third are questions. */
const ASKED = 0.35;

/** A society of so many answers in the week before now, and in the week before that. */
const societyOf = (thisWeek: number, lastWeek: number) => {
  const inferences = [
    ...Array.from({ length: thisWeek }, () => ({ settledAt: NOW - DAY })),
    ...Array.from({ length: lastWeek }, () => ({ settledAt: NOW - 10 * DAY })),
    { settledAt: NOW - 20 * DAY },
  ].map((each, i) => [String(i), each as Inference] as const);
  return { inferences: new Map(inferences) };
};

test('a loop that grows as its history did turns in seconds and minutes', () => {
  const { wishes, pace } = livePace(societyOf(60, 45), NOW);
  expect(wishes).toBeGreaterThan(0.3);
  for (const [name, takes] of Object.entries(pace)) {
    expect(Number([takes].flat().at(-1))).toBeLessThan(Number([HISTORY_PACE[name as keyof typeof pace]].flat().at(-1)));
  }
});

test('left alone for an hour this week is at most five times the last one, for a day at most twelve times', () => {
  let thisWeek = 60;
  const after = (hours: number) => {
    for (let minute = 0; minute < hours * MINUTES_PER_HOUR; minute++) {
      thisWeek += TURNS * ASKED * livePace(societyOf(Math.round(thisWeek), 45), NOW).wishes;
    }
    return thisWeek / 45;
  };
  expect(after(1)).toBeLessThan(5);
  expect(after(23)).toBeLessThan(12);
});

test('somebody acts every few minutes whatever the growth, and nothing holds back where there is nothing to compare with', () => {
  expect(livePace(societyOf(100_000, 1), NOW).wishes).toBeGreaterThan(1 / 100);
  expect(livePace(societyOf(100_000, 0), NOW).wishes).toBe(livePace(societyOf(0, 0), NOW).wishes);
});
