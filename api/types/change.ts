import { Field, ID, InterfaceType, ObjectType, registerEnumType } from 'type-graphql';
import { ChangeCursorScalar } from '../scalars';
import { Contribution } from './contribution';
import { ChainEvent } from './event';
import { Inference, Influence } from './inference';
import { Provenance } from './provenance';
import { Claim, Reversal, Reward } from './reward';

export enum ChangeOp {
  APPLY = 'APPLY',
  RETRACT = 'RETRACT',
  PROGRESS = 'PROGRESS',
}
registerEnumType(ChangeOp, {
  name: 'ChangeOp',
  valuesConfig: {
    APPLY: { description: 'The row is part of the chain.' },
    RETRACT: { description: 'A reorg removed what an earlier APPLY with the same id and block hash brought.' },
    PROGRESS: {
      description:
        'No row: everything before this cursor was delivered. At least every 10 s, and at the end of a replay.',
    },
  },
});

@InterfaceType('Change', {
  description: 'id and at are null on PROGRESS alone.',
  resolveType: (value: object) =>
    ['Event', 'Reward', 'Claim', 'Reversal', 'Contribution', 'Inference', 'Influence']
      .map((of) => [of.toLowerCase(), `${of}Change`] as const)
      .find(([field]) => field in value)?.[1],
})
export abstract class Change {
  @Field(() => ChangeCursorScalar)
  cursor!: string;

  @Field(() => ChangeOp)
  op!: ChangeOp;

  @Field(() => ID, { nullable: true })
  id!: string | null;

  @Field(() => Provenance, { nullable: true })
  at!: Provenance | null;
}

@ObjectType({ implements: Change, simpleResolvers: true })
export class EventChange extends Change {
  @Field(() => ChainEvent, { nullable: true })
  event!: () => Promise<ChainEvent | null>;
}

@ObjectType({ implements: Change, simpleResolvers: true })
export class RewardChange extends Change {
  @Field(() => Reward, { nullable: true })
  reward!: () => Promise<Reward | null>;
}

@ObjectType({ implements: Change, simpleResolvers: true })
export class ClaimChange extends Change {
  @Field(() => Claim, { nullable: true })
  claim!: () => Promise<Claim | null>;
}

@ObjectType({ implements: Change, simpleResolvers: true })
export class ReversalChange extends Change {
  @Field(() => Reversal, { nullable: true })
  reversal!: () => Promise<Reversal | null>;
}

@ObjectType({ implements: Change, simpleResolvers: true })
export class ContributionChange extends Change {
  @Field(() => Contribution, { nullable: true })
  contribution!: () => Promise<Contribution | null>;
}

@ObjectType({ implements: Change, simpleResolvers: true })
export class InferenceChange extends Change {
  @Field(() => Inference, { nullable: true })
  inference!: () => Promise<Inference | null>;
}

@ObjectType({ implements: Change, simpleResolvers: true })
export class InfluenceChange extends Change {
  @Field(() => Influence, { nullable: true })
  influence!: () => Promise<Influence | null>;
}
