import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type ExecutionResult, execute, type GraphQLError, type GraphQLSchema } from 'graphql';
import { openContext, type Program } from '../context';
import { apiError, badUserInput } from '../errors';
import { toClientError } from '../formatError';
import type { Strangers, TakeTurn } from '../limits/strangers';
import type { Accepted, AcceptOperation, Operation } from '../live/acceptOperation';
import type { Hub } from '../live/hub';
import { Messages } from '../live/messages';
import type { Sink } from '../live/sink';
import type { Log } from '../log';
import { charge } from './httpContext';

/** Said into a silence, so that neither a proxy nor we hold on to a connection that nobody has. */
const HEARTBEAT_MS = 12_000;
/** For what is written when a stream ends. */
const END_MS = 10_000;
/** As long as a socket is waited for that is told to come again (liveSocket.ts). */
const RESTART_MS = 2_000;

export interface EventStreamsOptions {
  path: string;
  schema: GraphQLSchema;
  accept: AcceptOperation;
  hub: Hub;
  strangers: Strangers;
  program: Program;
  log: Log;
}

/**
 * GraphQL over Server-Sent Events, distinct connections mode: each operation is a response of its own, `next` events that
 * end with `complete`. What is wrong with an operation comes as a `next` too: EventSource shows no other answer to anybody.
 * Returns what ends all streams, and those that still come, without a `complete`, so that clients come again.
 */
export function serveEventStreams(server: FastifyInstance, options: EventStreamsOptions): () => void {
  const { path, accept, strangers } = options;
  const open = new Set<ServerResponse>();
  let ending = false;
  server.route({
    method: ['GET', 'POST', 'OPTIONS'],
    url: path,
    async handler(request, reply) {
      const release = strangers.takeSocket(request.raw);
      if (!release) throw apiError('RATE_LIMITED', 'Too many connections of one address.');
      reply.raw.once('close', release);
      const operation = operationOf(request);
      const accepted = await accept(operation, async (units) => {
        await charge(strangers, request, reply, units);
        return null;
      });
      const response = begin(reply);
      if (ending) {
        response.end();
        return;
      }
      open.add(response);
      response.once('close', () => open.delete(response));
      await answer(options, operation, accepted, response, strangers.turnOf(request.raw));
    },
  });
  return () => {
    ending = true;
    for (const response of open) {
      response.end();
      destroyUnlessClosed(response, RESTART_MS);
    }
  };
}

/** @throws BAD_USER_INPUT */
function operationOf({ method, body, query: inUrl }: FastifyRequest): Operation {
  const { query, operationName, variables } = (method === 'GET' ? inUrl : (body ?? {})) as Record<string, unknown>;
  if (typeof query !== 'string') throw badUserInput('query', 'expected a GraphQL document');
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string') {
    throw badUserInput('operationName', 'expected a name');
  }
  const given = method === 'GET' && typeof variables === 'string' ? parsed(variables) : variables;
  if (given !== undefined && given !== null && (typeof given !== 'object' || Array.isArray(given))) {
    throw badUserInput('variables', 'expected an object');
  }
  return { query, operationName, variables: given as Record<string, unknown> | null | undefined };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw badUserInput('variables', 'expected JSON');
  }
}

/** From here on the response is ours. */
function begin(reply: FastifyReply): ServerResponse {
  const response = reply.hijack().raw;
  response.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    // nginx would collect events until a buffer is full.
    'x-accel-buffering': 'no',
  });
  // The headers go now, whenever the first event comes.
  response.write(':\n\n');
  return response;
}

async function answer(
  { schema, hub, program, log }: EventStreamsOptions,
  operation: Operation,
  accepted: Accepted | GraphQLError[],
  response: ServerResponse,
  takeTurn: TakeTurn | undefined,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const heart = setInterval(() => response.write(':\n\n'), HEARTBEAT_MS);
  const sink: Sink = {
    send: (messages) => void response.write(messages.asEvents()),
    waiting: () => response.writableLength,
  };
  try {
    if (Array.isArray(accepted)) {
      sink.send(new Messages([JSON.stringify({ errors: accepted })]));
    } else {
      const { operationName, variables: variableValues } = operation;
      const { document, type } = accepted;
      if (type === 'subscription') {
        const subscription = { document, operationName, variableValues };
        await new Promise<void>((resolve, reject) => {
          const following = hub.follow(subscription, sink, reject);
          response.once('close', () => {
            following.stop();
            resolve();
          });
        });
      } else {
        const context = openContext(program, gone.signal, takeTurn);
        const args = { schema, document, operationName, variableValues, contextValue: context };
        const result = await Promise.resolve(execute(args)).finally(() => context.snapshot.close());
        sink.send(new Messages([JSON.stringify(forClient(log, result))]));
      }
    }
  } catch (error) {
    sink.send(new Messages([JSON.stringify({ errors: [toClientError(log, error, 'BAD_USER_INPUT')] })]));
  } finally {
    clearInterval(heart);
    if (!gone.signal.aborted && !response.writableEnded) response.end('event: complete\ndata:\n\n');
    destroyUnlessClosed(response, END_MS);
  }
}

/** Who takes nothing doesn't take the end either. */
function destroyUnlessClosed(response: ServerResponse, withinMs: number): void {
  const late = setTimeout(() => response.destroy(), withinMs);
  late.unref();
  response.once('close', () => clearTimeout(late));
}

function forClient(log: Log, result: ExecutionResult): ExecutionResult {
  if (!result.errors) return result;
  return { ...result, errors: result.errors.map((error) => toClientError(log, error, 'BAD_USER_INPUT')) };
}
