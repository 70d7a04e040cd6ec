import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionTypes } from '../connection';
import type { SourceParts } from '../queries/backing';
import { BigIntScalar, HexScalar } from '../scalars';
import type { Contribution } from './contribution';
import { FundingSource, RewardOrderField, RewardRole, type ValueOf } from './enums';
import {
  AddressFilter,
  BigIntFilter,
  ChainFilter,
  DateTimeFilter,
  IDFilter,
  IntFilter,
  SortDirection,
} from './filters';
import type { Inference } from './inference';
import { NodeType } from './node';
import type { Provenance } from './provenance';

@ObjectType({ implements: NodeType, simpleResolvers: true })
export class Reward extends NodeType {
  @Field(() => Int)
  chainId!: number;

  @Field(() => HexScalar)
  poolId!: Buffer;

  @Field(() => HexScalar)
  ref!: Buffer;

  @Field(() => BigIntScalar)
  contributionId!: string;

  @Field(() => RewardRole)
  role!: ValueOf<typeof RewardRole>;

  @Field(() => BigIntScalar)
  epoch!: string;

  pos!: bigint;
  beneficiaryAddress!: Buffer;
  value!: string;
  parts!: SourceParts;
  /** null: of a pool never created. */
  tokenAddress!: Buffer | null;
  /** What was read beside it; undefined where it wasn't. */
  readAccruedAt?: Provenance;
  readContribution?: Contribution | null | undefined;
  readInference?: Inference | null | undefined;
}

@ObjectType({ implements: NodeType, simpleResolvers: true, description: 'A RewardReversed.' })
export class Reversal extends NodeType {
  @Field(() => Int)
  chainId!: number;

  @Field(() => HexScalar)
  poolId!: Buffer;

  @Field(() => HexScalar)
  ref!: Buffer;

  @Field(() => Int)
  reason!: number;

  pos!: bigint;
  beneficiaryAddress!: Buffer;
  value!: string;
  tokenAddress!: Buffer | null;
}

@ObjectType({ implements: NodeType, simpleResolvers: true })
export class Claim extends NodeType {
  @Field(() => Int)
  chainId!: number;

  @Field(() => HexScalar)
  poolId!: Buffer;

  pos!: bigint;
  beneficiaryAddress!: Buffer;
  recipientAddress!: Buffer;
  value!: string;
  tokenAddress!: Buffer | null;
}

@InputType()
export class RewardFilter {
  @Field(() => ChainFilter, { nullable: true })
  chainId?: ChainFilter | null;

  @Field(() => AddressFilter, { nullable: true })
  beneficiary?: AddressFilter | null;

  @Field(() => IDFilter, { nullable: true })
  pool?: IDFilter | null;

  @Field(() => IDFilter, { nullable: true })
  contribution?: IDFilter | null;

  @Field(() => IDFilter, { nullable: true })
  inference?: IDFilter | null;

  @Field(() => IDFilter, { nullable: true })
  datanet?: IDFilter | null;

  @Field(() => IDFilter, { nullable: true })
  model?: IDFilter | null;

  @Field(() => ID, { nullable: true })
  token?: string | null;

  @Field(() => RewardRole, { nullable: true })
  role?: ValueOf<typeof RewardRole> | null;

  @Field(() => FundingSource, { nullable: true })
  source?: ValueOf<typeof FundingSource> | null;

  @Field(() => BigIntFilter, { nullable: true })
  amount?: BigIntFilter | null;

  @Field(() => DateTimeFilter, { nullable: true })
  accruedAt?: DateTimeFilter | null;

  @Field(() => IntFilter, { nullable: true })
  block?: IntFilter | null;
}

@InputType()
export class RewardOrder {
  @Field(() => RewardOrderField)
  field!: ValueOf<typeof RewardOrderField>;

  @Field(() => SortDirection, { defaultValue: SortDirection.DESC })
  direction!: SortDirection;

  @Field(() => ID, { nullable: true })
  token?: string | null;
}

@InputType()
export class ClaimFilter {
  @Field(() => ChainFilter, { nullable: true })
  chainId?: ChainFilter | null;

  @Field(() => AddressFilter, { nullable: true })
  beneficiary?: AddressFilter | null;

  @Field(() => IDFilter, { nullable: true })
  pool?: IDFilter | null;

  @Field(() => DateTimeFilter, { nullable: true })
  claimedAt?: DateTimeFilter | null;
}

@InputType()
export class ReversalFilter {
  @Field(() => ChainFilter, { nullable: true })
  chainId?: ChainFilter | null;

  @Field(() => AddressFilter, { nullable: true })
  beneficiary?: AddressFilter | null;

  @Field(() => IDFilter, { nullable: true })
  pool?: IDFilter | null;

  @Field(() => IDFilter, { nullable: true })
  inference?: IDFilter | null;

  @Field(() => DateTimeFilter, { nullable: true })
  reversedAt?: DateTimeFilter | null;
}

export const { Connection: RewardConnection } = connectionTypes(() => Reward, 'Reward');
export const { Connection: ReversalConnection } = connectionTypes(() => Reversal, 'Reversal');
export const { Connection: ClaimConnection } = connectionTypes(() => Claim, 'Claim');
