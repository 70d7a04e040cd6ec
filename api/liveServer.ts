import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { type ExecutionResult, execute, type GraphQLError, type GraphQLSchema } from 'graphql';
import { CloseCode, handleProtocols } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { openContext, type Program } from './context';
import { apiError } from './errors';
import { toClientError } from './formatError';
import { answerAndEnd } from './http/brokenRequests';
import { rateLimited } from './limits/requestLimit';
import type { Stranger, Strangers } from './limits/strangers';
import type { Accepted, AcceptOperation, Operation } from './live/acceptOperation';
import type { Hub } from './live/hub';
import { LiveSocket, type SocketClient, type SocketWork } from './live/liveSocket';
import { lookAfter } from './live/lookAfter';
import type { SocketOperation } from './live/socketOperation';
import type { Log } from './log';
import type { Metrics } from './metrics';

const MAX_MESSAGE_BYTES = 65_536;
const SERVICE_RESTART = 1012;
const RESTARTS = 'Service restart';
const CLOSING_LOOK_MS = 5;
/** Running at a time over one socket. */
const MAX_OPERATIONS = 100;
/** Pings, for a client whose limit is low. */
const SPARE_MESSAGES = 60;
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
  /** How long a client may take nothing of what is sent to it. */
  untakenMs: number;
}

/** A socket's client, as it is counted. */
interface Client extends SocketClient {
  stranger: Stranger;
}

/** graphql-transport-ws on the path that serves GraphQL over HTTP too. */
export function openLiveServer(options: LiveServerOptions): { close(): Promise<void> } {
  const { server, path, schema, accept, hub, strangers, program, metrics, log, untakenMs } = options;
  // Not compressed: that costs 100 KB a connection, and the bytes of a message could not be shared.
  const bounds = { maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false };
  const sockets = new WebSocketServer({ noServer: true, handleProtocols, clientTracking: false, ...bounds });
  const open = new Set<LiveSocket>();
  let ending = false;

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
    socket.on('error', destroy);
    strangers.charge(request, 1).then(
      (allowance) => {
        if (allowance?.exceeded) {
          refuse(socket, TOO_MANY, rateLimited(allowance), { 'retry-after': String(allowance.resetS) });
        } else sockets.handleUpgrade(request, socket, head, (client) => welcome(client, socket, clientOf(request)));
      },
      () => socket.destroy(),
    );
  };
  server.on('upgrade', upgrade);

  // What is kept of the request: ten thousand of them would be headers above all.
  const unlimited: Client = { stranger: strangers.of(null), messages: null, untakenMs };
  const clientOf = (request: IncomingMessage): Client => {
    const stranger = strangers.of(request);
    if (stranger === unlimited.stranger) return unlimited;
    // Operations are charged to the address, and one that is refused leaves the socket open. What else comes over the
    // socket (ends of operations, pings) is cheap, but not to be had without end.
    const messages = stranger.limit === null ? null : 2 * stranger.limit + SPARE_MESSAGES;
    return { stranger, messages, untakenMs };
  };

  const welcome = (client: WebSocket, socket: Duplex, owner: Client) => {
    metrics.sockets.inc();
    const live = new LiveSocket(client, socket, owner, work);
    open.add(live);
    // Its request came before we began to close.
    if (ending) live.close(SERVICE_RESTART, RESTARTS);
    if (client.protocol === '') client.close(CloseCode.SubprotocolNotAcceptable, 'Subprotocol not acceptable');
  };

  const work: SocketWork = {
    log,
    ended(socket) {
      open.delete(socket);
      metrics.sockets.dec();
    },
    async begin(operation, payload) {
      if (operation.socket.operations.size > MAX_OPERATIONS) {
        operation.fail([apiError('RATE_LIMITED', `A socket may have ${MAX_OPERATIONS} operations at a time.`)]);
        return;
      }
      // Whatever fails, fails for this operation: the others of the socket are no part of it.
      await run(operation, payload as Operation).catch((error) => operation.fail([toClientError(log, error)]));
    },
  };

  const run = async (operation: SocketOperation, asked: Operation) => {
    const { stranger } = operation.socket.client as Client;
    const pay = async (units: number) => {
      const allowance = await stranger.charge(units);
      return allowance?.exceeded ? rateLimited(allowance) : null;
    };
    // Before anything is done for it.
    const refusal = await pay(1);
    const accepted = refusal ? [refusal] : await accept(asked, pay);
    if (operation.isOver) return;
    if (Array.isArray(accepted)) operation.fail(accepted);
    else if (accepted.type === 'subscription') subscribe(operation, accepted, asked);
    else await answer(operation, accepted, asked);
  };

  const subscribe = (operation: SocketOperation, { document }: Accepted, asked: Operation) => {
    const { operationName, variables: variableValues } = asked;
    operation.runs = hub.follow({ document, operationName, variableValues }, operation, (error) =>
      operation.fail([toClientError(log, error, 'BAD_USER_INPUT')]),
    );
  };

  const answer = async (operation: SocketOperation, { document }: Accepted, asked: Operation) => {
    const gone = new AbortController();
    operation.runs = { stop: () => gone.abort() };
    const { stranger } = operation.socket.client as Client;
    const context = openContext(program, gone.signal, stranger.takeTurn);
    const { operationName, variables: variableValues } = asked;
    try {
      const args = { schema, document, operationName, variableValues, contextValue: context };
      operation.answer(forClient(await execute(args), log));
    } finally {
      await context.snapshot.close();
    }
  };

  const stopLooking = lookAfter(open, untakenMs);
  return {
    async close() {
      ending = true;
      server.off('upgrade', upgrade);
      for (const socket of open) socket.close(SERVICE_RESTART, RESTARTS);
      while (open.size > 0) await delay(CLOSING_LOOK_MS);
      stopLooking();
    },
  };
}

function destroy(this: Duplex): void {
  this.destroy();
}

function refuse(socket: Duplex, status: string, error: GraphQLError, headers: Record<string, string> = {}): void {
  socket.on('error', destroy);
  answerAndEnd(socket, status, error.toJSON(), headers);
}

function forClient(result: ExecutionResult, log: Log): ExecutionResult {
  if (!result.errors) return result;
  return { ...result, errors: result.errors.map((error) => toClientError(log, error, 'BAD_USER_INPUT')) };
}
