import type { SurvivalPoint, TimeToFirstPayout } from '../types/flywheel';

const MOST_POINTS = 200;
/** What a product of quotients may be off. */
const TINY = 1e-12;

/** Somebody waits from one time on, and an event ends that or hasn't yet. Milliseconds. */
export interface Wait {
  since: number;
  until: number | null;
}

/**
 * Kaplan-Meier as of the time `censoredAt`: S(t) is the product of (1 - d / n) over all durations up to t, where d were
 * paid after exactly so long and n had waited at least as long, those censored at the same duration among them. Waits
 * that begin later don't count; null without any that does. protocol/README.md, "Flywheel: timeToFirstPayout".
 */
export function survival(waits: readonly Wait[], censoredAt: number): TimeToFirstPayout | null {
  const durations = waits
    .filter(({ since }) => since < censoredAt)
    .map(({ since, until }) => {
      const isPaid = until !== null && until < censoredAt;
      return { seconds: ((isPaid ? until : censoredAt) - since) / 1000, isPaid };
    })
    .sort((a, b) => a.seconds - b.seconds);
  if (durations.length === 0) return null;
  const curve = survivalCurve(durations);
  const firstAt = (share: number) => curve.find(({ unpaid }) => unpaid <= share + TINY)?.seconds ?? null;
  const paid = durations.filter(({ isPaid }) => isPaid).length;
  return { median: firstAt(0.5), p90: firstAt(0.1), paid, waiting: durations.length - paid, curve: thinned(curve) };
}

/** `durations` are sorted. A point for each at which somebody was paid. */
function survivalCurve(durations: readonly { seconds: number; isPaid: boolean }[]): SurvivalPoint[] {
  const curve: SurvivalPoint[] = [];
  // As long as nobody is censored the product is one quotient: what is left of those at risk when `base` was reached.
  let [base, atBase, left, unpaid] = [1, durations.length, durations.length, 1];
  for (let i = 0; i < durations.length; ) {
    const { seconds } = durations[i]!;
    const atRisk = durations.length - i;
    let paid = 0;
    for (; durations[i]?.seconds === seconds; i++) if (durations[i]?.isPaid) paid++;
    if (paid === 0) continue;
    if (atRisk !== left) [base, atBase] = [unpaid, atRisk];
    left = atRisk - paid;
    unpaid = base * (left / atBase);
    curve.push({ seconds, unpaid });
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
