import { Arg, Args, Ctx, FieldResolver, Float, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { type Connection, ForwardArgs, PageArgs } from '../connection';
import type { Context } from '../context';
import { parseIdOf } from '../ids';
import { provenanceAt } from '../provenance';
import { share, sourceAmounts } from '../queries/backing';
import { contributions } from '../queries/contribution';
import { datanet, datanetCounts, datanetRewards, datanets, latestDatanetVersion } from '../queries/datanet';
import { curatorsOf, versionsOfDatanet } from '../queries/datanetParts';
import { documentOf } from '../queries/documents';
import { modelsOfDatanet } from '../queries/model';
import { BigIntScalar } from '../scalars';
import { tokenAmount, tokenOf } from '../tokens';
import { Account, accountOf } from '../types/account';
import { Backing } from '../types/backing';
import { AsOf, type BlockRef } from '../types/blockRef';
import {
  type Contribution,
  ContributionConnection,
  ContributionFilter,
  ContributionOrder,
} from '../types/contribution';
import {
  Curator,
  CuratorConnection,
  Datanet,
  DatanetConnection,
  DatanetFilter,
  DatanetOrder,
  DatanetVersion,
  DatanetVersionConnection,
} from '../types/datanet';
import { type Model, ModelConnection } from '../types/model';
import { Provenance } from '../types/provenance';
import { TokenAmount } from '../types/token';

@Resolver(() => Datanet)
export class DatanetResolver {
  @Query(() => Datanet, { nullable: true })
  async datanet(
    @Ctx() context: Context,
    @Arg('id', () => ID) id: string,
    @AsOf() _asOf: BlockRef | null,
  ): Promise<Datanet | null> {
    const parsed = parseIdOf('datanet', id);
    return parsed && datanet(context, parsed.chainId, parsed.key);
  }

  @Query(() => DatanetConnection, { nullable: true })
  datanets(
    @Ctx() context: Context,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('where', () => DatanetFilter, { nullable: true }) where: DatanetFilter | null,
    @Arg('orderBy', () => DatanetOrder, { nullable: true }) orderBy: DatanetOrder | null,
    @AsOf() _asOf: BlockRef | null,
  ): Promise<Connection<Datanet>> {
    return datanets(context, page, where, orderBy);
  }

  @FieldResolver(() => Account)
  owner(@Root() { ownerAddress, chainId, pos }: Datanet): Account {
    return accountOf(ownerAddress, { chainId, pos });
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'From the metadata document, once it has been fetched and its hash matches metadataHash; else null.',
  })
  async name(@Ctx() context: Context, @Root() { metadataHash }: Datanet): Promise<string | null> {
    return (await documentOf(context, metadataHash))?.name ?? null;
  }

  @FieldResolver(() => String, { nullable: true })
  async description(@Ctx() context: Context, @Root() { metadataHash }: Datanet): Promise<string | null> {
    return (await documentOf(context, metadataHash))?.description ?? null;
  }

  @FieldResolver(() => BigIntScalar, { nullable: true })
  latestVersion(@Ctx() context: Context, @Root() datanet: Datanet): Promise<string | null> {
    return latestDatanetVersion(context, datanet);
  }

  @FieldResolver(() => Int)
  async contributionCount(@Ctx() context: Context, @Root() datanet: Datanet): Promise<number> {
    return (await datanetCounts(context, datanet)).contributions;
  }

  @FieldResolver(() => Int)
  async pendingCount(@Ctx() context: Context, @Root() datanet: Datanet): Promise<number> {
    return (await datanetCounts(context, datanet)).pending;
  }

  @FieldResolver(() => Int)
  async acceptedCount(@Ctx() context: Context, @Root() datanet: Datanet): Promise<number> {
    return (await datanetCounts(context, datanet)).accepted;
  }

  @FieldResolver(() => Int)
  async rejectedCount(@Ctx() context: Context, @Root() datanet: Datanet): Promise<number> {
    return (await datanetCounts(context, datanet)).rejected;
  }

  @FieldResolver(() => Int)
  async slashedCount(@Ctx() context: Context, @Root() datanet: Datanet): Promise<number> {
    return (await datanetCounts(context, datanet)).slashed;
  }

  @FieldResolver(() => Int)
  async contributorCount(@Ctx() context: Context, @Root() datanet: Datanet): Promise<number> {
    return (await datanetCounts(context, datanet)).contributors;
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description: 'Accepted / (accepted + rejected), 0..1; null before the first decision.',
  })
  async acceptanceRate(@Ctx() context: Context, @Root() datanet: Datanet): Promise<number | null> {
    const { accepted, rejected } = await datanetCounts(context, datanet);
    return accepted + rejected === 0 ? null : accepted / (accepted + rejected);
  }

  @FieldResolver(() => Int)
  async modelCount(@Ctx() context: Context, @Root() datanet: Datanet): Promise<number> {
    return (await datanetCounts(context, datanet)).models;
  }

  @FieldResolver(() => Int)
  async inferenceCount(@Ctx() context: Context, @Root() datanet: Datanet): Promise<number> {
    return (await datanetCounts(context, datanet)).inferences;
  }

  @FieldResolver(() => [TokenAmount], { description: 'Accrued rewards, per token, reversals not taken off.' })
  async earned(@Ctx() context: Context, @Root() datanet: Datanet): Promise<TokenAmount[]> {
    const rows = await datanetRewards(context, datanet);
    return rows.map(({ chain_id, token, accrued }) => tokenAmount(context, chain_id, token, accrued));
  }

  /** A token of which nothing but zeros accrued has no shares, so it isn't listed. */
  @FieldResolver(() => [Backing], { description: 'Share of accrued rewards backed by fees, per token, 0..1.' })
  async backing(@Ctx() context: Context, @Root() datanet: Datanet): Promise<Backing[]> {
    const rows = await datanetRewards(context, datanet);
    return rows.flatMap((row) => {
      const accrued = BigInt(row.accrued);
      if (accrued === 0n) return [];
      return [
        {
          token: () => tokenOf(context, row.chain_id, row.token),
          accrued,
          bySource: sourceAmounts(row),
          feeShare: share(BigInt(row.fee), accrued),
          leakShare: share(BigInt(row.emission) + BigInt(row.unknown), accrued),
        },
      ];
    });
  }

  @FieldResolver(() => Provenance)
  createdAt(@Ctx() context: Context, @Root() { chainId, pos }: Datanet): Promise<Provenance> {
    return provenanceAt(context, chainId, pos);
  }

  @FieldResolver(() => CuratorConnection)
  curators(
    @Ctx() context: Context,
    @Root() datanet: Datanet,
    @Args(() => ForwardArgs) page: ForwardArgs,
  ): Promise<Connection<Curator>> {
    return curatorsOf(context, page, datanet);
  }

  @FieldResolver(() => DatanetVersionConnection)
  versions(
    @Ctx() context: Context,
    @Root() datanet: Datanet,
    @Args(() => ForwardArgs) page: ForwardArgs,
  ): Promise<Connection<DatanetVersion>> {
    return versionsOfDatanet(context, page, datanet);
  }

  @FieldResolver(() => ContributionConnection)
  contributions(
    @Ctx() context: Context,
    @Root() { chainId, datanetId }: Datanet,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('where', () => ContributionFilter, { nullable: true }) where: ContributionFilter | null,
    @Arg('orderBy', () => ContributionOrder, { nullable: true }) orderBy: ContributionOrder | null,
  ): Promise<Connection<Contribution>> {
    return contributions(context, page, { list: 'datanet.contributions', chainId, datanetId }, where, orderBy);
  }

  @FieldResolver(() => ModelConnection)
  models(
    @Ctx() context: Context,
    @Root() datanet: Datanet,
    @Args(() => ForwardArgs) page: ForwardArgs,
  ): Promise<Connection<Model>> {
    return modelsOfDatanet(context, page, datanet);
  }
}

@Resolver(() => Curator)
export class CuratorResolver {
  @FieldResolver(() => Account)
  account(@Root() { address, chainId, pos }: Curator): Account {
    return accountOf(address, { chainId, pos });
  }

  @FieldResolver(() => Provenance)
  since(@Ctx() context: Context, @Root() { chainId, pos }: Curator): Promise<Provenance> {
    return provenanceAt(context, chainId, pos);
  }
}

@Resolver(() => DatanetVersion)
export class DatanetVersionResolver {
  @FieldResolver(() => Provenance)
  publishedAt(@Ctx() context: Context, @Root() { chainId, pos }: DatanetVersion): Promise<Provenance> {
    return provenanceAt(context, chainId, pos);
  }
}
