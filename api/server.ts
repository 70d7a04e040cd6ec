import 'reflect-metadata';
import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import fastify from 'fastify';
import type { Pool } from 'pg';
import { listenToPostgres, listenToRedis } from '../db/wakeups';
import { missingFrom } from './chainStatus';
import { type Program, readChains } from './context';
import { openCompiledOperations } from './execution/compiledOperations';
import { formatError } from './formatError';
import { boundDocuments } from './http/acceptedDocuments';
import { MAX_BODY_BYTES, readBodies } from './http/bodies';
import { boundConnections } from './http/boundConnections';
import { answerBrokenRequest } from './http/brokenRequests';
import { compressAnswers } from './http/compression';
import { allowAnyOrigin } from './http/cors';
import { serveEventStreams } from './http/eventStreams';
import { serveGraphiql } from './http/graphiql';
import { admit, chargeOnce, type HttpContext, openHttpContext } from './http/httpContext';
import { operationPlugin } from './http/operationPlugin';
import { refuseOtherMethods } from './http/otherMethods';
import { answerQuickly, chargedBefore } from './http/quickRequests';
import { refusals } from './http/refusals';
import { type Bounds, defaultBounds } from './limits/bounds';
import { parseOptions } from './limits/readDocument';
import { openStrangers, type StrangersOptions } from './limits/strangers';
import { openAcceptance } from './live/acceptOperation';
import { openChangeLog } from './live/changeLog';
import { defaultLimits, type FollowLimits } from './live/followLimits';
import { openHub } from './live/hub';
import { openLiveServer } from './liveServer';
import type { Log } from './log';
import { openMetrics } from './metrics';
import { buildApiSchema, schemaText } from './schema';
import { watchSilentConnections } from './silentConnections';
import { openCanceller } from './snapshot/cancelStatements';
import { serveFiles } from './staticFiles';

const GRAPHQL_PATH = '/graphql';
const STREAM_PATH = '/graphql/stream';
/** So many addresses with slow queries are needed to occupy the database. */
const SHARES_OF_POOL = 4;
/** Longer than proxies keep an idle connection: else they would ask on one that is just being closed. */
const KEEP_ALIVE_MS = 75_000;
/** A query that may take three times the limit of a statement says nothing meanwhile. */
const SILENT_QUERIES = 4;

export interface ApiOptions extends StrangersOptions {
  /** For reading; the caller ends it after `close`. */
  pool: Pool;
  /** Of the same database, for what subscribers are told, so that they and queries don't wait for each other; by default `pool`. */
  livePool?: Pool;
  /** Of the primary: LISTEN doesn't work on a standby. */
  databaseUrl: string;
  /** Where an indexer announces changes (db/wakeups.ts): then nothing listens to the database. */
  redisUrl?: string | undefined;
  host: string;
  /** 0: a free one. */
  port: number;
  log: Log;
  version?: string;
  /** The chains that /ready waits for; by default every one in the database, even if nobody follows it any more. */
  chainIds?: readonly number[] | undefined;
  /** The explorer's files; by default those of the last build. */
  explorerDir?: string;
  /** GraphiQL's files; by default those of the last build. */
  graphiqlDir?: string;
  /** How the followers of the log of changes are treated. */
  limits?: Partial<FollowLimits>;
  /** What one operation may ask for, over either transport. */
  bounds?: Partial<Bounds>;
  /** How long a request's headers and body may take to come. */
  requestTimeoutMs?: number;
  /** How long a connection may be idle between requests, or take nothing of an answer. */
  keepAliveMs?: number;
  /** How long a query may wait for a block that it asks for. */
  queryTimeoutMs?: number;
}

export interface Api {
  /** Without a slash at the end. */
  url: string;
  /** Requests in flight are finished; subscribers are told to come again. */
  close(): Promise<void>;
}

