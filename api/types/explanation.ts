import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { BigIntScalar } from '../scalars';
import { Provenance } from './provenance';
import { Reward } from './reward';
import { TokenAmount } from './token';

export enum ExplanationKind {
  FEE_PAID = 'FEE_PAID',
  FEE_SPLIT = 'FEE_SPLIT',
  ATTRIBUTED = 'ATTRIBUTED',
  WEIGHTED = 'WEIGHTED',
  POOL_FUNDED = 'POOL_FUNDED',
  ROUNDED = 'ROUNDED',
  ACCRUED = 'ACCRUED',
  REVERSED = 'REVERSED',
  CLAIMED = 'CLAIMED',
  UNKNOWN = 'UNKNOWN',
}
registerEnumType(ExplanationKind, {
  name: 'ExplanationKind',
  description: 'What a step of an explanation is about.',
  valuesConfig: {
    FEE_PAID: { description: 'The fee of the inference that the reward comes from, and its refunds.' },
    FEE_SPLIT: { description: "The fee's legs: the parts for platform, model, stakers and contributors." },
    ATTRIBUTED: { description: 'The weight that the contribution was given in the inference.' },
    WEIGHTED: { description: "The weight's share of the contributors' leg." },
    POOL_FUNDED: { description: 'What the pool had been paid before the reward, by source.' },
    ROUNDED: { description: 'What rounding down to whole smallest units leaves.' },
    ACCRUED: { description: 'The reward as it was recorded.' },
    REVERSED: { description: 'What was taken back afterwards.' },
    CLAIMED: { description: 'What was paid out afterwards.' },
    UNKNOWN: { description: 'What the chain does not record.' },
  },
});

@ObjectType({ simpleResolvers: true, description: 'One hop between a fee and a reward.' })
export class ExplanationStep {
  @Field(() => ExplanationKind, { description: 'What the step is about.' })
  kind!: ExplanationKind;

  @Field(() => String, { description: 'The step in words, with amounts in whole tokens.' })
  text!: string;

  @Field(() => TokenAmount, { nullable: true, description: 'What the step comes to, where it comes to an amount.' })
  amount!: TokenAmount | null;

  @Field(() => String, {
    nullable: true,
    description: 'Exact, as text: "700000000000000000 * 250000 / 1000000".',
  })
  formula!: string | null;

  @Field(() => [Provenance], { description: 'The logs that prove it; of many the first and the last.' })
  evidence!: () => Promise<Provenance[]>;
}

@ObjectType({
  simpleResolvers: true,
  description: 'Each hop from a reward back to the data, with the exact arithmetic and the log that proves it.',
})
export class RewardExplanation {
  @Field(() => Reward, { description: 'The reward that is explained.' })
  reward!: Reward;

  @Field(() => [ExplanationStep], { description: 'From the fee to the reward, then what came after it.' })
  steps!: ExplanationStep[];

  @Field(() => BigIntScalar, {
    nullable: true,
    description:
      "What split and weights in force at the end of the reward's block say the amount should be; null where the chain does not record enough to say. Later splits, revisions, reversals and claims are steps of their own.",
  })
  expected!: bigint | null;

  @Field(() => BigIntScalar, { nullable: true, description: 'amount - expected' })
  difference!: bigint | null;

  @Field(() => String, { description: 'A sentence or two for a person, with amounts in whole tokens.' })
  summary!: string;
}
