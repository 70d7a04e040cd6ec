import type { Client } from 'graphql-ws';
import { until } from '../run/until';
import type { ApiHarness } from './harness';

/** What a test reads of a change: op, id's place, and its fact where one came along. */
export interface Message {
  cursor: string;
  op: string;
  id: string | null;
  at: { block: { number: number; hash: string; finality: string }; event: string } | null;
  event?: { id: string; name: string } | null;
  reward?: { id: string } | null;
}
export interface Stream {
  messages: Message[];
  /** Without PROGRESS: "APPLY event:1:2-0 Name". */
  told(): string[];
  error: unknown;
  ended: boolean;
  stop(): void;
}

export const change = 'cursor op id at { event block { number hash finality } }';
export const events = `subscription ($after: ChangeCursor, $where: EventFilter, $finality: Finality! = PENDING) {
  events(after: $after, where: $where, finality: $finality) { ${change} event { id name } }
}`;

/** A subscription over a real socket, and what it told so far. */
export function follow(client: Client, query: string, variables: Record<string, unknown> = {}): Stream {
  const stream: Stream = {
    messages: [],
    told: () =>
      stream.messages
        .filter(({ op }) => op !== 'PROGRESS')
        .map(({ op, id, at, event }) => `${op} ${id} ${at?.event}${event === null ? ' gone' : ''}`),
    error: undefined,
    ended: false,
    stop: () => undefined,
  };
  stream.stop = client.subscribe<Record<string, Message>>(
    { query, variables },
    {
      next({ data, errors }) {
        if (errors) stream.error = errors;
        else stream.messages.push(Object.values(data ?? {})[0] as Message);
      },
      error(error) {
        stream.error = error;
        stream.ended = true;
      },
      complete: () => {
        stream.ended = true;
      },
    },
  );
  return stream;
}

/**
 * It has begun: a stream from now on hears of whatever is committed from here on. One with a cursor may be told so before
 * the server has heard of what is committed already.
 */
export const isLive = (stream: Stream) => until(() => stream.messages.some(({ op }) => op === 'PROGRESS'));
/** It was told of all that is committed now: a server hears of a commit a moment after it. */
export const hasAll = (stream: Stream, harness: ApiHarness) => haveAll(() => stream.messages, harness);
export async function haveAll(messages: () => readonly Message[], harness: ApiHarness): Promise<void> {
  const { data } = await harness.ask('{ events(first: 0) { pageInfo { changeCursor } } }');
  const { pageInfo } = data!['events'] as { pageInfo: { changeCursor: string } };
  const newest = positionIn(pageInfo.changeCursor);
  await until(() => messages().some(({ op, cursor }) => op === 'PROGRESS' && positionIn(cursor) >= newest));
}

/** The server has let go of every subscription. */
export const nobodyFollows = ({ api }: ApiHarness) =>
  until(async () => /flywheel_subscriptions 0/.test(await (await fetch(`${api.url}/metrics`)).text()));

const positionIn = (cursor: string) => Buffer.from(cursor, 'base64url').readBigInt64BE(1);

export const hasTold = (stream: Stream, n: number) =>
  until(() => stream.told().length >= n, {
    what: `${n} changes, told: ${stream.told().join('; ')} ${JSON.stringify(stream.error)}`,
  });

/** Before the first change. */
export const startCursor = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0, 0]).toString('base64url');
