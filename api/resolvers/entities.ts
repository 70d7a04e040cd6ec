import { AccountResolver, ReputationResolver } from './account';
import {
  ContributionLinkResolver,
  ContributionResolver,
  ContributionScoreResolver,
  DisputeResolver,
} from './contribution';
import { CuratorResolver, DatanetResolver, DatanetVersionResolver } from './datanet';
import {
  AttributionResolver,
  FeedbackResolver,
  FeeSplitResolver,
  InferenceResolver,
  InfluenceResolver,
  ParametersInForceResolver,
} from './inference';
import { ModelResolver } from './model';
import {
  AdapterResolver,
  ModelPriceResolver,
  ModelVersionResolver,
  TrainingInputResolver,
  TrainingRunResolver,
} from './modelParts';
import { PoolResolver } from './pool';
import { ClaimResolver, ReversalResolver, RewardResolver } from './reward';

/** The entities of the loop, in its order. */
export const entityResolvers = [
  DatanetResolver,
  CuratorResolver,
  DatanetVersionResolver,
  ContributionResolver,
  ContributionScoreResolver,
  ContributionLinkResolver,
  DisputeResolver,
  ModelResolver,
  ModelPriceResolver,
  ModelVersionResolver,
  TrainingRunResolver,
  TrainingInputResolver,
  AdapterResolver,
  InferenceResolver,
  FeeSplitResolver,
  ParametersInForceResolver,
  FeedbackResolver,
  AttributionResolver,
  InfluenceResolver,
  PoolResolver,
  RewardResolver,
  ReversalResolver,
  ClaimResolver,
  AccountResolver,
  ReputationResolver,
];
