import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { type Connection, PageArgs } from '../connection';
import type { Context } from '../context';
import { parseIdOf } from '../ids';
import { provenanceAt } from '../provenance';
import { sourceAmounts } from '../queries/backing';
import { contribution } from '../queries/contribution';
import { inferenceOfRef } from '../queries/inference';
import { claims, reversals } from '../queries/payout';
import { pool } from '../queries/pool';
import { reward, rewards } from '../queries/reward';
import { tokenAmount } from '../tokens';
import { Account, accountOf } from '../types/account';
import { SourceAmount } from '../types/backing';
import { AsOf, type BlockRef } from '../types/blockRef';
import { Contribution } from '../types/contribution';
import { Inference } from '../types/inference';
import { Pool } from '../types/pool';
import { Provenance } from '../types/provenance';
import {
  Claim,
  ClaimConnection,
  ClaimFilter,
  Reversal,
  ReversalConnection,
  ReversalFilter,
  Reward,
  RewardConnection,
  RewardFilter,
  RewardOrder,
} from '../types/reward';
import { TokenAmount } from '../types/token';

@Resolver(() => Reward)
export class RewardResolver {
  @Query(() => Reward, { nullable: true })
  async reward(
    @Ctx() context: Context,
    @Arg('id', () => ID) id: string,
    @AsOf() _asOf: BlockRef | null,
  ): Promise<Reward | null> {
    const parsed = parseIdOf('reward', id);
    return parsed && reward(context, parsed.chainId, parsed.pos);
  }

  @Query(() => RewardConnection, { nullable: true })
  rewards(
    @Ctx() context: Context,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('where', () => RewardFilter, { nullable: true }) where: RewardFilter | null,
    @Arg('orderBy', () => RewardOrder, { nullable: true }) orderBy: RewardOrder | null,
    @AsOf() _asOf: BlockRef | null,
  ): Promise<Connection<Reward>> {
    return rewards(context, page, { list: 'rewards' }, where, orderBy);
  }

  @FieldResolver(() => Pool, { nullable: true })
  pool(@Ctx() context: Context, @Root() { chainId, poolId }: Reward): Promise<Pool | null> {
    return pool(context, chainId, poolId);
  }

  @FieldResolver(() => Account)
  beneficiary(@Root() { beneficiaryAddress, chainId, pos }: Reward): Account {
    return accountOf(beneficiaryAddress, { chainId, pos });
  }

  @FieldResolver(() => [SourceAmount], {
    description: "The pool's funding mix at this reward's position in the chain; the parts sum to the amount exactly.",
  })
  backing(@Root() { parts }: Reward): SourceAmount[] {
    return sourceAmounts(parts);
  }

  @FieldResolver(() => TokenAmount)
  amount(@Ctx() context: Context, @Root() { chainId, tokenAddress, value }: Reward): TokenAmount {
    return tokenAmount(context, chainId, tokenAddress, value);
  }

  @FieldResolver(() => Inference, { nullable: true })
  inference(
    @Ctx() context: Context,
    @Root() { chainId, ref, readInference }: Reward,
  ): Inference | null | Promise<Inference | null> {
    return readInference !== undefined ? readInference : inferenceOfRef(context, chainId, ref);
  }

  /** contributionId 0 means none, though a contribution may have the id 0. */
  @FieldResolver(() => Contribution, { nullable: true })
  contribution(
    @Ctx() context: Context,
    @Root() { chainId, contributionId, readContribution }: Reward,
  ): Contribution | null | Promise<Contribution | null> {
    if (readContribution !== undefined) return readContribution;
    return contributionId === '0' ? null : contribution(context, chainId, contributionId);
  }

  @FieldResolver(() => Provenance)
  accruedAt(
    @Ctx() context: Context,
    @Root() { chainId, pos, readAccruedAt }: Reward,
  ): Provenance | Promise<Provenance> {
    return readAccruedAt ?? provenanceAt(context, chainId, pos);
  }
}

@Resolver(() => Reversal)
export class ReversalResolver {
  @Query(() => ReversalConnection, { nullable: true })
  reversals(
    @Ctx() context: Context,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('where', () => ReversalFilter, { nullable: true }) where: ReversalFilter | null,
    @AsOf() _asOf: BlockRef | null,
  ): Promise<Connection<Reversal>> {
    return reversals(context, page, where);
  }

  @FieldResolver(() => Pool, { nullable: true })
  pool(@Ctx() context: Context, @Root() { chainId, poolId }: Reversal): Promise<Pool | null> {
    return pool(context, chainId, poolId);
  }

  @FieldResolver(() => Account)
  beneficiary(@Root() { beneficiaryAddress, chainId, pos }: Reversal): Account {
    return accountOf(beneficiaryAddress, { chainId, pos });
  }

  @FieldResolver(() => Inference, { nullable: true })
  inference(@Ctx() context: Context, @Root() { chainId, ref }: Reversal): Promise<Inference | null> {
    return inferenceOfRef(context, chainId, ref);
  }

  @FieldResolver(() => TokenAmount)
  amount(@Ctx() context: Context, @Root() { chainId, tokenAddress, value }: Reversal): TokenAmount {
    return tokenAmount(context, chainId, tokenAddress, value);
  }

  @FieldResolver(() => Provenance)
  reversedAt(@Ctx() context: Context, @Root() { chainId, pos }: Reversal): Promise<Provenance> {
    return provenanceAt(context, chainId, pos);
  }
}

@Resolver(() => Claim)
export class ClaimResolver {
  @Query(() => ClaimConnection, { nullable: true })
  claims(
    @Ctx() context: Context,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('where', () => ClaimFilter, { nullable: true }) where: ClaimFilter | null,
    @AsOf() _asOf: BlockRef | null,
  ): Promise<Connection<Claim>> {
    return claims(context, page, where);
  }

  @FieldResolver(() => Pool, { nullable: true })
  pool(@Ctx() context: Context, @Root() { chainId, poolId }: Claim): Promise<Pool | null> {
    return pool(context, chainId, poolId);
  }

  @FieldResolver(() => Account)
  beneficiary(@Root() { beneficiaryAddress, chainId, pos }: Claim): Account {
    return accountOf(beneficiaryAddress, { chainId, pos });
  }

  @FieldResolver(() => Account)
  to(@Root() { recipientAddress, chainId, pos }: Claim): Account {
    return accountOf(recipientAddress, { chainId, pos });
  }

  @FieldResolver(() => TokenAmount)
  amount(@Ctx() context: Context, @Root() { chainId, tokenAddress, value }: Claim): TokenAmount {
    return tokenAmount(context, chainId, tokenAddress, value);
  }

  @FieldResolver(() => Provenance)
  claimedAt(@Ctx() context: Context, @Root() { chainId, pos }: Claim): Promise<Provenance> {
    return provenanceAt(context, chainId, pos);
  }
}
