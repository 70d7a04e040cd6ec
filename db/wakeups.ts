import { Redis } from 'ioredis';
import { Client } from 'pg';
import { messageOf } from '../schema/appError';
import { connectionConfig, endClient } from './pool';

/** What commits notify by (indexer/store/changes.ts), and the channel of the same name in Redis. */
const CHANNEL = 'flywheel_change';
const RETRY_MS = 1_000;

/** Says that the log of changes may have grown. One that is lost costs a reader the time until it looks by itself. */
export interface Wakeups {
  close(): Promise<void>;
}

export interface WakeupsOptions {
  /** Called too whenever it hears again: something may have been missed. */
  wake(): void;
  /** It does not hear for now, and why. */
  onLost(reason: string): void;
}

/** By NOTIFY, on a connection of its own that comes back by itself. `databaseUrl` must lead to the primary. */
export function listenToPostgres(databaseUrl: string, { wake, onLost }: WakeupsOptions): Wakeups {
  let closed = false;
  let current: Client | undefined;
  let again: NodeJS.Timeout | undefined;
  const listen = async () => {
    if (closed) return;
    const client = new Client({ ...connectionConfig(databaseUrl, { applicationName: 'flywheel-api-listen' }) });
    current = client;
    let lost = false;
    const retry = (error?: Error) => {
      if (lost || closed) return;
      lost = true;
      onLost(messageOf(error ?? 'the connection ended'));
      client.end().catch(() => undefined);
      again = setTimeout(listen, RETRY_MS);
      again.unref();
    };
    client.on('error', retry);
    client.on('end', () => retry());
    client.on('notification', wake);
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
      wake();
    } catch (error) {
      retry(error as Error);
    }
  };
  void listen();
  return {
    async close() {
      closed = true;
      clearTimeout(again);
      if (current) await endClient(current).catch(() => undefined);
    },
  };
}

/** By Redis, where an announcer publishes: any number of readers, and none of them holds a connection to the database. */
export function listenToRedis(redisUrl: string, { wake, onLost }: WakeupsOptions): Wakeups {
  const redis = openRedis(redisUrl, onLost);
  redis.on('message', wake);
  // ioredis subscribes again by itself after each reconnection.
  redis.on('ready', wake);
  redis.subscribe(CHANNEL).catch((error) => onLost(messageOf(error)));
  return { close: async () => redis.disconnect() };
}

/** Hands on in Redis what the database notifies of. Beside every indexer: whichever lives is enough, and twice does no harm. */
export function announceOnRedis(databaseUrl: string, redisUrl: string, onLost: (reason: string) => void): Wakeups {
  const redis = openRedis(redisUrl, onLost);
  const listener = listenToPostgres(databaseUrl, {
    wake: () => void redis.publish(CHANNEL, '').catch(() => undefined),
    onLost,
  });
  return {
    async close() {
      await listener.close();
      redis.disconnect();
    },
  };
}

function openRedis(redisUrl: string, onLost: (reason: string) => void): Redis {
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: null, disconnectTimeout: 200 });
  let away = false;
  redis.on('error', (error) => {
    if (!away) onLost(messageOf(error));
    away = true;
  });
  redis.on('ready', () => {
    away = false;
  });
  return redis;
}
