import { createSourceEventStream, type DocumentNode, type GraphQLSchema } from 'graphql';
import { openContext, type Program } from '../context';
import type { Log } from '../log';
import type { Metrics } from '../metrics';
import { Audience } from './audience';
import { deliveryDocument } from './deliveryDocument';
import { Follower } from './follower';
import { ChangesPlan, StatusPlan } from './plan';
import { openLanes, Renderer } from './render';
import type { Sink } from './sink';
import { StatusAudience } from './statusAudience';

/** A subscription that was checked. */
export interface Subscription {
  document: DocumentNode;
  operationName?: string | null | undefined;
  variableValues?: Record<string, unknown> | null | undefined;
}

/** All subscriptions of the process. */
export interface Hub {
  /**
   * Sends what the subscription asks for, until the signal aborts.
   * @throws what ends the operation, not yet fit for clients
   */
  follow(subscription: Subscription, sink: Sink, signal: AbortSignal): Promise<void>;
  close(): void;
}

interface HubOptions {
  schema: GraphQLSchema;
  program: Program;
  metrics: Metrics;
  log: Log;
}

export function openHub({ schema, program, metrics, log }: HubOptions): Hub {
  const lanes = openLanes();
  const changes = new Map<string, { audience: Audience; users: number }>();
  const states = new Map<string, { audience: StatusAudience; users: number }>();
  const onDelivered = (count: number) => metrics.deliveries.inc(count);

  const rendererOf = ({ document, operationName, variableValues }: Subscription) => {
    const delivery = deliveryDocument(schema, document, operationName);
    const variables = Object.fromEntries(delivery.variables.map((name) => [name, variableValues?.[name]]));
    return {
      key: `${delivery.id} ${JSON.stringify(variables)}`,
      renderer: () => new Renderer(schema, program, lanes, log, delivery, variables),
    };
  };

  const followChanges = async (plan: ChangesPlan, subscription: Subscription, sink: Sink, signal: AbortSignal) => {
    const { kind, finality } = plan;
    const { key, renderer } = rendererOf(subscription);
    await shared(changes, `${finality} ${key}`, () => {
      const options = { kind, finality, renderer: renderer(), changes: program.changes, limits: program.limits };
      return new Audience({ ...options, log, onDelivered });
    })((audience) => new Follower(plan, audience, sink, signal).run());
  };

  const followStatus = async ({ chainId }: StatusPlan, subscription: Subscription, sink: Sink, signal: AbortSignal) => {
    const { key, renderer } = rendererOf(subscription);
    await shared(
      states,
      `${chainId} ${key}`,
      () => new StatusAudience(chainId, renderer(), program, log, onDelivered),
    )((audience) => audience.run(sink, signal));
  };

  return {
    async follow(subscription, sink, signal) {
      metrics.subscriptions.inc();
      try {
        const plan = await planOf(schema, program, subscription, signal);
        if (plan instanceof ChangesPlan) await followChanges(plan, subscription, sink, signal);
        else await followStatus(plan, subscription, sink, signal);
      } catch (error) {
        // A client that is gone is told nothing.
        if (!signal.aborted) throw error;
      } finally {
        metrics.subscriptions.dec();
      }
    },
    close() {
      for (const { audience } of [...changes.values(), ...states.values()]) audience.close();
    },
  };
}

/** One for all who use it, as long as somebody does. */
function shared<Shared extends { close(): void }>(
  all: Map<string, { audience: Shared; users: number }>,
  key: string,
  open: () => Shared,
): (use: (audience: Shared) => Promise<void>) => Promise<void> {
  return async (use) => {
    let entry = all.get(key);
    if (!entry) {
      entry = { audience: open(), users: 0 };
      all.set(key, entry);
    }
    entry.users += 1;
    try {
      await use(entry.audience);
    } finally {
      entry.users -= 1;
      if (entry.users === 0) {
        all.delete(key);
        entry.audience.close();
      }
    }
  };
}

/** What the resolver of the root field makes of its arguments. */
async function planOf(
  schema: GraphQLSchema,
  program: Program,
  { document, operationName, variableValues }: Subscription,
  signal: AbortSignal,
): Promise<ChangesPlan | StatusPlan> {
  const contextValue = openContext(program, signal);
  try {
    const source = await createSourceEventStream({ schema, document, operationName, variableValues, contextValue });
    if (source instanceof ChangesPlan || source instanceof StatusPlan) return source;
    throw Symbol.asyncIterator in source ? new Error('no plan') : source.errors?.[0];
  } finally {
    await contextValue.snapshot.close();
  }
}
