import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { type Connection, ForwardArgs, PageArgs } from '../connection';
import type { Context } from '../context';
import { parseIdOf } from '../ids';
import { provenanceAt } from '../provenance';
import { contribution } from '../queries/contribution';
import { datanet } from '../queries/datanet';
import { inference, inferenceState, inferences } from '../queries/inference';
import {
  attributionOf,
  feedbackOf,
  parametersOf,
  priceInForce,
  residualOf,
  splitOf,
  versionInForce,
} from '../queries/inferenceParts';
import { influencesOfInference } from '../queries/influence';
import { model } from '../queries/model';
import { adaptersOfInference } from '../queries/modelParts';
import { rewardsOfInference } from '../queries/reward';
import { BigIntScalar } from '../scalars';
import { tokenAmount } from '../tokens';
import { Account, accountOf } from '../types/account';
import { AsOf, type BlockRef } from '../types/blockRef';
import { Contribution } from '../types/contribution';
import { Datanet } from '../types/datanet';
import {
  Attribution,
  Feedback,
  FeedbackConnection,
  FeeSplit,
  Inference,
  InferenceConnection,
  InferenceFilter,
  InferenceOrder,
  Influence,
  InfluenceConnection,
  InfluenceOrder,
  ParametersInForce,
} from '../types/inference';
import { Adapter, Model, ModelPrice, ModelVersion } from '../types/model';
import { Provenance } from '../types/provenance';
import { type Reward, RewardConnection } from '../types/reward';
import { TokenAmount } from '../types/token';

@Resolver(() => Inference)
export class InferenceResolver {
  @Query(() => Inference, { nullable: true })
  async inference(
    @Ctx() context: Context,
    @Arg('id', () => ID) id: string,
    @AsOf() _asOf: BlockRef | null,
  ): Promise<Inference | null> {
    const parsed = parseIdOf('inference', id);
    return parsed && inference(context, parsed.chainId, parsed.key);
  }

  @Query(() => InferenceConnection, { nullable: true })
  inferences(
    @Ctx() context: Context,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('where', () => InferenceFilter, { nullable: true }) where: InferenceFilter | null,
    @Arg('orderBy', () => InferenceOrder, { nullable: true }) orderBy: InferenceOrder | null,
    @AsOf() _asOf: BlockRef | null,
  ): Promise<Connection<Inference>> {
    return inferences(context, page, { list: 'inferences' }, where, orderBy);
  }

  @FieldResolver(() => Model, { nullable: true })
  model(
    @Ctx() context: Context,
    @Root() { chainId, modelId, readModel }: Inference,
  ): Model | null | Promise<Model | null> {
    return readModel !== undefined ? readModel : model(context, chainId, modelId);
  }

  @FieldResolver(() => Account)
  user(@Root() { userAddress, chainId, pos }: Inference): Account {
    return accountOf(userAddress, { chainId, pos });
  }

  @FieldResolver(() => [Adapter])
  adapters(@Ctx() context: Context, @Root() { chainId, inferenceId }: Inference): Promise<Adapter[]> {
    return adaptersOfInference(context, chainId, inferenceId);
  }

  @FieldResolver(() => TokenAmount)
  fee(@Ctx() context: Context, @Root() { chainId, feeToken, feeAmount }: Inference): TokenAmount {
    return tokenAmount(context, chainId, feeToken, feeAmount);
  }

  @FieldResolver(() => BigIntScalar)
  async refunded(@Ctx() context: Context, @Root() inference: Inference): Promise<string> {
    return (await inferenceState(context, inference)).refunded;
  }

  @FieldResolver(() => FeeSplit, { nullable: true })
  split(@Ctx() context: Context, @Root() inference: Inference): Promise<FeeSplit | null> {
    return splitOf(context, inference);
  }

  @FieldResolver(() => BigIntScalar, {
    nullable: true,
    description:
      "fee - refunded - sum of the split's legs: 0 where everything is accounted for; null before the split.",
  })
  residual(@Ctx() context: Context, @Root() inference: Inference): Promise<bigint | null> {
    return residualOf(context, inference);
  }

  @FieldResolver(() => Attribution, { nullable: true })
  attribution(@Ctx() context: Context, @Root() inference: Inference): Promise<Attribution | null> {
    return attributionOf(context, inference);
  }

