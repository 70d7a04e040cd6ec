import type { ExplanationKind } from '../types/explanation';
import type { TokenName } from './amountText';
import type { Run } from './rewardRecord';

/** The tokens that the amounts of an explanation are of: the inference's and the pool's. They may differ. */
export interface TokenNames {
  fee: TokenName;
  pool: TokenName;
}

export interface Step {
  kind: `${ExplanationKind}`;
  text: string;
  amount: { of: keyof TokenNames; amount: bigint } | null;
  /** Exact; where there is an amount, it comes to it. */
  formula: string | null;
  /** Positions of the logs that prove it. */
  evidence: bigint[];
}

/** A step without what it doesn't have. */
export function stepOf(
  kind: Step['kind'],
  text: string,
  { amount = null, formula = null, evidence = [] }: Partial<Omit<Step, 'kind' | 'text'>> = {},
): Step {
  return { kind, text, amount, formula, evidence: [...new Set(evidence)] };
}

/** The first and the last, which may be one. */
export function endsOf(run: Run | null): bigint[] {
  return run ? [run.first, run.last] : [];
}
