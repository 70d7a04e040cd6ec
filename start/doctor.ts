import { runningEmbedded } from '../db/embedded';
import { pendingMigrations } from '../db/migrate';
import { openPool } from '../db/pool';
import { AppError, messageOf } from '../schema/appError';
import type { ChainConfig, NetworkFile } from '../schema/networkFile';
import { checkDatabase, embeddedDatabase } from './database';
import { examineChains } from './doctorChains';
import { examineEndpoint } from './doctorEndpoint';
import { examineNames } from './doctorNames';
import { examineQueue } from './doctorQueue';
import { type Environment, parseEnvironment } from './environment';
import { readNetworkFile } from './network';
import { checkPort } from './port';
import { readRunning } from './runningFile';

/** One line of the report; `advice` says what to do. A warning doesn't fail the examination. */
export interface Finding {
  state: 'ok' | 'warning' | 'wrong';
  about: string;
  detail: string;
  advice?: string;
}

export type Say = (state: Finding['state'], about: string, detail: string, advice?: string) => void;

const marks = { ok: 'ok     ', warning: 'warning', wrong: 'WRONG  ' };

async function examine(): Promise<number> {
  let wrong = 0;
  const say: Say = (state, about, detail, advice) => {
    if (state === 'wrong') wrong++;
    process.stdout.write(`${marks[state]}  ${about}: ${detail}\n`);
    if (advice) process.stdout.write(`         -> ${advice}\n`);
  };
  say('ok', 'Node', process.versions.node);
  const environment = attempt(say, 'environment', () => parseEnvironment(process.env, false));
  if (!environment) return 1;
  say('ok', 'environment', 'every variable can be read');
  const network = examineNetworkFile(environment, say);
  const chains = network?.chains ?? [];
  const databaseUrl = await examineDatabase(environment, network?.chains, say);
  const { redisUrl } = environment;
  // Without the database it isn't known which jobs of a Redis are ours.
  if (redisUrl) await examineQueue({ databaseUrl: databaseUrl ?? '', redisUrl }, databaseUrl ? chains : [], say);
  else if (databaseUrl) await examineQueueSchema(databaseUrl, chains, say);
  await examinePort(environment, say);
  for (const chain of chains) {
    for (const [index, url] of chain.rpc.entries()) await examineEndpoint(chain, index, url, say);
  }
  const summary = wrong === 0 ? 'Nothing is wrong.' : `${wrong} ${wrong === 1 ? 'thing is' : 'things are'} wrong.`;
  process.stdout.write(`${summary}\n`);
  return wrong === 0 ? 0 : 1;
}

function attempt<T>(say: Say, about: string, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    say('wrong', about, messageOf(error));
    return undefined;
  }
}

function counted(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

function examineNetworkFile({ networks }: Environment, say: Say): NetworkFile | undefined {
  if (!networks) {
    say('ok', 'networks', 'NETWORKS is not set: npm start runs a local chain of its own');
    return undefined;
  }
  const network = attempt(say, 'networks', () => readNetworkFile(networks));
  for (const { name, chainId, contracts, rpc } of network?.chains ?? []) {
    say(
      'ok',
      'networks',
      `${name} (${chainId}): ${counted(contracts.length, 'contract')}, ${counted(rpc.length, 'endpoint')}`,
    );
  }
  return network;
}

/** Returns its URL when it can be used. */
async function examineDatabase(
  environment: Environment,
  configured: readonly ChainConfig[] | undefined,
  say: Say,
): Promise<string | undefined> {
  const { databaseUrl, replicaUrl, apiDatabaseUrl, dataDir } = environment;
  if (replicaUrl) await examineConnection(replicaUrl, 'DATABASE_REPLICA_URL', say);
  if (apiDatabaseUrl) await examineConnection(apiDatabaseUrl, 'API_DATABASE_URL', say);
  const url = databaseUrl ?? runningEmbedded(dataDir, embeddedDatabase(environment));
  if (!url) {
    say('ok', 'database', `the embedded Postgres in ${dataDir}, which npm start starts`);
    return undefined;
  }
  const about = databaseUrl ? 'DATABASE_URL' : 'embedded Postgres';
  if (!databaseUrl && (await lacksDatabase(url))) {
    say('ok', about, `answers; npm start makes the database ${embeddedDatabase(environment)} in it`);
    return undefined;
  }
  if (!(await examineConnection(url, about, say))) return undefined;
  await examineSchema(url, configured, say);
  return url;
}

/** The demo and real chains have a database each in one embedded server: the other one may not be made yet. */
async function lacksDatabase(url: string): Promise<boolean> {
  const undefinedDatabase = '3D000';
  return checkDatabase(url, '').then(
    () => false,
    (error) => (error.cause as { code?: string } | undefined)?.code === undefinedDatabase,
  );
}

async function examineConnection(url: string, about: string, say: Say): Promise<boolean> {
  const startedAt = performance.now();
  try {
    await checkDatabase(url, about);
    say('ok', about, `answers (connected in ${Math.round(performance.now() - startedAt)} ms)`);
    return true;
  } catch (error) {
    say(
      'wrong',
      about,
      messageOf(error),
      'start the database, or correct the variable: postgresql://user:password@host:5432/name',
    );
    return false;
  }
}

async function examineSchema(url: string, configured: readonly ChainConfig[] | undefined, say: Say): Promise<void> {
  const pool = openPool(url, { max: 1, readOnly: true });
  try {
    const pending = await pendingMigrations(pool);
    if (pending.length === 0) {
      say('ok', 'schema', 'up to date');
      await examineNames(pool, say);
      await examineChains(pool, configured, say);
    } else
      say(
        'warning',
        'schema',
        `lacks ${pending.join(', ')}`,
        'npm run migrate; npm start and the indexer do it by themselves',
      );
  } catch (error) {
    say('wrong', 'schema', messageOf(error), error instanceof AppError ? undefined : 'look at the log of the database');
  } finally {
    await pool.end();
  }
}

/** Opening the queue would make its schema; the doctor writes nothing. */
async function examineQueueSchema(databaseUrl: string, chains: readonly ChainConfig[], say: Say): Promise<void> {
  const pool = openPool(databaseUrl, { max: 1, readOnly: true });
  try {
    const { rows } = await pool.query<{ made: boolean; may: boolean }>(
      `select to_regclass('bullmq.migration') is not null as made,
        has_database_privilege(current_user, current_database(), 'create') as may`,
    );
    if (rows[0]?.made) await examineQueue({ databaseUrl }, chains, say);
    else if (rows[0]?.may) say('ok', 'queue', 'on postgres, its schema will be made by the first start');
    else
      say(
        'wrong',
        'queue',
        'the schema bullmq is missing',
        'let the role create schemas in this database, or set REDIS_URL',
      );
  } catch (error) {
    say('wrong', 'queue', messageOf(error));
  } finally {
    await pool.end();
  }
}

async function examinePort({ host, port, dataDir }: Environment, say: Say): Promise<void> {
  const running = readRunning(dataDir);
  if (running) return say('ok', 'server', `npm start serves ${running.url}`);
  try {
    await checkPort(host, port);
    say('ok', 'port', `${port} on ${host} is free`);
  } catch (error) {
    say('warning', 'port', messageOf(error));
  }
}

examine().then(
  (code) => process.exit(code),
  (error) => {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(1);
  },
);
