import 'reflect-metadata';
import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { type BuildSchemaOptions, buildSchemaSync, type PubSub } from 'type-graphql';
import { answerAsOf } from './asOfFields';
import { describe } from './descriptions/describe';
import { resolveDirectly } from './execution/directResolvers';
import { aboutSubscriptions } from './live/about';
import { entityResolvers } from './resolvers/entities';
import { EventResolver } from './resolvers/event';
import { ExplanationResolver } from './resolvers/explanation';
import { FlywheelResolver } from './resolvers/flywheel';
import { GraphResolver } from './resolvers/graph';
import { IndexStatusResolver } from './resolvers/indexStatus';
import { LeaderboardResolver } from './resolvers/leaderboard';
import { LiveResolver } from './resolvers/live';
import { NodeResolver } from './resolvers/node';
import { ReconciliationResolver } from './resolvers/reconciliation';
import { RetentionResolver } from './resolvers/retention';
import { RewardHistoryResolver } from './resolvers/rewardHistory';
import { SearchResolver } from './resolvers/search';

/** type-graphql asks for one. Every subscription here follows the log of changes instead. */
const noPubSub: PubSub = {
  publish() {},
  subscribe() {
    throw new Error('subscriptions follow the log of changes');
  },
};

const resolvers: BuildSchemaOptions['resolvers'] = [
  EventResolver,
  ExplanationResolver,
  FlywheelResolver,
  GraphResolver,
  IndexStatusResolver,
  LeaderboardResolver,
  LiveResolver,
  NodeResolver,
  ReconciliationResolver,
  RetentionResolver,
  RewardHistoryResolver,
  SearchResolver,
  ...entityResolvers,
];

let built: GraphQLSchema | undefined;

/** Made once: every server of a process serves the same. */
export function buildApiSchema(): GraphQLSchema {
  built ??= makeSchema();
  return built;
}

function makeSchema(): GraphQLSchema {
  // Apollo validates it, too: to introspect it for a check is most of what making it costs.
  const schema = buildSchemaSync({ resolvers, validate: false, pubSub: noPubSub, skipCheck: true });
  // The root types have no class of their own to be described on.
  const subscription = schema.getSubscriptionType();
  if (subscription) subscription.description = aboutSubscriptions;
  describe(schema);
  resolveDirectly(schema);
  answerAsOf(schema);
  return schema;
}

/** The SDL as it is served and committed, in an order that only meaning changes. */
export function schemaText(schema: GraphQLSchema = buildApiSchema()): string {
  const text = texts.get(schema) ?? `${printSchema(lexicographicSortSchema(schema))}\n`;
  texts.set(schema, text);
  return text;
}

const texts = new WeakMap<GraphQLSchema, string>();
