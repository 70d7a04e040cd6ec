import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionTypes } from '../connection';
import { accountId } from '../ids';
import { AddressScalar, BigIntScalar } from '../scalars';
import { AccountOrderField, AccountRole, RewardRole, type ValueOf } from './enums';
import { ChainFilter, SortDirection } from './filters';
import { NodeType } from './node';
import { TokenAmount } from './token';

/** The chains that an account counts; null: all. */
export type AccountScope = readonly number[] | null;

@ObjectType({ implements: NodeType, simpleResolvers: true })
export class Account extends NodeType {
  @Field(() => AddressScalar)
  address!: Buffer;

  scope!: AccountScope;
  /** An event that names it: all there is to tell of the zero address, which is seen nowhere. */
  namedAt!: { chainId: number; pos: bigint } | null;
  /** What was read with it, by name (api/queries/accountRows.ts). */
  readParts?: ReadonlyMap<string, readonly object[]>;
}

/** An account wherever one is named; `namedAt` is the position of the fact that does. */
export function accountOf(address: Buffer, namedAt: Account['namedAt'], scope: AccountScope = null): Account {
  return { id: accountId(address), address, scope, namedAt };
}

@ObjectType({
  simpleResolvers: true,
  description: 'A list of (chain, token) totals: amounts of different tokens are never added together.',
})
export class RewardTotals {
  @Field(() => [TokenAmount])
  accrued!: TokenAmount[];

  @Field(() => [TokenAmount])
  claimed!: TokenAmount[];

  @Field(() => [TokenAmount])
  reversed!: TokenAmount[];

  @Field(() => [TokenAmount], { description: 'accrued - reversed - claimed' })
  claimable!: TokenAmount[];
}

@ObjectType({ simpleResolvers: true })
export class Reputation {
  @Field(() => Int)
  chainId!: number;

  @Field(() => BigIntScalar)
  datanetId!: string;

  @Field(() => BigIntScalar)
  score!: string;

  pos!: bigint;
}

@ObjectType({ simpleResolvers: true })
export class Bond {
  @Field(() => Int)
  chainId!: number;

  @Field(() => RewardRole)
  role!: ValueOf<typeof RewardRole>;

  @Field(() => BigIntScalar)
  balance!: string;

  @Field(() => BigIntScalar)
  slashed!: string;
}

@InputType()
export class AccountFilter {
  @Field(() => ChainFilter, { nullable: true })
  chainId?: ChainFilter | null;

  @Field(() => AccountRole, { nullable: true })
  role?: ValueOf<typeof AccountRole> | null;
}

@InputType()
export class AccountOrder {
  @Field(() => AccountOrderField)
  field!: ValueOf<typeof AccountOrderField>;

  @Field(() => SortDirection, { defaultValue: SortDirection.DESC })
  direction!: SortDirection;

  @Field(() => ID, { nullable: true })
  token?: string | null;
}

export const { Connection: AccountConnection } = connectionTypes(() => Account, 'Account');
export const { Connection: ReputationConnection } = connectionTypes(() => Reputation, 'Reputation');
