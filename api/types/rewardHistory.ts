import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { AddressScalar, BigIntScalar, DateTimeScalar } from '../scalars';
import { Bucket } from './bucket';
import { FundingSource, RewardRole, type ValueOf } from './enums';
import { Token, TokenAmount } from './token';

export enum RewardHistoryDimension {
  ROLE = 'ROLE',
  SOURCE = 'SOURCE',
}
registerEnumType(RewardHistoryDimension, {
  name: 'RewardHistoryDimension',
  description: 'By what the points of a history are told apart, next to time and token.',
  valuesConfig: {
    ROLE: { description: 'By what the beneficiary was paid for.' },
    SOURCE: { description: 'By what the pool had been funded by; a reward counts in each source it has a part of.' },
  },
});

@InputType({ description: 'Empty: everything.' })
export class RewardHistoryScope {
  @Field(() => AddressScalar, { nullable: true, description: 'What accrued to, was taken from and paid to it.' })
  account?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Rewards of its contributions and of its pools; reversals and claims of its pools.',
  })
  datanet?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Rewards of its inferences and of its pools; reversals and claims of its pools.',
  })
  model?: string | null;

  @Field(() => ID, { nullable: true, description: 'Rewards that name it; reversals and claims name none.' })
  contribution?: string | null;

  @Field(() => Int, { nullable: true, description: 'null: all chains.' })
  chainId?: number | null;
}

@ObjectType({
  simpleResolvers: true,
  description:
    'One bucket and token (and role or source, where asked for). Buckets are UTC, start-inclusive; weeks start on Monday; empty buckets are left out.',
})
export class RewardPoint {
  @Field(() => DateTimeScalar, { description: "The bucket's beginning." })
  start!: Date;

  @Field(() => Token)
  token!: () => Promise<Token>;

  @Field(() => RewardRole, { nullable: true, description: 'null unless asked for by role.' })
  role!: ValueOf<typeof RewardRole> | null;

  @Field(() => FundingSource, { nullable: true, description: 'null unless asked for by source.' })
  source!: ValueOf<typeof FundingSource> | null;

  @Field(() => BigIntScalar, { description: 'What accrued in the bucket, reversals not taken off.' })
  accrued!: bigint | string;

  @Field(() => BigIntScalar, { description: 'What was reversed in the bucket; 0 by role or source, as it has none.' })
  reversed!: bigint | string;

  @Field(() => BigIntScalar, { description: 'What was claimed in the bucket; 0 by role or source, as it has none.' })
  claimed!: bigint | string;

  @Field(() => Int, { description: 'Accruals.' })
  rewardCount!: number;

  @Field(() => Int, { description: 'Different accounts to which something accrued.' })
  beneficiaryCount!: number;
}

@ObjectType({ simpleResolvers: true, description: 'What was earned, taken back and paid out, bucket by bucket.' })
export class RewardHistory {
  @Field(() => Bucket)
  bucket!: Bucket;

  @Field(() => [RewardPoint], { description: 'Oldest first; of a bucket by token, then by role or source.' })
  points!: RewardPoint[];

  @Field(() => [TokenAmount], { description: 'What accrued in the whole window, by token, reversals not taken off.' })
  total!: TokenAmount[];
}
