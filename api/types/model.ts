import { Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionTypes } from '../connection';
import { BigIntScalar, HexScalar } from '../scalars';
import { AttributionMethod, ModelOrderField, type ValueOf } from './enums';
import { AddressFilter, ChainFilter, IDFilter, NameFilter, SortDirection } from './filters';
import { NodeType } from './node';

@ObjectType({ implements: NodeType, simpleResolvers: true })
export class Model extends NodeType {
  @Field(() => Int)
  chainId!: number;

  @Field(() => BigIntScalar)
  modelId!: string;

  @Field(() => String)
  metadataURI!: string;

  @Field(() => HexScalar)
  metadataHash!: Buffer;

  pos!: bigint;
  builderAddress!: Buffer;
  /** 0: none. */
  parentModelId!: string;
}

@ObjectType({ simpleResolvers: true })
export class ModelPrice {
  @Field(() => BigIntScalar)
  per1kIn!: string;

  @Field(() => BigIntScalar)
  per1kOut!: string;

  @Field(() => BigIntScalar)
  platformFee!: string;

  chainId!: number;
  pos!: bigint;
  tokenAddress!: Buffer;
}

@ObjectType({ simpleResolvers: true })
export class ModelVersion {
  @Field(() => BigIntScalar)
  version!: bigint;

  @Field(() => HexScalar)
  weightsHash!: Buffer;

  @Field(() => AttributionMethod)
  attributionMethod!: ValueOf<typeof AttributionMethod>;

  chainId!: number;
  pos!: bigint;
  runId!: Buffer;
}

@ObjectType({ simpleResolvers: true })
export class TrainingRun {
  @Field(() => HexScalar)
  runId!: Buffer;

  @Field(() => HexScalar)
  configHash!: Buffer;

  @Field(() => HexScalar)
  evalHash!: Buffer;

  chainId!: number;
  pos!: bigint;
  runnerAddress!: Buffer;
}

@ObjectType({ simpleResolvers: true })
export class TrainingInput {
  @Field(() => BigIntScalar)
  datanetId!: string;

  @Field(() => BigIntScalar)
  datanetVersion!: string;

  @Field(() => Float, { description: '0..1' })
  weight!: number;

  @Field(() => BigIntScalar)
  weightPpm!: bigint;

  chainId!: number;
}

@ObjectType({ implements: NodeType, simpleResolvers: true })
export class Adapter extends NodeType {
  @Field(() => Int)
  chainId!: number;

  @Field(() => BigIntScalar)
  adapterId!: string;

  @Field(() => BigIntScalar)
  baseVersion!: bigint;

  @Field(() => HexScalar)
  adapterHash!: Buffer;

  pos!: bigint;
  modelId!: string;
  builderAddress!: Buffer;
  runId!: Buffer;
}

@InputType()
export class ModelFilter {
  @Field(() => ChainFilter, { nullable: true })
  chainId?: ChainFilter | null;

  @Field(() => AddressFilter, { nullable: true })
  builder?: AddressFilter | null;

  @Field(() => IDFilter, { nullable: true })
  datanet?: IDFilter | null;

  @Field(() => IDFilter, { nullable: true })
  parent?: IDFilter | null;

  @Field(() => NameFilter, { nullable: true })
  name?: NameFilter | null;
}

@InputType()
export class ModelOrder {
  @Field(() => ModelOrderField)
  field!: ValueOf<typeof ModelOrderField>;

  @Field(() => SortDirection, { defaultValue: SortDirection.DESC })
  direction!: SortDirection;

  @Field(() => ID, { nullable: true })
  token?: string | null;
}

export const { Connection: ModelConnection } = connectionTypes(() => Model, 'Model');
export const { Connection: ModelPriceConnection } = connectionTypes(() => ModelPrice, 'ModelPrice');
export const { Connection: ModelVersionConnection } = connectionTypes(() => ModelVersion, 'ModelVersion');
export const { Connection: TrainingRunConnection } = connectionTypes(() => TrainingRun, 'TrainingRun');
export const { Connection: AdapterConnection } = connectionTypes(() => Adapter, 'Adapter');
