import { Field, InputType, Int, ObjectType } from 'type-graphql';
import { connectionTypes } from '../connection';
import { BigIntScalar, HexScalar } from '../scalars';
import { PoolKind, type ValueOf } from './enums';
import { ChainFilter, IDFilter } from './filters';
import { NodeType } from './node';

@ObjectType({ implements: NodeType, simpleResolvers: true })
export class Pool extends NodeType {
  @Field(() => Int)
  chainId!: number;

  @Field(() => HexScalar)
  poolId!: Buffer;

  @Field(() => PoolKind)
  kind!: ValueOf<typeof PoolKind>;

  @Field(() => BigIntScalar)
  subjectId!: string;

  pos!: bigint;
  tokenAddress!: Buffer;
}

@InputType()
export class PoolFilter {
  @Field(() => ChainFilter, { nullable: true })
  chainId?: ChainFilter | null;

  @Field(() => PoolKind, { nullable: true })
  kind?: ValueOf<typeof PoolKind> | null;

  @Field(() => IDFilter, { nullable: true })
  subject?: IDFilter | null;
}

export const { Connection: PoolConnection } = connectionTypes(() => Pool, 'Pool');
