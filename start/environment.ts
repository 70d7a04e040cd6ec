import { isIP } from 'node:net';
import path from 'node:path';
import { AppError } from '../schema/appError';

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** What the environment says, checked, with the defaults filled in. */
export interface Environment {
  /** Path of the network file; undefined: the local chain. */
  networks?: string;
  /** Undefined: the embedded Postgres. */
  databaseUrl?: string;
  replicaUrl?: string;
  apiDatabaseUrl?: string;
  redisUrl?: string;
  /** Absolute. */
  dataDir: string;
  port: number;
  host: string;
  demo: { seed: number; events: number; live: boolean };
  log: { level: (typeof logLevels)[number]; format: 'pretty' | 'json' };
  /** Addresses or networks whose X-Forwarded-For is believed. */
  trustProxy: string[];
  /** Cost units a minute and client address; undefined: no limit. */
  rateLimit?: number;
  maxSocketsPerAddress?: number;
  maxConnectionsPerAddress?: number;
  /** Of the API, to the database that it reads. */
  apiDatabaseConnections: number;
  queryTimeoutMs: number;
  changesRetentionMs: number;
  ipfsGateway?: string;
}

/** @throws AppError CONFIG that names the variable, what was expected and what came. */
export function parseEnvironment(env: Record<string, string | undefined>, terminal: boolean): Environment {
  return {
    networks: text(env, 'NETWORKS'),
    databaseUrl: url(env, 'DATABASE_URL', ['postgres:', 'postgresql:']),
    replicaUrl: url(env, 'DATABASE_REPLICA_URL', ['postgres:', 'postgresql:']),
    apiDatabaseUrl: url(env, 'API_DATABASE_URL', ['postgres:', 'postgresql:']),
    redisUrl: url(env, 'REDIS_URL', ['redis:', 'rediss:']),
    dataDir: path.resolve(text(env, 'DATA_DIR') ?? '.data'),
    port: integer(env, 'PORT', 4_000, 0, 65_535),
    host: text(env, 'HOST') ?? '127.0.0.1',
    demo: {
      seed: integer(env, 'DEMO_SEED', 1, 0, 2 ** 32 - 1),
      events: integer(env, 'DEMO_EVENTS', 5_000, 0, 10_000_000),
      live: choice(env, 'DEMO_LIVE', 'on', ['on', 'off']) === 'on',
    },
    log: {
      level: choice(env, 'LOG_LEVEL', 'info', logLevels),
      format: choice(env, 'LOG_FORMAT', terminal ? 'pretty' : 'json', ['pretty', 'json']),
    },
    trustProxy: proxies(env),
    rateLimit: limit(env, 'RATE_LIMIT', 600),
    maxSocketsPerAddress: limit(env, 'MAX_SOCKETS_PER_ADDRESS', 20),
    maxConnectionsPerAddress: limit(env, 'MAX_CONNECTIONS_PER_ADDRESS', 200),
    // Each more is one more that runs beside the API where they share a machine: with 20 of two cores the slowest in a
    // hundred took a third longer, and no more were answered.
    apiDatabaseConnections: integer(env, 'API_DATABASE_CONNECTIONS', 8, 2, 1_000),
    queryTimeoutMs: integer(env, 'QUERY_TIMEOUT_MS', 5_000, 1, 3_600_000),
    changesRetentionMs: duration(env, 'CHANGES_RETENTION', '7d'),
    ipfsGateway: url(env, 'IPFS_GATEWAY', ['http:', 'https:']),
  };
}

type Env = Record<string, string | undefined>;

/** An empty variable is an unset one, as compose files and shells leave them. */
function text(env: Env, name: string): string | undefined {
  return env[name]?.trim() || undefined;
}

/** The value may hold a password, so it is not repeated. */
function url(env: Env, name: string, protocols: string[]): string | undefined {
  const value = text(env, name);
  if (value === undefined) return undefined;
  if (URL.canParse(value) && protocols.includes(new URL(value).protocol)) return value;
  throw new AppError(
    'CONFIG',
    `${name}: expected a URL that starts with ${protocols.map((p) => `${p}//`).join(' or ')}.`,
  );
}

function integer(env: Env, name: string, fallback: number, least: number, most: number): number {
  const value = text(env, name);
  if (value === undefined) return fallback;
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= least && number <= most) return number;
  return refuse(name, `a whole number from ${least} to ${most}`, value);
}

function limit(env: Env, name: string, fallback: number): number | undefined {
  const value = text(env, name);
  if (value === 'off') return undefined;
  if (value !== undefined && !/^[1-9]\d{0,8}$/.test(value)) refuse(name, 'a whole number of at least 1, or off', value);
  return value === undefined ? fallback : Number(value);
}

function choice<T extends string>(env: Env, name: string, fallback: T, allowed: readonly T[]): T {
  const value = text(env, name) ?? fallback;
  return allowed.find((one) => one === value) ?? refuse(name, `one of ${allowed.join(', ')}`, value);
}

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function duration(env: Env, name: string, fallback: string): number {
  const value = text(env, name) ?? fallback;
  const match = /^(\d{1,6})([smhd])$/.exec(value);
  if (!match || Number(match[1]) === 0) return refuse(name, 'a duration such as 12h or 7d', value);
  return Number(match[1]) * unitMs[match[2] as keyof typeof unitMs];
}

function proxies(env: Env): string[] {
  const entries = (text(env, 'TRUST_PROXY') ?? '').split(',').map((entry) => entry.trim());
  return entries.filter(Boolean).map((entry) => {
    const [address, bits] = entry.split('/');
    const family = isIP(address ?? '');
    const inRange = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
    return family && inRange ? entry : refuse('TRUST_PROXY', 'addresses or networks, separated by commas', entry);
  });
}

function refuse(name: string, what: string, came: string): never {
  throw new AppError('CONFIG', `${name}: expected ${what}, got ${JSON.stringify(came)}.`);
}