  @FieldResolver(() => InfluenceConnection)
  influences(
    @Ctx() context: Context,
    @Root() inference: Inference,
    @Args(() => ForwardArgs) page: ForwardArgs,
    @Arg('orderBy', () => InfluenceOrder, { nullable: true }) orderBy: InfluenceOrder | null,
  ): Promise<Connection<Influence>> {
    return influencesOfInference(context, page, inference, orderBy);
  }

  @FieldResolver(() => RewardConnection)
  rewards(
    @Ctx() context: Context,
    @Root() inference: Inference,
    @Args(() => ForwardArgs) page: ForwardArgs,
  ): Promise<Connection<Reward>> {
    return rewardsOfInference(context, page, inference);
  }

  @FieldResolver(() => FeedbackConnection)
  feedback(
    @Ctx() context: Context,
    @Root() inference: Inference,
    @Args(() => ForwardArgs) page: ForwardArgs,
  ): Promise<Connection<Feedback>> {
    return feedbackOf(context, page, inference);
  }

  @FieldResolver(() => ParametersInForce, {
    description: "The split, price and model version in force at this inference's block.",
  })
  parameters(@Ctx() context: Context, @Root() inference: Inference): Promise<ParametersInForce> {
    return parametersOf(context, inference);
  }

  @FieldResolver(() => Provenance)
  settledAt(@Ctx() context: Context, @Root() { chainId, pos }: Inference): Promise<Provenance> {
    return provenanceAt(context, chainId, pos);
  }
}

@Resolver(() => FeeSplit)
export class FeeSplitResolver {
  @FieldResolver(() => Provenance)
  at(@Ctx() context: Context, @Root() { chainId, pos }: FeeSplit): Promise<Provenance> {
    return provenanceAt(context, chainId, pos);
  }
}

@Resolver(() => ParametersInForce)
export class ParametersInForceResolver {
  @FieldResolver(() => Provenance, { nullable: true })
  async since(@Ctx() context: Context, @Root() { pos, inference }: ParametersInForce): Promise<Provenance | null> {
    return pos === null ? null : provenanceAt(context, inference.chainId, pos);
  }

  @FieldResolver(() => ModelPrice, { nullable: true })
  price(@Ctx() context: Context, @Root() { inference }: ParametersInForce): Promise<ModelPrice | null> {
    return priceInForce(context, inference);
  }

  @FieldResolver(() => ModelVersion, { nullable: true })
  modelVersion(@Ctx() context: Context, @Root() { inference }: ParametersInForce): Promise<ModelVersion | null> {
    return versionInForce(context, inference);
  }
}

@Resolver(() => Feedback)
export class FeedbackResolver {
  @FieldResolver(() => Account)
  rater(@Root() { raterAddress, chainId, pos }: Feedback): Account {
    return accountOf(raterAddress, { chainId, pos });
  }

  @FieldResolver(() => Provenance)
  at(@Ctx() context: Context, @Root() { chainId, pos }: Feedback): Promise<Provenance> {
    return provenanceAt(context, chainId, pos);
  }
}

@Resolver(() => Attribution)
export class AttributionResolver {
  @FieldResolver(() => Provenance)
  committedAt(@Ctx() context: Context, @Root() { chainId, pos }: Attribution): Promise<Provenance> {
    return provenanceAt(context, chainId, pos);
  }
}

@Resolver(() => Influence)
export class InfluenceResolver {
  @FieldResolver(() => Inference, { nullable: true })
  inference(@Ctx() context: Context, @Root() { chainId, inferenceId }: Influence): Promise<Inference | null> {
    return inference(context, chainId, inferenceId);
  }

  @FieldResolver(() => Contribution, { nullable: true })
  contribution(@Ctx() context: Context, @Root() { chainId, contributionId }: Influence): Promise<Contribution | null> {
    return contribution(context, chainId, contributionId);
  }

  @FieldResolver(() => Datanet, { nullable: true })
  datanet(@Ctx() context: Context, @Root() { chainId, datanetId }: Influence): Promise<Datanet | null> {
    return datanet(context, chainId, datanetId);
  }

  @FieldResolver(() => Account)
  contributor(@Root() { contributorAddress, chainId, pos }: Influence): Account {
    return accountOf(contributorAddress, { chainId, pos });
  }

  @FieldResolver(() => Provenance)
  at(@Ctx() context: Context, @Root() { chainId, pos }: Influence): Promise<Provenance> {
    return provenanceAt(context, chainId, pos);
  }
}
