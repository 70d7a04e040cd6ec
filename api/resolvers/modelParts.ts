import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../context';
import { parseIdOf } from '../ids';
import { provenanceAt } from '../provenance';
import { datanet } from '../queries/datanet';
import { model } from '../queries/model';
import { adapter, adapterInferences } from '../queries/modelParts';
import { inputsOf, trainingRun } from '../queries/trainingRun';
import { tokenOf } from '../tokens';
import { Account, accountOf } from '../types/account';
import { AsOf, type BlockRef } from '../types/blockRef';
import { Datanet } from '../types/datanet';
import { Adapter, Model, ModelPrice, ModelVersion, TrainingInput, TrainingRun } from '../types/model';
import { Provenance } from '../types/provenance';
import { Token } from '../types/token';

@Resolver(() => ModelPrice)
export class ModelPriceResolver {
  @FieldResolver(() => Token)
  token(@Ctx() context: Context, @Root() { chainId, tokenAddress }: ModelPrice): Promise<Token> {
    return tokenOf(context, chainId, tokenAddress);
  }

  @FieldResolver(() => Provenance)
  since(@Ctx() context: Context, @Root() { chainId, pos }: ModelPrice): Promise<Provenance> {
    return provenanceAt(context, chainId, pos);
  }
}

@Resolver(() => ModelVersion)
export class ModelVersionResolver {
  @FieldResolver(() => TrainingRun, { nullable: true })
  trainingRun(@Ctx() context: Context, @Root() { chainId, runId }: ModelVersion): Promise<TrainingRun | null> {
    return trainingRun(context, chainId, runId);
  }

  @FieldResolver(() => Provenance)
  publishedAt(@Ctx() context: Context, @Root() { chainId, pos }: ModelVersion): Promise<Provenance> {
    return provenanceAt(context, chainId, pos);
  }
}

@Resolver(() => TrainingRun)
export class TrainingRunResolver {
  @FieldResolver(() => Account)
  runner(@Root() { runnerAddress, chainId, pos }: TrainingRun): Account {
    return accountOf(runnerAddress, { chainId, pos });
  }

  @FieldResolver(() => [TrainingInput])
  inputs(@Ctx() context: Context, @Root() run: TrainingRun): Promise<TrainingInput[]> {
    return inputsOf(context, run);
  }

  @FieldResolver(() => Provenance)
  at(@Ctx() context: Context, @Root() { chainId, pos }: TrainingRun): Promise<Provenance> {
    return provenanceAt(context, chainId, pos);
  }
}

@Resolver(() => TrainingInput)
export class TrainingInputResolver {
  @FieldResolver(() => Datanet, { nullable: true })
  datanet(@Ctx() context: Context, @Root() { chainId, datanetId }: TrainingInput): Promise<Datanet | null> {
    return datanet(context, chainId, datanetId);
  }
}

@Resolver(() => Adapter)
export class AdapterResolver {
  @Query(() => Adapter, { nullable: true })
  async adapter(
    @Ctx() context: Context,
    @Arg('id', () => ID) id: string,
    @AsOf() _asOf: BlockRef | null,
  ): Promise<Adapter | null> {
    const parsed = parseIdOf('adapter', id);
    return parsed && adapter(context, parsed.chainId, parsed.key);
  }

  @FieldResolver(() => Model, { nullable: true })
  model(@Ctx() context: Context, @Root() { chainId, modelId }: Adapter): Promise<Model | null> {
    return model(context, chainId, modelId);
  }

  @FieldResolver(() => Account)
  builder(@Root() { builderAddress, chainId, pos }: Adapter): Account {
    return accountOf(builderAddress, { chainId, pos });
  }

  @FieldResolver(() => TrainingRun, { nullable: true })
  trainingRun(@Ctx() context: Context, @Root() { chainId, runId }: Adapter): Promise<TrainingRun | null> {
    return trainingRun(context, chainId, runId);
  }

  @FieldResolver(() => Int)
  inferenceCount(@Ctx() context: Context, @Root() adapter: Adapter): Promise<number> {
    return adapterInferences(context, adapter);
  }

  @FieldResolver(() => Provenance)
  createdAt(@Ctx() context: Context, @Root() { chainId, pos }: Adapter): Promise<Provenance> {
    return provenanceAt(context, chainId, pos);
  }
}
