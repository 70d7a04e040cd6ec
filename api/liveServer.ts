import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ExecutionArgs, type ExecutionResult, execute, type GraphQLError, type GraphQLSchema } from 'graphql';
import { useServer as serveProtocol } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Context, openContext, type Program } from './context';
import { apiError } from './errors';
import { toClientError } from './formatError';
import { answerAndEnd } from './http/brokenRequests';
import { boundMessages, boundUntaken } from './limits/boundSocket';
import { rateLimited } from './limits/requestLimit';
import type { Strangers, TakeTurn } from './limits/strangers';
import type { AcceptOperation, Pay } from './live/acceptOperation';
import type { Hub } from './live/hub';
import { running, socketSink } from './live/socketStream';
import type { Log } from './log';
import type { Metrics } from './metrics';

const MAX_MESSAGE_BYTES = 65_536;
const SERVICE_RESTART = 1012;
const CLOSE_MS = 2000;
/** Running at a time over one socket. */
const MAX_OPERATIONS = 100;
const TOO_MANY = '429 Too Many Requests';

export interface LiveServerOptions {
  server: Server;
  path: string;
  schema: GraphQLSchema;
  accept: AcceptOperation;
  hub: Hub;
  strangers: Strangers;
  program: Program;
  metrics: Metrics;
  log: Log;
  /** How long a client may take nothing of what it is sent. */
  untakenMs: number;
}

/** Where an operation came from. */
interface Operation {
  socket: WebSocket;
  id: string;
  takeTurn: TakeTurn | undefined;
}

/** graphql-transport-ws on the path that serves GraphQL over HTTP too. */
export function openLiveServer(options: LiveServerOptions): { close(): Promise<void> } {
  const { server, path, schema, accept, hub, strangers, program, metrics, log, untakenMs } = options;
  const gone = new WeakMap<WebSocket, AbortSignal>();
  // A message is handled before the next: an id that one gives free, the next may take.
  const bounds = { maxPayload: MAX_MESSAGE_BYTES, allowSynchronousEvents: false };
  const sockets = new WebSocketServer({ noServer: true, ...bounds });

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Not by URL, which throws for a path like "//", and nothing would catch it here.
    if (request.url?.split('?')[0] !== path) {
      refuse(socket, '404 Not Found', apiError('BAD_USER_INPUT', `WebSockets are served on ${path}.`));
      return;
    }
    const release = strangers.takeSocket(request);
    if (!release) {
      refuse(socket, TOO_MANY, apiError('RATE_LIMITED', 'Too many sockets of this address.'));
      return;
    }
    socket.once('close', release);
    socket.on('error', () => socket.destroy());
    strangers.charge(request, 1).then(
      (allowance) => {
        if (allowance?.exceeded) {
          refuse(socket, TOO_MANY, rateLimited(allowance), { 'retry-after': String(allowance.resetS) });
        } else sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request));
      },
      () => socket.destroy(),
    );
  };
  server.on('upgrade', upgrade);
  sockets.on('connection', (client: WebSocket, request: IncomingMessage) => {
    metrics.sockets.inc();
    boundMessages(client, strangers.limitOf(request));
    boundUntaken(client, request, untakenMs);
    const abort = new AbortController();
    gone.set(client, abort.signal);
    client.on('close', () => {
      abort.abort();
      metrics.sockets.dec();
    });
  });

  serveProtocol(
    {
      async onSubscribe({ subscriptions, extra }, id, payload) {
        if (Object.keys(subscriptions).length > MAX_OPERATIONS) {
          const message = `A socket may have ${MAX_OPERATIONS} operations at a time.`;
          return [apiError('RATE_LIMITED', message)];
        }
        const pay: Pay = async (units) => {
          const allowance = await strangers.charge(extra.request, units);
          return allowance?.exceeded ? rateLimited(allowance) : null;
        };
        // Before anything is done for it.
        const refusal = await pay(1);
        if (refusal) return [refusal];
        const accepted = await accept(payload, pay);
        if (Array.isArray(accepted)) return accepted;
        return {
          schema,
          document: accepted.document,
          operationName: payload.operationName,
          variableValues: payload.variables,
          contextValue: { socket: extra.socket, id, takeTurn: strangers.turnOf(extra.request) } satisfies Operation,
        };
      },
      execute: (args) => {
        const { socket, takeTurn } = args.contextValue as Operation;
        const context = openContext(program, gone.get(socket) as AbortSignal, takeTurn);
        return answer(args as ExecutionArgs, context, log);
      },
      subscribe: (args) => {
        const { socket, id } = args.contextValue as Operation;
        return running(async (signal) => {
          try {
            await hub.follow(args as ExecutionArgs, socketSink(socket, id, signal), signal);
          } catch (error) {
            throw toClientError(log, error, 'BAD_USER_INPUT');
          }
        });
      },
    },
    sockets,
  );

  return {
    async close() {
      server.off('upgrade', upgrade);
      const closed = [...sockets.clients].map(
        (client) =>
          new Promise<void>((resolve) => {
            const timer = setTimeout(() => client.terminate(), CLOSE_MS);
            client.once('close', () => {
              clearTimeout(timer);
              resolve();
            });
            client.close(SERVICE_RESTART, 'Service restart');
          }),
      );
      await Promise.all(closed);
      await new Promise<void>((resolve) => sockets.close(() => resolve()));
    },
  };
}

function refuse(socket: Duplex, status: string, error: GraphQLError, headers: Record<string, string> = {}): void {
  socket.on('error', () => socket.destroy());
  answerAndEnd(socket, status, error.toJSON(), headers);
}

/** A query over the socket. */
async function answer(args: ExecutionArgs, context: Context, log: Log): Promise<ExecutionResult> {
  try {
    const result = await execute({ ...args, contextValue: context });
    if (!result.errors) return result;
    return { ...result, errors: result.errors.map((error) => toClientError(log, error, 'BAD_USER_INPUT')) };
  } finally {
    await context.snapshot.close();
  }
}
