import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { type Api, type ApiOptions, startApi } from '../../api/server';
import { openPool, type PoolOptions } from '../../db/pool';
import { createDatabase, type TestDatabase } from '../run/database';

export interface GraphQLAnswer {
  status: number;
  data: Record<string, unknown> | null;
  errors?: { message: string; path?: unknown[]; extensions: { code: string; [key: string]: unknown } }[];
}

/** A database, the API over it, and clients of both transports. */
export interface ApiHarness {
  database: TestDatabase;
  api: Api;
  /** What the API logged as errors. */
  failures: { fields: object; message: string }[];
  ask(query: string, variables?: Record<string, unknown>): Promise<GraphQLAnswer>;
  socket(): Client;
  /** How many of its statements wait for a lock. */
  waiting(): Promise<number>;
  /** A server over the same database, after the last one was closed. */
  start(options?: { port: number; chainIds?: readonly number[] }): Promise<void>;
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** @param poolOptions of its connections, where they aren't those of the command */
export async function openApi(options: Partial<ApiOptions> = {}, poolOptions: PoolOptions = {}): Promise<ApiHarness> {
  const database = await createDatabase();
  const pool = openPool(database.url, { applicationName: 'test', pipeline: true, ...poolOptions });
  const failures: ApiHarness['failures'] = [];
  const log = {
    info: () => undefined,
    warn: () => undefined,
    error: (fields: object, message: string) => void failures.push({ fields, message }),
  };
  const open = (port = 0, chainIds?: readonly number[]) =>
    startApi({
      pool,
      databaseUrl: database.url,
      host: '127.0.0.1',
      port,
      log,
      // A machine at work on other things may take its time.
      queryTimeoutMs: 60_000,
      chainIds,
      ...options,
    });
  const clients: Client[] = [];
  const harness: ApiHarness = {
    database,
    api: await open(),
    failures,
    async ask(query, variables) {
      const response = await fetch(`${harness.api.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      return { status: response.status, ...((await response.json()) as Omit<GraphQLAnswer, 'status'>) };
    },
    socket() {
      const client = createClient({
        url: `${harness.api.url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        retryAttempts: 0,
      });
      clients.push(client);
      return client;
    },
    async waiting() {
      const { rows } = await database.pool.query<{ count: number }>(`
        select count(*)::integer as count
        from pg_stat_activity
        where application_name = 'test' and datname = current_database() and wait_event_type = 'Lock'`);
      return rows[0]?.count ?? 0;
    },
    async start({ port, chainIds } = { port: 0 }) {
      harness.api = await open(port, chainIds);
    },
    async restart() {
      await harness.api.close();
      await harness.start();
    },
    async close() {
      await Promise.all(clients.map((client) => client.dispose()));
      await harness.api.close();
      await pool.end();
      await database.close();
    },
  };
  return harness;
}