/** The GraphQL API over HTTP and WebSocket, the health endpoints and the explorer's page. */
export async function startApi(options: ApiOptions): Promise<Api> {
  const {
    pool,
    livePool = pool,
    databaseUrl,
    log,
    requestTimeoutMs = 15_000,
    queryTimeoutMs = 5_000,
    keepAliveMs = KEEP_ALIVE_MS,
  } = options;
  const bounds = { ...defaultBounds, ...options.bounds };
  const schema = buildApiSchema();
  const strangers = openStrangers(options, Math.max(1, Math.floor((pool.options.max ?? 1) / SHARES_OF_POOL)));
  const canceller = openCanceller(pool);
  const program: Program = {
    pool,
    changes: openChangeLog({
      pool: livePool,
      openWakeups: (wakeups) =>
        options.redisUrl ? listenToRedis(options.redisUrl, wakeups) : listenToPostgres(databaseUrl, wakeups),
      log,
    }),
    limits: { ...defaultLimits, ...options.limits },
    version: options.version ?? '0.1.0',
    queryTimeoutMs,
    cancel: canceller.cancel,
  };
  const chains = () => readChains(async (statement) => (await pool.query(statement)).rows);
  const metrics = openMetrics(chains);
  const apollo = new ApolloServer<HttpContext>({
    schema,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    formatError: (formatted, error) => formatError(log, formatted, error),
    parseOptions,
    logger: apolloLogger(log),
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      operationPlugin(bounds, metrics),
    ],
  });
  await apollo.start();

  const server = fastify({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: requestTimeoutMs,
    http: { headersTimeout: requestTimeoutMs, connectionsCheckingInterval: Math.min(1_000, requestTimeoutMs) },
    clientErrorHandler: answerBrokenRequest,
    keepAliveTimeout: keepAliveMs,
    connectionTimeout: Math.max(keepAliveMs, SILENT_QUERIES * queryTimeoutMs),
    forceCloseConnections: 'idle',
  });
  server.setErrorHandler(refusals(log));
  allowAnyOrigin(server, GRAPHQL_PATH);
  allowAnyOrigin(server, STREAM_PATH);
  server.addHook('onRequest', (request, reply) => admit(strangers, request, reply));
  server.addHook('onRequest', (request, reply) => chargeOnce(strangers, request, reply, chargedBefore(request.raw)));
  readBodies(server);
  serveGraphiql(server, GRAPHQL_PATH, options.graphiqlDir ?? graphiqlFolder());
  compressAnswers(server);
  const operations = openCompiledOperations(schema, bounds);
  answerQuickly(server, { path: GRAPHQL_PATH, operations, program, strangers, metrics, log });
  server.route({
    method: ['GET', 'POST', 'OPTIONS'],
    url: GRAPHQL_PATH,
    preHandler: boundDocuments(bounds, strangers),
    handler: fastifyApolloHandler(apollo, {
      context: async (request, reply) => openHttpContext(program, strangers, request, reply),
    }),
  });
  for (const path of [GRAPHQL_PATH, STREAM_PATH]) refuseOtherMethods(server, path);
  server.get('/health', (_, reply) => reply.send({ status: 'ok' }));
  server.get('/ready', async (_, reply) => {
    const missing = await chains().then(
      (rows) => missingFrom(rows, options.chainIds),
      () => ['the database does not answer'],
    );
    return reply.code(missing.length === 0 ? 200 : 503).send({ ready: missing.length === 0, missing });
  });
  server.get('/metrics', async (_, reply) => reply.type(metrics.contentType).send(await metrics.text()));
  const sdl = schemaText(schema);
  server.get('/schema.graphql', (_, reply) => reply.type('text/plain; charset=utf-8').send(sdl));
  serveFiles(server, options.explorerDir ?? explorerFolder());

  boundConnections(server.server, strangers);
  const endSilentConnections = watchSilentConnections(server.server);
  const accept = openAcceptance(schema, bounds, log);
  const hub = openHub({ schema, program: { ...program, pool: livePool }, metrics, log });
  const streams = { path: STREAM_PATH, schema, accept, hub, strangers, program, log };
  const endStreams = serveEventStreams(server, streams);
  const live = openLiveServer({
    server: server.server,
    path: GRAPHQL_PATH,
    schema,
    accept,
    hub,
    strangers,
    program,
    metrics,
    log,
    untakenMs: keepAliveMs,
  });
  const close = async () => {
    endStreams();
    await live.close();
    hub.close();
    endSilentConnections();
    await server.close();
    await apollo.stop();
    await program.changes.close();
    await canceller.close();
  };
  try {
    await server.listen({ host: options.host, port: options.port });
  } catch (error) {
    await close();
    throw error;
  }
  const { port } = server.server.address() as AddressInfo;
  return { url: `http://${urlHost(options.host)}:${port}`, close };
}

function apolloLogger(log: Log) {
  const to = (level: 'info' | 'warn' | 'error') => (message: unknown) => log[level]({}, String(message));
  return { debug: () => undefined, info: to('info'), warn: to('warn'), error: to('error') };
}

/** Beside compiled code; tests run from the sources and take what was built. */
function explorerFolder(): string {
  const built = path.resolve(__dirname, '../explorer');
  return existsSync(path.join(built, 'assets')) ? built : path.resolve(__dirname, '../dist/explorer');
}

/** Beside compiled code; tests run from the sources and take what was built. */
function graphiqlFolder(): string {
  const beside = path.resolve(__dirname, '../graphiql');
  return existsSync(beside) ? beside : path.resolve(__dirname, '../dist/graphiql');
}

function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
