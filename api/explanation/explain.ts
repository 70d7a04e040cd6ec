import { expectedReward } from './expectedReward';
import type { RewardRecord } from './rewardRecord';
import type { Step, TokenNames } from './step';
import { stepsAfter } from './stepsAfter';
import { basisOf, feeSteps, whyUnknown } from './stepsOfFee';
import { accrualSteps, poolSteps } from './stepsOfPool';
import { summaryOf } from './summary';

export interface Explanation {
  steps: Step[];
  expected: bigint | null;
  difference: bigint | null;
  summary: string;
}

/** Everything that can be said of a reward, worked out of its record alone. */
export function explain(record: RewardRecord, tokens: TokenNames): Explanation {
  const { split, influence } = basisOf(record);
  const expected = expectedReward(record.role, split, influence?.weightPpm ?? null);
  const unknown = expected === null ? whyUnknown(record) : null;
  return {
    steps: [
      ...feeSteps(record, tokens),
      ...(unknown === null ? [] : [unknown]),
      ...poolSteps(record, tokens),
      ...accrualSteps(record, tokens, expected),
      ...stepsAfter(record, tokens),
    ],
    expected,
    difference: expected === null ? null : record.amount - expected,
    summary: summaryOf(record, tokens, expected, unknown),
  };
}
