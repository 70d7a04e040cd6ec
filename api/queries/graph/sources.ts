import { GraphNodeKind } from '../../types/graph';
import {
  contributed,
  contributions,
  datanetContributions,
  inDatanet,
  influenced,
  influencedBy,
  trainedModels,
  trainedOn,
} from './dataSources';
import {
  adapterInferences,
  adapters,
  adapts,
  children,
  derivedFrom,
  modelInferences,
  servedByAdapters,
  servedByModel,
} from './modelSources';
import {
  accountRewards,
  contributionRewards,
  inferenceRewards,
  paid,
  paidFor,
  received,
  rewardedBy,
  subjectRewards,
} from './moneySources';
import type { EdgeSource } from './source';

const sources = (past: boolean): Readonly<Record<GraphNodeKind, readonly EdgeSource[]>> => ({
  ACCOUNT: [contributions, paid, accountRewards],
  DATANET: [datanetContributions, trainedModels, ...subjectRewards(0, past)],
  CONTRIBUTION: [contributed, inDatanet, influenced, ...contributionRewards(past)],
  MODEL: [trainedOn, derivedFrom, children, adapters, modelInferences, ...subjectRewards(1, past)],
  ADAPTER: [adapts, adapterInferences],
  INFERENCE: [servedByModel, servedByAdapters, influencedBy, paidFor, inferenceRewards],
  REWARD: [rewardedBy, received],
});
const [now, before] = [sources(false), sources(true)];

/** `past`: of a state that isn't the newest one. */
export function sourcesOf(kind: GraphNodeKind, past: boolean): readonly EdgeSource[] {
  return (past ? before : now)[kind];
}
