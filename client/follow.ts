import { type Client, createClient } from 'graphql-ws';
import { KeyedView, type ViewChange } from './keyedView';
import { FlywheelError, type TypedDocument, textOf } from './query';

/** What every change has: select cursor, op and id in the subscription. */
export type Change = ViewChange;

/** What is followed. */
export interface Subscription {
  /** The API's URL, ws or http, with /graphql. */
  url: string;
  /** A subscription of one field that takes `$after: ChangeCursor` and selects cursor, op and id. */
  document: TypedDocument<unknown, never> | string;
  variables?: Record<string, unknown>;
  /** A WebSocket class where the platform has none. */
  webSocket?: unknown;
}

export interface FollowOptions<Row extends Change> {
  /** The last cursor that was handled; without it the stream starts now. */
  after?: string | undefined;
  /**
   * Handles a change; the next waits for it. Store `change.cursor` together with what you do: whoever starts again from
   * the stored cursor sees every change exactly once.
   */
  onChange?(change: Row): void | Promise<void>;
  /** Handled up to here, PROGRESS included: what to start from again. `view` is as of it. */
  onCursor?(cursor: string, view: KeyedView<unknown>): void | Promise<void>;
  /** Where the rows that changes bring are kept, and taken back; one that was filled from a page, say. */
  view?: KeyedView<unknown>;
  /** Ends the stream. */
  signal?: AbortSignal;
}

/** Errors after which asking again with the same cursor can't help. */
const FINAL = new Set(['BAD_USER_INPUT', 'CURSOR_EXPIRED', 'GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED']);
const RETRY_MS = { first: 250, most: 10_000 };

/**
 * Follows a subscription across disconnects, restarts of the server and reorgs: after each interruption it goes on from
 * the last change that was handled. Resolves when the signal aborts.
 * @throws FlywheelError when the server refuses the subscription itself, CURSOR_EXPIRED included; what `onChange` and
 * `onCursor` throw
 */
export async function follow<Row extends Change>(
  subscription: Subscription,
  { after, onChange, onCursor, view = new KeyedView(), signal }: FollowOptions<Row>,
): Promise<void> {
  let waitMs = RETRY_MS.first;
  while (!signal?.aborted) {
    const client = createClient({
      url: subscription.url.replace(/^http/, 'ws'),
      webSocketImpl: subscription.webSocket,
      // Trying again is ours, since the subscription must then carry the new cursor.
      retryAttempts: 0,
    });
    const close = () => void client.dispose();
    signal?.addEventListener('abort', close, { once: true });
    let handling = false;
    try {
      for await (const change of changesOf<Row>(client, subscription, after)) {
        if (signal?.aborted) break;
        handling = true;
        view.change(change, rowOf(change));
        await onChange?.(change);
        await onCursor?.(change.cursor, view);
        handling = false;
        after = change.cursor;
        waitMs = RETRY_MS.first;
      }
    } catch (error) {
      // What the caller's own work throws is the caller's; a lost connection is ours.
      if (handling || (error instanceof FlywheelError && FINAL.has(error.code))) throw error;
    } finally {
      signal?.removeEventListener('abort', close);
      await client.dispose();
    }
    await pause(waitMs, signal);
    waitMs = Math.min(2 * waitMs, RETRY_MS.most);
  }
}

const OF_CHANGES = new Set(['cursor', 'op', 'id', 'at', '__typename']);

/** The row that came with it: the one field that is not every change's. */
function rowOf(change: Change): unknown {
  const [, row] = Object.entries(change).find(([field]) => !OF_CHANGES.has(field)) ?? [];
  return row ?? null;
}

async function* changesOf<Row extends Change>(
  client: Client,
  { document, variables }: Subscription,
  after: string | undefined,
): AsyncGenerator<Row> {
  const results = client.iterate<Record<string, Row>>({ query: textOf(document), variables: { ...variables, after } });
  try {
    for await (const { data, errors } of results) {
      if (errors?.length) throw refusal(errors);
      const change = data && Object.values(data)[0];
      if (change) yield change;
    }
  } catch (error) {
    // A refused operation comes as the protocol's list of errors, a lost socket as an event.
    throw Array.isArray(error) ? refusal(error) : error;
  }
}

function refusal(errors: readonly { message: string; extensions?: unknown }[]): FlywheelError {
  return new FlywheelError(
    errors.map(({ message, extensions }) => ({ message, extensions: extensions as { code?: string } | undefined })),
  );
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
    if (signal?.aborted) done();
    else signal?.addEventListener('abort', done, { once: true });
  });
}
