import type { Leg } from '../explanation/expectedReward';

/** The leg of the split that pays a pool of that kind by FEE; `unknown` for other kinds and pools never created. */
export type SplitLeg = Leg | 'unknown';

const legs: Readonly<Record<string, Leg>> = {
  DATANET: 'contributors',
  MODEL: 'model',
  PLATFORM: 'platform',
  STAKING: 'stakers',
};

export function legOfPool(kind: string | null): SplitLeg {
  return (kind !== null && legs[kind]) || 'unknown';
}
