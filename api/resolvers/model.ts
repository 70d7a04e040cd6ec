import { Arg, Args, Ctx, FieldResolver, Float, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { type Connection, ForwardArgs, PageArgs } from '../connection';
import type { Context } from '../context';
import { parseIdOf } from '../ids';
import { provenanceAt } from '../provenance';
import { datanetsOfModel } from '../queries/datanet';
import { documentOf } from '../queries/documents';
import { inferences } from '../queries/inference';
import { childrenOfModel, latestModelVersion, model, modelCounts, modelFees, models } from '../queries/model';
import { adaptersOfModel, priceOf, pricesOf, versionsOfModel } from '../queries/modelParts';
import { trainingRunsOf } from '../queries/trainingRun';
import { BigIntScalar } from '../scalars';
import { tokenAmount } from '../tokens';
import { Account, accountOf } from '../types/account';
import { AsOf, type BlockRef } from '../types/blockRef';
import { type Datanet, DatanetConnection } from '../types/datanet';
import { type Inference, InferenceConnection, InferenceFilter, InferenceOrder } from '../types/inference';
import {
  type Adapter,
  AdapterConnection,
  Model,
  ModelConnection,
  ModelFilter,
  ModelOrder,
  ModelPrice,
  ModelPriceConnection,
  type ModelVersion,
  ModelVersionConnection,
  type TrainingRun,
  TrainingRunConnection,
} from '../types/model';
import { Provenance } from '../types/provenance';
import { TokenAmount } from '../types/token';

@Resolver(() => Model)
export class ModelResolver {
  @Query(() => Model, { nullable: true })
  async model(
    @Ctx() context: Context,
    @Arg('id', () => ID) id: string,
    @AsOf() _asOf: BlockRef | null,
  ): Promise<Model | null> {
    const parsed = parseIdOf('model', id);
    return parsed && model(context, parsed.chainId, parsed.key);
  }

  @Query(() => ModelConnection, { nullable: true })
  models(
    @Ctx() context: Context,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('where', () => ModelFilter, { nullable: true }) where: ModelFilter | null,
    @Arg('orderBy', () => ModelOrder, { nullable: true }) orderBy: ModelOrder | null,
    @AsOf() _asOf: BlockRef | null,
  ): Promise<Connection<Model>> {
    return models(context, page, where, orderBy);
  }

  @FieldResolver(() => Account)
  builder(@Root() { builderAddress, chainId, pos }: Model): Account {
    return accountOf(builderAddress, { chainId, pos });
  }

  @FieldResolver(() => Model, { nullable: true })
  async parent(@Ctx() context: Context, @Root() { chainId, parentModelId }: Model): Promise<Model | null> {
    return parentModelId === '0' ? null : model(context, chainId, parentModelId);
  }

  @FieldResolver(() => String, { nullable: true })
  async name(@Ctx() context: Context, @Root() { metadataHash }: Model): Promise<string | null> {
    return (await documentOf(context, metadataHash))?.name ?? null;
  }

  @FieldResolver(() => String, { nullable: true })
  async description(@Ctx() context: Context, @Root() { metadataHash }: Model): Promise<string | null> {
    return (await documentOf(context, metadataHash))?.description ?? null;
  }

  @FieldResolver(() => BigIntScalar, { nullable: true })
  latestVersion(@Ctx() context: Context, @Root() model: Model): Promise<bigint | null> {
    return latestModelVersion(context, model);
  }

  @FieldResolver(() => Int)
  async inferenceCount(@Ctx() context: Context, @Root() model: Model): Promise<number> {
    return (await modelCounts(context, model)).inferences;
  }

  @FieldResolver(() => Int)
  async userCount(@Ctx() context: Context, @Root() model: Model): Promise<number> {
    return (await modelCounts(context, model)).users;
  }

  @FieldResolver(() => [TokenAmount])
  async fees(@Ctx() context: Context, @Root() model: Model): Promise<TokenAmount[]> {
    const rows = await modelFees(context, model);
    return rows.map(({ chain_id, token, amount }) => tokenAmount(context, chain_id, token, amount));
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description: 'Paid inferences that have an attribution / paid inferences, 0..1; null before the first.',
  })
  async attributionCoverage(@Ctx() context: Context, @Root() model: Model): Promise<number | null> {
    const { paid, paid_attributed } = await modelCounts(context, model);
    return paid === 0 ? null : paid_attributed / paid;
  }

  @FieldResolver(() => Float, { nullable: true })
  async averageRating(@Ctx() context: Context, @Root() model: Model): Promise<number | null> {
    const { ratings, rating_sum } = await modelCounts(context, model);
    return ratings === 0 ? null : Number(rating_sum) / ratings;
  }

  @FieldResolver(() => ModelPrice, { nullable: true })
  price(@Ctx() context: Context, @Root() model: Model): Promise<ModelPrice | null> {
    return priceOf(context, model);
  }

  @FieldResolver(() => ModelPriceConnection)
  prices(
    @Ctx() context: Context,
    @Root() model: Model,
    @Args(() => ForwardArgs) page: ForwardArgs,
  ): Promise<Connection<ModelPrice>> {
    return pricesOf(context, page, model);
  }

  @FieldResolver(() => TrainingRunConnection)
  trainingRuns(
    @Ctx() context: Context,
    @Root() model: Model,
    @Args(() => ForwardArgs) page: ForwardArgs,
  ): Promise<Connection<TrainingRun>> {
    return trainingRunsOf(context, page, model);
  }

  @FieldResolver(() => Provenance)
  createdAt(@Ctx() context: Context, @Root() { chainId, pos }: Model): Promise<Provenance> {
    return provenanceAt(context, chainId, pos);
  }

  @FieldResolver(() => ModelVersionConnection)
  versions(
    @Ctx() context: Context,
    @Root() model: Model,
    @Args(() => ForwardArgs) page: ForwardArgs,
  ): Promise<Connection<ModelVersion>> {
    return versionsOfModel(context, page, model);
  }

  @FieldResolver(() => AdapterConnection)
  adapters(
    @Ctx() context: Context,
    @Root() model: Model,
    @Args(() => ForwardArgs) page: ForwardArgs,
  ): Promise<Connection<Adapter>> {
    return adaptersOfModel(context, page, model);
  }

  @FieldResolver(() => DatanetConnection)
  datanets(
    @Ctx() context: Context,
    @Root() model: Model,
    @Args(() => ForwardArgs) page: ForwardArgs,
  ): Promise<Connection<Datanet>> {
    return datanetsOfModel(context, page, model);
  }

  @FieldResolver(() => InferenceConnection)
  inferences(
    @Ctx() context: Context,
    @Root() { chainId, modelId }: Model,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('where', () => InferenceFilter, { nullable: true }) where: InferenceFilter | null,
    @Arg('orderBy', () => InferenceOrder, { nullable: true }) orderBy: InferenceOrder | null,
  ): Promise<Connection<Inference>> {
    return inferences(context, page, { list: 'model.inferences', chainId, modelId }, where, orderBy);
  }

  @FieldResolver(() => ModelConnection)
  children(
    @Ctx() context: Context,
    @Root() model: Model,
    @Args(() => ForwardArgs) page: ForwardArgs,
  ): Promise<Connection<Model>> {
    return childrenOfModel(context, page, model);
  }
}
