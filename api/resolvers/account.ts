import { Arg, Args, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { toBytes } from '../bytes';
import { type Connection, ForwardArgs, PageArgs } from '../connection';
import type { Context } from '../context';
import { provenanceAt } from '../provenance';
import {
  account,
  accountCounts,
  bondsOf,
  feesPaidBy,
  type RewardTotalRow,
  rolesOf,
  seen,
  shownRewardTotals,
} from '../queries/account';
import { accounts, chainsOf, reputationOf } from '../queries/accountLists';
import { contributions } from '../queries/contribution';
import { datanet } from '../queries/datanet';
import { inferences } from '../queries/inference';
import { modelsOfAccount } from '../queries/model';
import { claims } from '../queries/payout';
import { rewards } from '../queries/reward';
import { AddressScalar, BigIntScalar } from '../scalars';
import { tokenAmount } from '../tokens';
import {
  Account,
  AccountConnection,
  AccountFilter,
  AccountOrder,
  Bond,
  Reputation,
  ReputationConnection,
  RewardTotals,
} from '../types/account';
import { AsOf, type BlockRef } from '../types/blockRef';
import {
  type Contribution,
  ContributionConnection,
  ContributionFilter,
  ContributionOrder,
} from '../types/contribution';
import { Datanet } from '../types/datanet';
import { AccountRole, type ValueOf } from '../types/enums';
import { type Inference, InferenceConnection, InferenceOrder } from '../types/inference';
import { type Model, ModelConnection } from '../types/model';
import { Provenance } from '../types/provenance';
import { type Claim, ClaimConnection, type Reward, RewardConnection, RewardFilter, RewardOrder } from '../types/reward';
import { TokenAmount } from '../types/token';

@Resolver(() => Account)
export class AccountResolver {
  @Query(() => Account, {
    nullable: true,
    description:
      "With chainId only that chain's events count; asOf needs it when several chains are indexed (in accounts: where.chainId).",
  })
  account(
    @Ctx() context: Context,
    @Arg('address', () => AddressScalar) address: string,
    @Arg('chainId', () => Int, { nullable: true }) chainId: number | null,
    @AsOf() _asOf: BlockRef | null,
  ): Promise<Account | null> {
    return account(context, toBytes(address), chainId == null ? null : [chainId]);
  }

  @Query(() => AccountConnection, { nullable: true })
  accounts(
    @Ctx() context: Context,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('where', () => AccountFilter, { nullable: true }) where: AccountFilter | null,
    @Arg('orderBy', () => AccountOrder, { nullable: true }) orderBy: AccountOrder | null,
    @AsOf() _asOf: BlockRef | null,
  ): Promise<Connection<Account>> {
    return accounts(context, page, where, orderBy);
  }

  @FieldResolver(() => [AccountRole])
  roles(@Ctx() context: Context, @Root() account: Account): Promise<ValueOf<typeof AccountRole>[]> {
    return rolesOf(context, account);
  }

  @FieldResolver(() => Int)
  async contributionCount(@Ctx() context: Context, @Root() account: Account): Promise<number> {
    return (await accountCounts(context, account)).contributions;
  }

  @FieldResolver(() => Int)
  async acceptedCount(@Ctx() context: Context, @Root() account: Account): Promise<number> {
    return (await accountCounts(context, account)).accepted;
  }

  @FieldResolver(() => Int)
  async modelCount(@Ctx() context: Context, @Root() account: Account): Promise<number> {
    return (await accountCounts(context, account)).models;
  }

  @FieldResolver(() => Int)
  async inferenceCount(@Ctx() context: Context, @Root() account: Account): Promise<number> {
    return (await accountCounts(context, account)).inferences;
  }

  @FieldResolver(() => [TokenAmount])
  async feesPaid(@Ctx() context: Context, @Root() account: Account): Promise<TokenAmount[]> {
    const rows = await feesPaidBy(context, account);
    return rows.map(({ chain_id, token, amount }) => tokenAmount(context, chain_id, token, amount));
  }

  @FieldResolver(() => RewardTotals)
  async rewardTotals(@Ctx() context: Context, @Root() account: Account): Promise<RewardTotals> {
    const rows = await shownRewardTotals(context, account);
    const amounts = (has: (row: RewardTotalRow) => boolean, amountOf: (row: RewardTotalRow) => string | bigint) =>
      rows.filter(has).map((row) => tokenAmount(context, row.chain_id, row.token, amountOf(row)));
    return {
      accrued: amounts(
        (row) => row.has_accrued,
        (row) => row.accrued,
      ),
      claimed: amounts(
        (row) => row.has_claimed,
        (row) => row.claimed,
      ),
      reversed: amounts(
        (row) => row.has_reversed,
        (row) => row.reversed,
      ),
      claimable: amounts(
        () => true,
        (row) => BigInt(row.accrued) - BigInt(row.reversed) - BigInt(row.claimed),
      ),
    };
  }

  @FieldResolver(() => BigIntScalar)
  async creditsPurchased(@Ctx() context: Context, @Root() account: Account): Promise<string> {
    return (await accountCounts(context, account)).credits_purchased;
  }

  @FieldResolver(() => BigIntScalar)
  async creditsConsumed(@Ctx() context: Context, @Root() account: Account): Promise<string> {
    return (await accountCounts(context, account)).credits_consumed;
  }

  @FieldResolver(() => ReputationConnection)
  reputation(
    @Ctx() context: Context,
    @Root() account: Account,
    @Args(() => ForwardArgs) page: ForwardArgs,
  ): Promise<Connection<Reputation>> {
    return reputationOf(context, page, account);
  }

  @FieldResolver(() => [Bond])
  bonds(@Ctx() context: Context, @Root() account: Account): Promise<Bond[]> {
    return bondsOf(context, account);
  }

  @FieldResolver(() => Provenance)
  async firstSeen(@Ctx() context: Context, @Root() account: Account): Promise<Provenance> {
    const { chainId, pos } = await seen(context, account, 'first');
    return provenanceAt(context, chainId, pos);
  }

  @FieldResolver(() => Provenance)
  async lastSeen(@Ctx() context: Context, @Root() account: Account): Promise<Provenance> {
    const { chainId, pos } = await seen(context, account, 'last');
    return provenanceAt(context, chainId, pos);
  }

  @FieldResolver(() => ContributionConnection)
  contributions(
    @Ctx() context: Context,
    @Root() { address, scope }: Account,
    @Args(() => ForwardArgs) page: ForwardArgs,
    @Arg('where', () => ContributionFilter, { nullable: true }) where: ContributionFilter | null,
    @Arg('orderBy', () => ContributionOrder, { nullable: true }) orderBy: ContributionOrder | null,
  ): Promise<Connection<Contribution>> {
    const of = { list: 'account.contributions', chainIds: scope, address } as const;
    return contributions(context, page, of, where, orderBy);
  }

  @FieldResolver(() => ModelConnection)
  async models(
    @Ctx() context: Context,
    @Root() account: Account,
    @Args(() => ForwardArgs) page: ForwardArgs,
  ): Promise<Connection<Model>> {
    return modelsOfAccount(context, page, await chainsOf(context, account), account.address);
  }

  @FieldResolver(() => InferenceConnection)
  inferences(
    @Ctx() context: Context,
    @Root() { address, scope }: Account,
    @Args(() => ForwardArgs) page: ForwardArgs,
    @Arg('orderBy', () => InferenceOrder, { nullable: true }) orderBy: InferenceOrder | null,
  ): Promise<Connection<Inference>> {
    return inferences(context, page, { list: 'account.inferences', chainIds: scope, address }, null, orderBy);
  }

  @FieldResolver(() => RewardConnection)
  rewards(
    @Ctx() context: Context,
    @Root() { address, scope }: Account,
    @Args(() => ForwardArgs) page: ForwardArgs,
    @Arg('where', () => RewardFilter, { nullable: true }) where: RewardFilter | null,
    @Arg('orderBy', () => RewardOrder, { nullable: true }) orderBy: RewardOrder | null,
  ): Promise<Connection<Reward>> {
    return rewards(context, page, { list: 'account.rewards', chainIds: scope, address }, where, orderBy);
  }

  @FieldResolver(() => ClaimConnection)
  claims(
    @Ctx() context: Context,
    @Root() { address, scope }: Account,
    @Args(() => ForwardArgs) page: ForwardArgs,
  ): Promise<Connection<Claim>> {
    return claims(context, page, null, { chainIds: scope, address });
  }
}

@Resolver(() => Reputation)
export class ReputationResolver {
  @FieldResolver(() => Datanet, { nullable: true })
  datanet(@Ctx() context: Context, @Root() { chainId, datanetId }: Reputation): Promise<Datanet | null> {
    return datanet(context, chainId, datanetId);
  }

  @FieldResolver(() => Provenance)
  updatedAt(@Ctx() context: Context, @Root() { chainId, pos }: Reputation): Promise<Provenance> {
    return provenanceAt(context, chainId, pos);
  }
}
