import type { SurvivalPoint, TimeToFirstPayout } from '../types/flywheel';

const MOST_POINTS = 200;
/** What a product of quotients may be off. */
const TINY = 1e-12;

/** Somebody waits from one time on, and an event ends that or hasn't yet. Milliseconds. */
export interface Wait {
  since: number;
  until: number | null;
}

/** What is known of the same waits: the two orders that any censoring leaves as they are, and the last windows' answers. */
interface Known {
  /** Those that ended, the shortest first. */
  ended: Wait[];
  /** All, the latest first: as long as they last, their durations ascend. */
  latestFirst: Wait[];
  answers: Map<number, TimeToFirstPayout | null>;
}
const known = new WeakMap<readonly Wait[], Known>();
/** Twenty thousand waits take milliseconds to go through, and windows end at the same times for whoever asks. */
const MOST_ANSWERS = 100;

/**
 * Kaplan-Meier as of the time `censoredAt`: S(t) is the product of (1 - d / n) over all durations up to t, where d were
 * paid after exactly so long and n had waited at least as long, those censored at the same duration among them. Waits
 * that begin later don't count; null without any that does. protocol/README.md, "Flywheel: timeToFirstPayout".
 * @param waits not to be changed afterwards: the answer is kept for the next who asks
 */
export function survival(waits: readonly Wait[], censoredAt: number): TimeToFirstPayout | null {
  const ours = knownOf(waits);
  const before = ours.answers.get(censoredAt);
  if (before !== undefined) return before;
  const answer = survivalOf(ours, censoredAt);
  if (ours.answers.size >= MOST_ANSWERS) ours.answers.clear();
  ours.answers.set(censoredAt, answer);
  return answer;
}

function survivalOf({ ended, latestFirst }: Known, censoredAt: number): TimeToFirstPayout | null {
  const isPaid = ({ until }: Wait) => until !== null && until < censoredAt;
  const paid = ended.filter(isPaid);
  const waiting = latestFirst.filter((wait) => wait.since < censoredAt && !isPaid(wait));
  if (paid.length + waiting.length === 0) return null;
  const curve = survivalCurve(
    paid.map(durationOf),
    waiting.map(({ since }) => censoredAt - since),
  );
  const firstAt = (share: number) => curve.find(({ unpaid }) => unpaid <= share + TINY)?.seconds ?? null;
  return { median: firstAt(0.5), p90: firstAt(0.1), paid: paid.length, waiting: waiting.length, curve: thinned(curve) };
}

function knownOf(waits: readonly Wait[]): Known {
  let ours = known.get(waits);
  if (!ours) {
    ours = {
      ended: waits.filter(({ until }) => until !== null).sort((a, b) => durationOf(a) - durationOf(b)),
      latestFirst: [...waits].sort((a, b) => b.since - a.since),
      answers: new Map(),
    };
    known.set(waits, ours);
  }
  return ours;
}

function durationOf({ since, until }: Wait): number {
  return (until ?? since) - since;
}

/** Both ascending, in milliseconds. A point for each duration after which somebody was paid. */
function survivalCurve(paid: readonly number[], censored: readonly number[]): SurvivalPoint[] {
  const curve: SurvivalPoint[] = [];
  const all = paid.length + censored.length;
  // As long as nobody is censored the product is one quotient: what is left of those at risk when `base` was reached.
  let [base, atBase, left, unpaid] = [1, all, all, 1];
  for (let [i, gone] = [0, 0]; i < paid.length; ) {
    const duration = paid[i]!;
    while (gone < censored.length && censored[gone]! < duration) gone++;
    const atRisk = all - i - gone;
    const before = i;
    while (paid[i] === duration) i++;
    if (atRisk !== left) [base, atBase] = [unpaid, atRisk];
    left = atRisk - (i - before);
    unpaid = base * (left / atBase);
    curve.push({ seconds: duration / 1000, unpaid });
  }
  return curve;
}

/** The first, the last and what lies evenly between. */
function thinned(curve: SurvivalPoint[]): SurvivalPoint[] {
  if (curve.length <= MOST_POINTS) return curve;
  return Array.from(
    { length: MOST_POINTS },
    (_, i) => curve[Math.round((i * (curve.length - 1)) / (MOST_POINTS - 1))]!,
  );
}
