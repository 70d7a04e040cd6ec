import { Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionTypes } from '../connection';
import { BigIntScalar, HexScalar } from '../scalars';
import { AttributionMethod, InferenceOrderField, InfluenceOrderField, type ValueOf } from './enums';
import { AddressFilter, ChainFilter, DateTimeFilter, IDFilter, IntFilter, SortDirection } from './filters';
import type { Model } from './model';
import { NodeType } from './node';

@ObjectType({ implements: NodeType, simpleResolvers: true })
export class Inference extends NodeType {
  @Field(() => Int)
  chainId!: number;

  @Field(() => HexScalar)
  inferenceId!: Buffer;

  @Field(() => BigIntScalar)
  modelId!: string;

  @Field(() => BigIntScalar)
  modelVersion!: bigint;

  @Field(() => BigIntScalar)
  tokensIn!: string;

  @Field(() => BigIntScalar)
  tokensOut!: string;

  pos!: bigint;
  userAddress!: Buffer;
  feeToken!: Buffer;
  feeAmount!: string;
  /** What was read beside it; undefined where it wasn't. */
  readModel?: Model | null | undefined;
}

@ObjectType({ simpleResolvers: true })
export class FeeSplit {
  @Field(() => BigIntScalar)
  platform!: string;

  @Field(() => BigIntScalar)
  model!: string;

  @Field(() => BigIntScalar)
  stakers!: string;

  @Field(() => BigIntScalar)
  contributors!: string;

  chainId!: number;
  pos!: bigint;
}

@ObjectType({ simpleResolvers: true })
export class ParametersInForce {
  @Field(() => Int, { nullable: true })
  platformBps!: number | null;

  @Field(() => Int, { nullable: true })
  modelBps!: number | null;

  @Field(() => Int, { nullable: true })
  stakersBps!: number | null;

  @Field(() => Int, { nullable: true })
  contributorsBps!: number | null;

  /** Of the FeeParamsSet in force. */
  pos!: bigint | null;
  inference!: Inference;
}

@ObjectType({ simpleResolvers: true })
export class Feedback {
  @Field(() => Int)
  rating!: number;

  @Field(() => HexScalar)
  feedbackHash!: Buffer;

  chainId!: number;
  pos!: bigint;
  raterAddress!: Buffer;
}

@ObjectType({ simpleResolvers: true })
export class Attribution {
  @Field(() => AttributionMethod)
  method!: ValueOf<typeof AttributionMethod>;

  @Field(() => BigIntScalar)
  epoch!: string;

  @Field(() => HexScalar)
  leavesRoot!: Buffer;

  @Field(() => BigIntScalar)
  leafCount!: bigint;

  @Field(() => Boolean, {
    description: 'leafCount leaves were recorded and their weights sum to exactly 1,000,000 ppm.',
  })
  complete!: boolean;

  @Field(() => Int)
  revisions!: number;

  chainId!: number;
  pos!: bigint;
}

@ObjectType({
  implements: NodeType,
  simpleResolvers: true,
  description: "An edge of the attribution graph: this contribution's share of that inference.",
})
export class Influence extends NodeType {
  @Field(() => Int)
  chainId!: number;

  @Field(() => HexScalar)
  inferenceId!: Buffer;

  @Field(() => BigIntScalar)
  contributionId!: string;

  @Field(() => BigIntScalar)
  datanetId!: string;

  @Field(() => Boolean, { description: 'false once an AttributionRevised came after it.' })
  current!: boolean;

  @Field(() => BigIntScalar)
  influence!: string;

  @Field(() => Float, { description: '0..1' })
  weight!: number;

  @Field(() => BigIntScalar)
  weightPpm!: bigint;

  pos!: bigint;
  contributorAddress!: Buffer;
}

@InputType()
export class InferenceFilter {
  @Field(() => ChainFilter, { nullable: true })
  chainId?: ChainFilter | null;

  @Field(() => IDFilter, { nullable: true })
  model?: IDFilter | null;

  @Field(() => AddressFilter, { nullable: true })
  user?: AddressFilter | null;

  @Field(() => DateTimeFilter, { nullable: true })
  settledAt?: DateTimeFilter | null;

  @Field(() => IntFilter, { nullable: true })
  block?: IntFilter | null;

  @Field(() => Boolean, { nullable: true })
  attributed?: boolean | null;
}

@InputType()
export class InferenceOrder {
  @Field(() => InferenceOrderField)
  field!: ValueOf<typeof InferenceOrderField>;

  @Field(() => SortDirection, { defaultValue: SortDirection.DESC })
  direction!: SortDirection;

  @Field(() => ID, { nullable: true })
  token?: string | null;
}

@InputType()
export class InfluenceOrder {
  @Field(() => InfluenceOrderField)
  field!: ValueOf<typeof InfluenceOrderField>;

  @Field(() => SortDirection, { defaultValue: SortDirection.DESC })
  direction!: SortDirection;
}

export const { Connection: InferenceConnection } = connectionTypes(() => Inference, 'Inference');
export const { Connection: InfluenceConnection } = connectionTypes(() => Influence, 'Influence');
export const { Connection: FeedbackConnection } = connectionTypes(() => Feedback, 'Feedback');
