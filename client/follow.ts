import { type Client, createClient } from 'graphql-ws';
import { FlywheelError, type TypedDocument, textOf } from './query';

/** What every change has: select these fields in the subscription. */
export interface Change {
  cursor: string;
  op: 'APPLY' | 'RETRACT' | 'PROGRESS';
  id?: string | null;
}

export interface FollowOptions<Row extends Change> {
  /** The API's URL, ws or http, with /graphql. */
  url: string;
  /** A subscription of one field that takes `$after: ChangeCursor` and selects cursor, op and id. */
  document: TypedDocument<unknown, never> | string;
  variables?: Record<string, unknown>;
  /** The last cursor that was handled; without it the stream starts now. */
  after?: string;
  /** A WebSocket class where the platform has none. */
  webSocket?: unknown;
  /**
   * Handles a change; the next waits for it. Store `change.cursor` together with what you do: whoever starts again from
   * the stored cursor sees every change exactly once.
   */
  onChange(change: Row): void | Promise<void>;
  /** Ends the stream. */
  signal?: AbortSignal;
}

/** Errors after which asking again with the same cursor can't help. */
const FINAL = new Set(['BAD_USER_INPUT', 'CURSOR_EXPIRED', 'GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED']);
const RETRY_MS = { first: 250, most: 10_000 };

/**
 * Follows a subscription across disconnects, restarts of the server and reorgs: after each interruption it goes on from
 * the last change that was handled. Resolves when the signal aborts.
 * @throws FlywheelError when the server refuses the subscription itself, CURSOR_EXPIRED included; what `onChange` throws
 */
export async function follow<Row extends Change>(options: FollowOptions<Row>): Promise<void> {
  const { signal } = options;
  let after = options.after;
  let waitMs = RETRY_MS.first;
  while (!signal?.aborted) {
    const client = createClient({
      url: options.url.replace(/^http/, 'ws'),
      webSocketImpl: options.webSocket,
      // Trying again is ours, since the subscription must then carry the new cursor.
      retryAttempts: 0,
    });
    const close = () => void client.dispose();
    signal?.addEventListener('abort', close, { once: true });
    let handling = false;
    try {
      for await (const change of changesOf<Row>(client, options, after)) {
        handling = true;
        await options.onChange(change);
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

async function* changesOf<Row extends Change>(
  client: Client,
  { document, variables }: FollowOptions<Row>,
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
