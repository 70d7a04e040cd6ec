import { Arg, Args, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { type Connection, ForwardArgs, PageArgs } from '../connection';
import type { Context } from '../context';
import { parseIdOf } from '../ids';
import { provenanceAt } from '../provenance';
import { contribution, contributions } from '../queries/contribution';
import { disputesOf, linksOf, scoresOf } from '../queries/contributionParts';
import { contributionEarned, progressOf, stageOf } from '../queries/contributionProgress';
import { datanet } from '../queries/datanet';
import { influencesOfContribution } from '../queries/influence';
import { tokenAmount } from '../tokens';
import { Account, accountOf } from '../types/account';
import { AsOf, type BlockRef } from '../types/blockRef';
import {
  Contribution,
  ContributionConnection,
  ContributionFilter,
  ContributionLink,
  ContributionLinkConnection,
  ContributionOrder,
  ContributionScore,
  ContributionScoreConnection,
  Dispute,
  DisputeConnection,
} from '../types/contribution';
import { Datanet } from '../types/datanet';
import { ContributionStage, type ValueOf } from '../types/enums';
import { type Influence, InfluenceConnection, InfluenceOrder } from '../types/inference';
import { Provenance } from '../types/provenance';
import { TokenAmount } from '../types/token';

@Resolver(() => Contribution)
export class ContributionResolver {
  @Query(() => Contribution, { nullable: true })
  async contribution(
    @Ctx() context: Context,
    @Arg('id', () => ID) id: string,
    @AsOf() _asOf: BlockRef | null,
  ): Promise<Contribution | null> {
    const parsed = parseIdOf('contribution', id);
    return parsed && contribution(context, parsed.chainId, parsed.key);
  }

  @Query(() => ContributionConnection, { nullable: true })
  contributions(
    @Ctx() context: Context,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('where', () => ContributionFilter, { nullable: true }) where: ContributionFilter | null,
    @Arg('orderBy', () => ContributionOrder, { nullable: true }) orderBy: ContributionOrder | null,
    @AsOf() _asOf: BlockRef | null,
  ): Promise<Connection<Contribution>> {
    return contributions(context, page, { list: 'contributions' }, where, orderBy);
  }

  @FieldResolver(() => Datanet, { nullable: true })
  datanet(
    @Ctx() context: Context,
    @Root() { chainId, datanetId, readDatanet }: Contribution,
  ): Datanet | null | Promise<Datanet | null> {
    return readDatanet !== undefined ? readDatanet : datanet(context, chainId, datanetId);
  }

  @FieldResolver(() => Account)
  contributor(@Root() { contributorAddress, chainId, pos }: Contribution): Account {
    return accountOf(contributorAddress, { chainId, pos });
  }

  @FieldResolver(() => ContributionScoreConnection)
  scores(
    @Ctx() context: Context,
    @Root() contribution: Contribution,
    @Args(() => ForwardArgs) page: ForwardArgs,
  ): Promise<Connection<ContributionScore>> {
    return scoresOf(context, page, contribution);
  }

  @FieldResolver(() => DisputeConnection)
  disputes(
    @Ctx() context: Context,
    @Root() contribution: Contribution,
    @Args(() => ForwardArgs) page: ForwardArgs,
  ): Promise<Connection<Dispute>> {
    return disputesOf(context, page, contribution);
  }

  @FieldResolver(() => ContributionLinkConnection)
  links(
    @Ctx() context: Context,
    @Root() contribution: Contribution,
    @Args(() => ForwardArgs) page: ForwardArgs,
  ): Promise<Connection<ContributionLink>> {
    return linksOf(context, page, contribution);
  }

  @FieldResolver(() => Int, { description: 'Inferences that this contribution influenced (weight > 0).' })
  async influenceCount(@Ctx() context: Context, @Root() contribution: Contribution): Promise<number> {
    return (await progressOf(context, contribution)).influences;
  }

  @FieldResolver(() => [TokenAmount], {
    description: 'Accrued rewards that name this contribution, per token (claims and reversals name none).',
  })
  async earned(@Ctx() context: Context, @Root() contribution: Contribution): Promise<TokenAmount[]> {
    const rows = await contributionEarned(context, contribution);
    return rows.map(({ chain_id, token, amount }) => tokenAmount(context, chain_id, token, amount));
  }

  @FieldResolver(() => InfluenceConnection)
  influences(
    @Ctx() context: Context,
    @Root() contribution: Contribution,
    @Args(() => ForwardArgs) page: ForwardArgs,
    @Arg('orderBy', () => InfluenceOrder, { nullable: true }) orderBy: InfluenceOrder | null,
  ): Promise<Connection<Influence>> {
    return influencesOfContribution(context, page, contribution, orderBy);
  }

  @FieldResolver(() => ContributionStage, {
    description:
      'Why nothing has happened yet, or PAID: the first stage of the loop that this contribution has not reached.',
  })
  async stage(@Ctx() context: Context, @Root() contribution: Contribution): Promise<ValueOf<typeof ContributionStage>> {
    return stageOf(contribution, await progressOf(context, contribution));
  }

  @FieldResolver(() => Provenance)
  submittedAt(@Ctx() context: Context, @Root() { chainId, pos }: Contribution): Promise<Provenance> {
    return provenanceAt(context, chainId, pos);
  }

  @FieldResolver(() => Provenance, { nullable: true })
  async finalizedAt(
    @Ctx() context: Context,
    @Root() { chainId, finalizedPos }: Contribution,
  ): Promise<Provenance | null> {
    return finalizedPos === null ? null : provenanceAt(context, chainId, finalizedPos);
  }

  @FieldResolver(() => Provenance, {
    nullable: true,
    description: 'First version of its datanet that holds it; first training run on such a version.',
  })
  async inVersionAt(@Ctx() context: Context, @Root() contribution: Contribution): Promise<Provenance | null> {
    const { in_version_pos } = await progressOf(context, contribution);
    return in_version_pos === null ? null : provenanceAt(context, contribution.chainId, in_version_pos);
  }

  @FieldResolver(() => Provenance, { nullable: true })
  async trainedAt(@Ctx() context: Context, @Root() contribution: Contribution): Promise<Provenance | null> {
    const { trained_pos } = await progressOf(context, contribution);
    return trained_pos === null ? null : provenanceAt(context, contribution.chainId, trained_pos);
  }

  @FieldResolver(() => Provenance, { nullable: true })
  async firstInfluenceAt(@Ctx() context: Context, @Root() contribution: Contribution): Promise<Provenance | null> {
    const { influence_pos } = await progressOf(context, contribution);
    return influence_pos === null ? null : provenanceAt(context, contribution.chainId, influence_pos);
  }

  @FieldResolver(() => Provenance, { nullable: true })
  async firstRewardAt(@Ctx() context: Context, @Root() contribution: Contribution): Promise<Provenance | null> {
    const { reward_pos } = await progressOf(context, contribution);
    return reward_pos === null ? null : provenanceAt(context, contribution.chainId, reward_pos);
  }
}

@Resolver(() => ContributionScore)
export class ContributionScoreResolver {
  @FieldResolver(() => Account)
  curator(@Root() { curatorAddress, chainId, pos }: ContributionScore): Account {
    return accountOf(curatorAddress, { chainId, pos });
  }

  @FieldResolver(() => Provenance)
  at(@Ctx() context: Context, @Root() { chainId, pos }: ContributionScore): Promise<Provenance> {
    return provenanceAt(context, chainId, pos);
  }
}

@Resolver(() => ContributionLink)
export class ContributionLinkResolver {
  @FieldResolver(() => Contribution, { nullable: true })
  other(@Ctx() context: Context, @Root() { chainId, otherId }: ContributionLink): Promise<Contribution | null> {
    return contribution(context, chainId, otherId);
  }

  @FieldResolver(() => Provenance)
  at(@Ctx() context: Context, @Root() { chainId, pos }: ContributionLink): Promise<Provenance> {
    return provenanceAt(context, chainId, pos);
  }
}

@Resolver(() => Dispute)
export class DisputeResolver {
  @FieldResolver(() => Contribution, { nullable: true })
  contribution(@Ctx() context: Context, @Root() { chainId, contributionId }: Dispute): Promise<Contribution | null> {
    return contribution(context, chainId, contributionId);
  }

  @FieldResolver(() => Account)
  challenger(@Root() { challengerAddress, chainId, pos }: Dispute): Account {
    return accountOf(challengerAddress, { chainId, pos });
  }

  @FieldResolver(() => Account, { nullable: true })
  beneficiary(@Root() { beneficiaryAddress, chainId, resolvedPos }: Dispute): Account | null {
    if (beneficiaryAddress === null || resolvedPos === null) return null;
    return accountOf(beneficiaryAddress, { chainId, pos: resolvedPos });
  }

  @FieldResolver(() => Provenance)
  openedAt(@Ctx() context: Context, @Root() { chainId, pos }: Dispute): Promise<Provenance> {
    return provenanceAt(context, chainId, pos);
  }

  @FieldResolver(() => Provenance, { nullable: true })
  async resolvedAt(@Ctx() context: Context, @Root() { chainId, resolvedPos }: Dispute): Promise<Provenance | null> {
    return resolvedPos === null ? null : provenanceAt(context, chainId, resolvedPos);
  }
}
