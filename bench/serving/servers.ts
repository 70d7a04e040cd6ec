import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { roles } from '../../schema/codes';
import { loopContracts } from '../chain/benchBlocks';
import { type Child, startChild } from '../child';
import { freePort } from '../freePort';
import { rewardsOfAccount } from './cases';
import { onCore, SERVER_CORE } from './load';
import { PONDER_SERVED, subsquidUrl } from './peerTables';

/** One of what is compared, and how it asks for the rewards of an account. */
export interface Served {
  name: string;
  start(): Promise<Server>;
  query: string;
  /** What is in an answer, the same for all. */
  rewardsIn(data: unknown): Reward[];
}

export interface Server {
  port: number;
  path: string;
  child: Child;
}

type Reward = Record<'place' | 'poolId' | 'ref' | 'role' | 'contributionId' | 'amount' | 'epoch', string>;
type Row = Record<string, unknown>;

const START_LIMIT_MS = 60_000;

export function ours(databaseUrl: string, folder: string, profileFolder?: string): Served {
  return {
    name: 'ours',
    query: rewardsOfAccount.query,
    start: () =>
      startServer('/graphql', path.join(__dirname, '..', '..', 'start', 'api.js'), (port) => ({
        env: {
          DATABASE_URL: databaseUrl,
          PORT: String(port),
          RATE_LIMIT: 'off',
          MAX_CONNECTIONS_PER_ADDRESS: 'off',
          LOG_LEVEL: 'warn',
          LOG_FORMAT: 'json',
        },
        logFile: path.join(folder, 'api.log'),
        profileFolder,
      })),
    rewardsIn: (data) =>
      (data as { rewards: { nodes: Row[] } }).rewards.nodes.map(({ id, amount, role, ...row }) => ({
        ...texts(row),
        place: String(id)
          .slice(String(id).lastIndexOf(':') + 1)
          .replace('-', '/'),
        role: String(roles.indexOf(role as (typeof roles)[number])),
        amount: String((amount as { amount: unknown }).amount),
      })),
  };
}

const FIELDS = 'blockNumber logIndex poolId ref role contributionId amount epoch';

/** @param project where it is installed (peerProject) */
export function subsquidServer(project: string, databaseUrl: string, folder: string): Served {
  return {
    name: 'Subsquid graphql-server 4.11.0',
    query: `query ($address: String!) {
      rewards(where: { beneficiary_eq: $address }, orderBy: [id_DESC], limit: 30) { ${FIELDS} }
    }`,
    start: () =>
      startServer(
        '/graphql',
        path.join(project, 'node_modules', '@subsquid', 'graphql-server', 'lib', 'main.js'),
        (port) => ({
          cwd: project,
          env: { DB_URL: subsquidUrl(databaseUrl), GQL_PORT: String(port), GRAPHQL_SERVER_PORT: String(port) },
          args: ['--no-squid-status'],
          logFile: path.join(folder, 'subsquid-server.log'),
        }),
      ),
    rewardsIn: (data) => (data as { rewards: Row[] }).rewards.map(placed),
  };
}

/** @param project where it is installed (peerProject) */
export function ponderServer(project: string, databaseUrl: string, folder: string): Served {
  return {
    name: 'Ponder 0.16.6',
    query: `query ($address: String!) {
      rewards(where: { beneficiary: $address }, orderBy: "blockNumber", orderDirection: "desc", limit: 30) {
        items { ${FIELDS} }
      }
    }`,
    start: () =>
      startServer(
        '/graphql',
        path.join(project, 'node_modules', 'ponder', 'dist', 'esm', 'bin', 'ponder.js'),
        (port) => ({
          cwd: project,
          args: [
            'serve',
            '--schema',
            PONDER_SERVED,
            '--port',
            String(port),
            '--hostname',
            '127.0.0.1',
            '--log-format',
            'json',
          ],
          env: {
            DATABASE_URL: databaseUrl,
            RPC_URLS: 'http://127.0.0.1:1',
            CONTRACTS: JSON.stringify(
              Object.fromEntries(loopContracts.map(({ contract, address }) => [contract, address])),
            ),
            PONDER_TELEMETRY_DISABLED: 'true',
            CI: 'true',
          },
          logFile: path.join(folder, 'ponder-server.log'),
        }),
      ),
    rewardsIn: (data) => (data as { rewards: { items: Row[] } }).rewards.items.map(placed),
  };
}

function placed({ blockNumber, logIndex, ...row }: Row): Reward {
  return { ...texts(row), place: `${blockNumber}/${logIndex}` };
}

function texts(row: Row): Reward {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, String(value)])) as Reward;
}

type Options = Pick<Parameters<typeof startChild>[1], 'args' | 'env' | 'cwd' | 'logFile' | 'profileFolder'>;

async function startServer(where: string, entry: string, options: (port: number) => Options): Promise<Server> {
  const port = await freePort();
  const child = startChild(entry, { ...options(port), launcher: onCore(SERVER_CORE) });
  const end = performance.now() + START_LIMIT_MS;
  for (;;) {
    const answer = await ask(port, where, '{ __typename }').catch(() => undefined);
    if (answer) return { port, path: where, child };
    if (child.ended || performance.now() > end) {
      await child.close();
      throw new Error(`${entry} doesn't serve`);
    }
    await delay(100);
  }
}

/** @throws Error with what is wrong in the answer */
export async function ask(port: number, where: string, query: string, variables: object = {}): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${port}${where}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data?: unknown; errors?: unknown };
  if (errors || !data) throw new Error(JSON.stringify(errors).slice(0, 500));
  return data;
}
