import { Field, Int, ObjectType } from 'type-graphql';
import { AddressScalar, BigIntScalar } from '../scalars';
import { NodeType } from './node';

@ObjectType({
  implements: NodeType,
  simpleResolvers: true,
  description:
    'id is "token:<chainId>:<0x… | native | unknown>"; address is null for the native token and for a token that no event names.',
})
export class Token extends NodeType {
  @Field(() => Int)
  chainId!: number;

  @Field(() => AddressScalar, { nullable: true })
  address!: Buffer | null;

  @Field(() => String, { nullable: true })
  symbol!: string | null;

  @Field(() => Int, { nullable: true })
  decimals!: number | null;

  @Field(() => Boolean)
  native!: boolean;
}

@ObjectType({ simpleResolvers: true })
export class TokenAmount {
  @Field(() => Token)
  token!: () => Promise<Token>;

  /** A bigint, or a decimal string of Postgres' numeric. */
  @Field(() => BigIntScalar)
  amount!: bigint | string;
}
