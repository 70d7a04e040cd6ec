import { Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionTypes } from '../connection';
import { BigIntScalar, HexScalar } from '../scalars';
import type { Datanet } from './datanet';
import { ContributionOrderField, ContributionRelation, ContributionStatus, type ValueOf } from './enums';
import { AddressFilter, ChainFilter, DateTimeFilter, IDFilter, IntFilter, SortDirection } from './filters';
import { NodeType } from './node';

@ObjectType({ implements: NodeType, simpleResolvers: true })
export class Contribution extends NodeType {
  @Field(() => Int)
  chainId!: number;

  @Field(() => BigIntScalar)
  contributionId!: string;

  @Field(() => BigIntScalar)
  datanetId!: string;

  @Field(() => HexScalar)
  contentHash!: Buffer;

  @Field(() => BigIntScalar, { nullable: true })
  sizeBytes!: string | null;

  @Field(() => HexScalar, { nullable: true })
  licenseId!: Buffer | null;

  @Field(() => String, { nullable: true })
  uri!: string | null;

  @Field(() => BigIntScalar)
  bond!: string;

  @Field(() => ContributionStatus)
  status!: ValueOf<typeof ContributionStatus>;

  @Field(() => Float, { nullable: true, description: '0..1; null until finalized.' })
  score!: number | null;

  @Field(() => BigIntScalar, { nullable: true })
  scorePpm!: bigint | null;

  @Field(() => Int, { nullable: true, description: 'The reason code of the decision.' })
  decisionReason!: number | null;

  @Field(() => BigIntScalar, { nullable: true })
  datanetVersion!: string | null;

  pos!: bigint;
  contributorAddress!: Buffer;
  finalizedPos!: bigint | null;
  /** What was read beside it; undefined where it wasn't. */
  readDatanet?: Datanet | null | undefined;
}

@ObjectType({ simpleResolvers: true })
export class ContributionScore {
  @Field(() => BigIntScalar)
  round!: bigint;

  @Field(() => Float)
  score!: number;

  @Field(() => BigIntScalar)
  scorePpm!: bigint;

  @Field(() => HexScalar)
  evidenceHash!: Buffer;

  chainId!: number;
  pos!: bigint;
  curatorAddress!: Buffer;
}

@ObjectType({ simpleResolvers: true })
export class ContributionLink {
  @Field(() => BigIntScalar)
  otherId!: string;

  @Field(() => ContributionRelation)
  relation!: ValueOf<typeof ContributionRelation>;

  chainId!: number;
  pos!: bigint;
}

@ObjectType({ implements: NodeType, simpleResolvers: true })
export class Dispute extends NodeType {
  @Field(() => Int)
  chainId!: number;

  @Field(() => BigIntScalar)
  disputeId!: string;

  @Field(() => BigIntScalar)
  contributionId!: string;

  @Field(() => BigIntScalar)
  bond!: string;

  @Field(() => Boolean)
  resolved!: boolean;

  @Field(() => Boolean, { nullable: true })
  upheld!: boolean | null;

  @Field(() => BigIntScalar, { nullable: true })
  slashed!: string | null;

  pos!: bigint;
  challengerAddress!: Buffer;
  beneficiaryAddress!: Buffer | null;
  resolvedPos!: bigint | null;
}

@InputType()
export class ContributionFilter {
  @Field(() => ChainFilter, { nullable: true })
  chainId?: ChainFilter | null;

  @Field(() => IDFilter, { nullable: true })
  datanet?: IDFilter | null;

  @Field(() => AddressFilter, { nullable: true })
  contributor?: AddressFilter | null;

  @Field(() => ContributionStatus, { nullable: true })
  status?: ValueOf<typeof ContributionStatus> | null;

  @Field(() => HexScalar, { nullable: true })
  contentHash?: string | null;

  @Field(() => DateTimeFilter, { nullable: true })
  submittedAt?: DateTimeFilter | null;

  @Field(() => IntFilter, { nullable: true })
  block?: IntFilter | null;
}

@InputType()
export class ContributionOrder {
  @Field(() => ContributionOrderField)
  field!: ValueOf<typeof ContributionOrderField>;

  @Field(() => SortDirection, { defaultValue: SortDirection.DESC })
  direction!: SortDirection;

  @Field(() => ID, { nullable: true })
  token?: string | null;
}

export const { Connection: ContributionConnection } = connectionTypes(() => Contribution, 'Contribution');
export const { Connection: ContributionScoreConnection } = connectionTypes(
  () => ContributionScore,
  'ContributionScore',
);
export const { Connection: ContributionLinkConnection } = connectionTypes(() => ContributionLink, 'ContributionLink');
export const { Connection: DisputeConnection } = connectionTypes(() => Dispute, 'Dispute');
