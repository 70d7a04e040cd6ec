import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  validate,
} from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { openContext, type Program } from './context';
import { apiError } from './errors';
import { toClientError } from './formatError';
import type { Bounds } from './limits/bounds';
import { checkOperation } from './limits/checkOperation';
import { readDocument } from './limits/readDocument';
import { rateLimited, unitsOf } from './limits/requestLimit';
import type { Strangers } from './limits/strangers';
import type { Log } from './log';
import type { Metrics } from './metrics';

const MAX_MESSAGE_BYTES = 65_536;
const SERVICE_RESTART = 1012;
const CLOSE_MS = 2000;
/** Running at a time over one socket. */
const MAX_OPERATIONS = 100;
const MINUTE_MS = 60_000;
/** Pings, for a client whose limit is low. */
const SPARE_MESSAGES = 60;
const TOO_MANY = '429 Too Many Requests';
const TOO_MANY_MESSAGES = 4429;

export interface LiveServerOptions {
  server: Server;
  path: string;
  schema: GraphQLSchema;
  bounds: Bounds;
  strangers: Strangers;
  program: Program;
  metrics: Metrics;
  log: Log;
}

/** graphql-transport-ws on the path that serves GraphQL over HTTP too. */
export function openLiveServer(options: LiveServerOptions): { close(): Promise<void> } {
  const { server, path, schema, bounds, strangers, program, metrics, log } = options;
  const gone = new WeakMap<WebSocket, AbortSignal>();
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Not by URL, which throws for a path like "//", and nothing would catch it here.
    if (request.url?.split('?')[0] !== path) {
      refuse(socket, '404 Not Found');
      return;
    }
    const release = strangers.takeSocket(request);
    if (!release) {
      refuse(socket, TOO_MANY);
      return;
    }
    socket.once('close', release);
    socket.on('error', () => socket.destroy());
    strangers.charge(request, 1).then(
      (allowance) => {
        if (allowance?.exceeded) refuse(socket, TOO_MANY, `retry-after: ${allowance.resetS}\r\n`);
        else sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request));
      },
      () => socket.destroy(),
    );
  };
  server.on('upgrade', upgrade);
  sockets.on('connection', (client: WebSocket, request: IncomingMessage) => {
    metrics.sockets.inc();
    boundMessages(client, strangers.limitOf(request));
    const abort = new AbortController();
    gone.set(client, abort.signal);
    client.on('close', () => {
      abort.abort();
      metrics.sockets.dec();
    });
  });

  useServer(
    {
      // Apollo's checks don't stand before a socket: an operation is parsed and validated here, by the same rules.
      async onSubscribe({ subscriptions, extra }, _, payload) {
        if (Object.keys(subscriptions).length > MAX_OPERATIONS) {
          const message = `A socket may have ${MAX_OPERATIONS} operations at a time.`;
          return [apiError('RATE_LIMITED', message)];
        }
        const checked = accept(schema, payload, bounds, log);
        const allowance = await strangers.charge(extra.request, Array.isArray(checked) ? 1 : unitsOf(checked.cost));
        if (allowance?.exceeded) return [rateLimited(allowance)];
        if (Array.isArray(checked)) return checked;
        return {
          schema,
          document: checked.document,
          operationName: payload.operationName,
          variableValues: payload.variables,
          contextValue: gone.get(extra.socket),
        };
      },
      execute: (args) => answer(args as ExecutionArgs, program, log),
      subscribe: (args) => stream(args as ExecutionArgs, program, metrics, log),
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

function refuse(socket: Duplex, status: string, headers = ''): void {
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\n${headers}connection: close\r\ncontent-length: 0\r\n\r\n`);
}

/**
 * Operations are charged to the address, and one that is refused leaves the socket open. What else comes over the socket
 * (ends of operations, pings) is cheap, but not to be had without end.
 */
function boundMessages(client: WebSocket, limit: number | null): void {
  if (limit === null) return;
  let count = 0;
  let startedAt = performance.now();
  client.on('message', () => {
    if (performance.now() - startedAt > MINUTE_MS) {
      count = 0;
      startedAt = performance.now();
    }
    count += 1;
    if (count > 2 * limit + SPARE_MESSAGES) client.close(TOO_MANY_MESSAGES, 'Too many messages');
  });
}

/** The document and its cost, or what is wrong with it. */
function accept(
  schema: GraphQLSchema,
  { query, operationName, variables }: SubscribePayload,
  bounds: Bounds,
  log: Log,
): { document: DocumentNode; cost: number } | GraphQLError[] {
  let document: DocumentNode;
  try {
    document = readDocument(query, bounds);
  } catch (error) {
    return [toClientError(log, error, 'GRAPHQL_PARSE_FAILED')];
  }
  const errors = validate(schema, document);
  if (errors.length > 0) return errors.map((error) => toClientError(log, error, 'GRAPHQL_VALIDATION_FAILED'));
  const operation = getOperationAST(document, operationName);
  if (!operation) return [apiError('BAD_USER_INPUT', 'operationName: expected the name of one of the operations')];
  try {
    return { document, cost: checkOperation(schema, document, operation, variables ?? {}, bounds) };
  } catch (error) {
    return [toClientError(log, error, 'BAD_USER_INPUT')];
  }
}

/** A query over the socket. */
async function answer(args: ExecutionArgs, program: Program, log: Log): Promise<ExecutionResult> {
  const context = openContext(program, args.contextValue as AbortSignal);
  try {
    return forClient(await execute({ ...args, contextValue: context }), log);
  } finally {
    await context.snapshot.close();
  }
}

/**
 * A subscription: each change is answered in a snapshot of its own. What it throws becomes the protocol's error
 * message, which ends the operation and not the socket. Returning early ends the source at once, also while it waits.
 */
function stream(args: ExecutionArgs, program: Program, metrics: Metrics, log: Log): AsyncGenerator<ExecutionResult> {
  const abort = new AbortController();
  const results = (async function* () {
    metrics.subscriptions.inc();
    try {
      const opening = openContext(program, abort.signal);
      const source = await createSourceEventStream({ ...args, contextValue: opening });
      await opening.snapshot.close();
      if (!isStream(source)) throw source.errors?.[0];
      for await (const rootValue of source) {
        const context = openContext(program, abort.signal);
        let result: ExecutionResult;
        try {
          result = forClient(await execute({ ...args, rootValue, contextValue: context }), log);
        } finally {
          await context.snapshot.close();
        }
        metrics.deliveries.inc();
        yield result;
      }
    } catch (error) {
      throw toClientError(log, error, 'BAD_USER_INPUT');
    } finally {
      metrics.subscriptions.dec();
      abort.abort();
    }
  })();
  const end = results.return.bind(results);
  results.return = (value) => {
    abort.abort();
    return end(value);
  };
  return results;
}

function isStream(value: AsyncIterable<unknown> | ExecutionResult): value is AsyncIterable<unknown> {
  return Symbol.asyncIterator in value;
}

function forClient(result: ExecutionResult, log: Log): ExecutionResult {
  if (!result.errors) return result;
  return { ...result, errors: result.errors.map((error) => toClientError(log, error, 'BAD_USER_INPUT')) };
}
