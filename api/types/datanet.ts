import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionTypes } from '../connection';
import { BigIntScalar, HexScalar } from '../scalars';
import { DatanetOrderField, DatanetStatus, DataType, type ValueOf } from './enums';
import { AddressFilter, ChainFilter, DateTimeFilter, NameFilter, SortDirection } from './filters';
import { NodeType } from './node';

@ObjectType({ implements: NodeType, simpleResolvers: true })
export class Datanet extends NodeType {
  @Field(() => Int)
  chainId!: number;

  @Field(() => BigIntScalar)
  datanetId!: string;

  @Field(() => DataType)
  dataType!: ValueOf<typeof DataType>;

  @Field(() => DatanetStatus)
  status!: ValueOf<typeof DatanetStatus>;

  @Field(() => String)
  metadataURI!: string;

  @Field(() => HexScalar)
  metadataHash!: Buffer;

  pos!: bigint;
  ownerAddress!: Buffer;
}

@ObjectType({ simpleResolvers: true })
export class Curator {
  @Field(() => Boolean)
  active!: boolean;

  @Field(() => BigIntScalar)
  weight!: string;

  chainId!: number;
  pos!: bigint;
  address!: Buffer;
}

@ObjectType({ simpleResolvers: true })
export class DatanetVersion {
  @Field(() => BigIntScalar)
  version!: string;

  @Field(() => HexScalar)
  contentRoot!: Buffer;

  @Field(() => BigIntScalar)
  itemCount!: string;

  @Field(() => HexScalar)
  manifestHash!: Buffer;

  chainId!: number;
  pos!: bigint;
}

@InputType()
export class DatanetFilter {
  @Field(() => ChainFilter, { nullable: true })
  chainId?: ChainFilter | null;

  @Field(() => AddressFilter, { nullable: true })
  owner?: AddressFilter | null;

  @Field(() => DataType, { nullable: true })
  dataType?: ValueOf<typeof DataType> | null;

  @Field(() => DatanetStatus, { nullable: true })
  status?: ValueOf<typeof DatanetStatus> | null;

  @Field(() => NameFilter, { nullable: true })
  name?: NameFilter | null;

  @Field(() => DateTimeFilter, { nullable: true })
  createdAt?: DateTimeFilter | null;
}

@InputType({ description: 'In every order by money, `token` says which; without it: BAD_USER_INPUT.' })
export class DatanetOrder {
  @Field(() => DatanetOrderField)
  field!: ValueOf<typeof DatanetOrderField>;

  @Field(() => SortDirection, { defaultValue: SortDirection.DESC })
  direction!: SortDirection;

  @Field(() => ID, { nullable: true })
  token?: string | null;
}

export const { Connection: DatanetConnection } = connectionTypes(() => Datanet, 'Datanet');
export const { Connection: CuratorConnection } = connectionTypes(() => Curator, 'Curator');
export const { Connection: DatanetVersionConnection } = connectionTypes(() => DatanetVersion, 'DatanetVersion');
