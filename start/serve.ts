import { Redis } from 'ioredis';
import { LIVE_CONNECTIONS } from '../api/live/render';
import { startApi } from '../api/server';
import { openPool } from '../db/pool';
import { brokenConnection, type Program } from './lifecycle';

/**
 * Returns the address it listens on.
 * @param chainIds of the network file, where there is one
 */
export async function openApi(program: Program, databaseUrl: string, chainIds?: readonly number[]): Promise<string> {
  const { environment, log } = program;
  const { host, port, redisUrl, trustProxy, rateLimit, queryTimeoutMs } = environment;
  const { maxSocketsPerAddress, maxConnectionsPerAddress } = environment;
  // Changes are read where they are announced: LISTEN doesn't work on a replica.
  const primaryUrl = environment.apiDatabaseUrl ?? databaseUrl;
  const open = (max: number) => {
    const pool = openPool(environment.replicaUrl ?? primaryUrl, {
      applicationName: 'flywheel-api',
      max,
      readOnly: true,
      pipeline: true,
      statementTimeoutMs: queryTimeoutMs,
      // Keys are parameters, often arrays of one, for which Postgres else plans anew at every call: half of its CPU.
      settings: { plan_cache_mode: 'force_generic_plan' },
      onError: brokenConnection(program),
    });
    program.own('read-only database', { close: () => pool.end() });
    return pool;
  };
  const pool = open(environment.apiDatabaseConnections);
  const livePool = open(LIVE_CONNECTIONS);
  const redis = redisUrl ? openRedis(program, redisUrl) : undefined;
  const limits = { trustProxy, rateLimit, maxSocketsPerAddress, maxConnectionsPerAddress, queryTimeoutMs };
  const options = { host, port, redis, redisUrl, ...limits, log };
  return program.own('API', await startApi({ ...options, pool, livePool, databaseUrl: primaryUrl, chainIds })).url;
}

/** For counting requests. While it is away each API counts for itself, so nothing waits for it. */
function openRedis(program: Program, url: string): Redis {
  const redis = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 1, disconnectTimeout: 200 });
  redis.on('error', brokenConnection(program));
  program.own('Redis of the API', { close: async () => redis.disconnect() });
  return redis;
}
