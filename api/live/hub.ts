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

/** A subscription that runs. */
export interface Following {
  /** Its client wants no more; whatever it would have ended by is not told. */
  stop(): void;
}

/** All subscriptions of the process. */
export interface Hub {
  /**
   * Sends what the subscription asks for, until it is stopped.
   * @param ended told once, if it ends by itself: of what ended it, not yet fit for clients
   */
  follow(subscription: Subscription, sink: Sink, ended: (error: unknown) => void): Following;
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
  const audiences = new Shared<Audience>();
  const statusAudiences = new Shared<StatusAudience>();
  const onDelivered = (count: number) => metrics.deliveries.inc(count);

  const rendererOf = ({ document, operationName, variableValues }: Subscription) => {
    const delivery = deliveryDocument(schema, document, operationName);
    // One that wasn't given has its default, which `undefined` would not leave it.
    const given = delivery.variables.filter((name) => variableValues?.[name] !== undefined);
    const variables = Object.fromEntries(given.map((name) => [name, variableValues?.[name]]));
    return {
      key: `${delivery.id} ${JSON.stringify(variables)}`,
      open: () => new Renderer(schema, program, lanes, log, delivery, variables),
    };
  };

  const followChanges = (plan: ChangesPlan, subscription: Subscription, sink: Sink, run: Run) => {
    const { kind, finality } = plan;
    const renderer = rendererOf(subscription);
    const seat = audiences.take(`${finality} ${renderer.key}`, () => {
      const options = { kind, finality, renderer: renderer.open(), changes: program.changes, limits: program.limits };
      return new Audience({ ...options, log, onDelivered });
    });
    const follower = new Follower(plan, seat.of, sink, run.ended);
    run.begin(follower, seat);
    follower.begin(plan.after);
  };

  const followStatus = ({ chainId }: StatusPlan, subscription: Subscription, sink: Sink, run: Run) => {
    const renderer = rendererOf(subscription);
    const seat = statusAudiences.take(
      `${chainId} ${renderer.key}`,
      () => new StatusAudience(chainId, renderer.open(), program, log, onDelivered),
    );
    run.begin(seat.of.join(sink), seat);
  };

  return {
    follow(subscription, sink, ended) {
      const run = new Run(metrics, ended);
      planOf(schema, program, subscription).then(
        (plan) => {
          if (run.isOver) return;
          if (plan instanceof ChangesPlan) followChanges(plan, subscription, sink, run);
          else followStatus(plan, subscription, sink, run);
        },
        (error) => run.ended(error),
      );
      return run;
    },
    close() {
      audiences.close();
      statusAudiences.close();
    },
  };
}

/** Of one subscription what has to be given back, however it ends: ten thousand of them are there for hours. */
class Run implements Following {
  isOver = false;
  readonly ended = (error: unknown): void => {
    if (this.isOver) return;
    this.giveBack();
    this.tell(error);
  };
  private follower: Following | undefined;
  private seat: { giveBack(): void } | undefined;

  constructor(
    private readonly metrics: Metrics,
    private readonly tell: (error: unknown) => void,
  ) {
    metrics.subscriptions.inc();
  }

  begin(follower: Following, seat: { giveBack(): void }): void {
    this.follower = follower;
    this.seat = seat;
  }

  stop(): void {
    if (!this.isOver) this.giveBack();
  }

  private giveBack(): void {
    this.isOver = true;
    this.metrics.subscriptions.dec();
    this.follower?.stop();
    this.seat?.giveBack();
  }
}

/** One of each key for all who use it, as long as somebody does. */
class Shared<Each extends { close(): void }> {
  private readonly all = new Map<string, { of: Each; users: number; giveBack(): void }>();

  take(key: string, open: () => Each): { of: Each; giveBack(): void } {
    let entry = this.all.get(key);
    if (!entry) {
      const of = open();
      const opened = {
        of,
        users: 0,
        giveBack: () => {
          opened.users -= 1;
          if (opened.users > 0) return;
          this.all.delete(key);
          of.close();
        },
      };
      entry = opened;
      this.all.set(key, entry);
    }
    entry.users += 1;
    return entry;
  }

  close(): void {
    for (const { of } of this.all.values()) of.close();
  }
}

/** What the resolver of the root field makes of its arguments. */
async function planOf(
  schema: GraphQLSchema,
  program: Program,
  { document, operationName, variableValues }: Subscription,
): Promise<ChangesPlan | StatusPlan> {
  const contextValue = openContext(program, new AbortController().signal);
  try {
    const source = await createSourceEventStream({ schema, document, operationName, variableValues, contextValue });
    if (source instanceof ChangesPlan || source instanceof StatusPlan) return source;
    throw Symbol.asyncIterator in source ? new Error('no plan') : source.errors?.[0];
  } finally {
    await contextValue.snapshot.close();
  }
}
