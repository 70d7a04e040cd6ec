import { setTimeout as delay } from 'node:timers/promises';
import {
  createPostgresBackend,
  type DefaultJobOptions,
  type Processor,
  Queue,
  runMigrations,
  Worker,
  type WorkerOptions,
  withBackend,
} from 'bullmq';
import { Redis } from 'ioredis';
import { Client, type ClientConfig, Pool } from 'pg';
import { AppError, messageOf, withoutCredentials } from '../schema/appError';
import { CONNECT_LIMIT_MS, FIRST_PROBE_MS, outliveBrokenClients } from './pool';

export interface QueueConnection {
  databaseUrl: string;
  /** With it, queues live in Redis instead of Postgres. */
  redisUrl?: string;
  /** A connection broke or a worker's loop failed. Both go on by themselves; this is for the log. */
  onError?: (error: Error) => void;
}

/** `signal` aborts when the job is cancelled. */
export type JobProcessor<T, R = void> = Processor<T, R, string>;
export type QueueWorkerOptions = Pick<
  WorkerOptions,
  'concurrency' | 'lockDuration' | 'stalledInterval' | 'maxStalledCount' | 'limiter' | 'settings'
>;

/** BullMQ on either store: the same Queue and Worker, and one place that closes them. */
export interface Queues {
  readonly store: 'postgres' | 'redis';
  queue<T, R = void>(name: string, defaults?: DefaultJobOptions): Queue<T, R, string>;
  worker<T, R = void>(name: string, processor: JobProcessor<T, R>, options?: QueueWorkerOptions): Worker<T, R, string>;
  /** Workers finish the jobs they hold (at most 5 s; what is cut off is taken up again as stalled), then queues end. */
  close(): Promise<void>;
}

/** A finished job leaves at once, so that its id can be given again; failed ones stay to be looked at. */
const jobDefaults: DefaultJobOptions = { removeOnComplete: true, removeOnFail: { count: 1_000 } };
const closeLimitMs = 5_000;
/**
 * BullMQ's defaults (15 s, 30 s, 30 s, once) would show as pauses of the indexer after a dropped connection or a kill,
 * and would fail a job that was killed twice.
 */
const workerDefaults = { runRetryDelay: 1_000, lockDuration: 10_000, stalledInterval: 5_000, maxStalledCount: 100 };

/**
 * Opens the store and brings BullMQ's own schema (`bullmq`) up to date.
 * @throws AppError RETRY when the store can't be reached.
 */
export async function openQueues(connection: QueueConnection): Promise<Queues> {
  return connection.redisUrl ? openOnRedis(connection.redisUrl, connection) : openOnPostgres(connection);
}

async function openOnPostgres({ databaseUrl, onError }: QueueConnection): Promise<Queues> {
  await migrateQueueSchema(databaseUrl);
  const classes = withBackend(createPatientBackend);
  const settings = {
    connectionString: databaseUrl,
    schema: 'bullmq',
    application_name: 'flywheel-queue',
    // A job lost in a crash is made again by its follower, so the queue doesn't wait for the disk.
    options: `${OWN_LIMITS} -c synchronous_commit=off`,
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
    query_timeout: QUERY_LIMIT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: FIRST_PROBE_MS,
  };
  return collect('postgres', onError, async () => undefined, {
    queue: (name, options) => new classes.Queue(name, { ...options, connection: { ...settings, max: 4 } }),
    worker: (name, processor, options) =>
      new classes.Worker(name, processor, {
        ...options,
        connection: { ...settings, max: Math.min(2 + (options.concurrency ?? 1), 10) },
      }),
  });
}

const AGAIN_MS = 250;
/** BullMQ's statements take milliseconds; one without an answer for so long has nobody at the other end. */
const QUERY_LIMIT_MS = 30_000;
/** Not those that the server has for others. */
const OWN_LIMITS = '-c statement_timeout=0';
/**
 * A worker sleeps until it is notified of a job, after any failure for up to an hour. A notification can be missed: then
 * it looks after so many seconds by itself.
 */
const LONGEST_SLEEP_S = 5;

/**
 * What BullMQ's backend lacks where a database goes away for a while: its first connection is remembered when it fails,
 * and every later call fails with it; a worker whose listening connection ends between two steps sleeps on, deaf; one
 * that is refused asks again at once, without end.
 */
const createPatientBackend: typeof createPostgresBackend = (...args) => {
  const backend = createPostgresBackend(...args);
  const { connection } = backend as unknown as UntypedBackend;
  // A connection that breaks while nobody listens to it yet, or while it is held, would end the process.
  outliveBrokenClients(connection.pool);
  connection.pgModule = { Client: QuietClient };
  const connect = connection.bootstrap.bind(connection);
  connection.bootstrap = async () => {
    for (;;) {
      try {
        return await connect();
      } catch (error) {
        if (connection.isClosing) throw error;
        connection.emitError(error as Error);
        await delay(AGAIN_MS, undefined, { ref: false });
      }
    }
  };
  const moveToActive = backend.moveToActive.bind(backend);
  backend.moveToActive = async (...claim) => {
    try {
      return await moveToActive(...claim);
    } catch (error) {
      await delay(AGAIN_MS, undefined, { ref: false });
      throw error;
    }
  };
  hearAgain(backend as unknown as UntypedBackend);
  Object.defineProperty(backend, 'maximumBlockTimeout', { value: LONGEST_SLEEP_S });
  return backend;
};

/**
 * A server that ends the listening connection in the same breath in which it answers LISTEN leaves a worker that believes
 * to listen, and never does so again. Here the connection must still be the one that is kept, and one that fails isn't.
 */
function hearAgain(backend: UntypedBackend): void {
  const { connection } = backend;
  const listen = backend.ensureListening.bind(backend);
  backend.ensureListening = async () => {
    try {
      const client = await listen();
      if (client === connection.listenClient) return client;
      backend.listening = false;
      throw new Error('the connection that listens for jobs has ended');
    } catch (error) {
      if (connection.listenClient) connection.handleListenClientError(connection.listenClient, error as Error);
      throw error;
    }
  };
}

/** The parts of BullMQ's PostgresQueueBackend and PostgresConnection that have no types. */
interface UntypedBackend {
  readonly connection: BackendConnection;
  /** Whether it listens already. */
  listening: boolean;
  /** The connection by which a worker hears of jobs, made where there is none. */
  ensureListening(): Promise<Client>;
}

interface BackendConnection {
  readonly isClosing: boolean;
  readonly pool: Pool;
  /** Makes the connection that listens. */
  pgModule: { Client: typeof Client };
  readonly listenClient: Client | undefined;
  /** Lets go of it. */
  handleListenClientError(client: Client, error: Error): void;
  bootstrap(): Promise<void>;
  emitError(error: Error): void;
}

class QuietClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}

async function migrateQueueSchema(databaseUrl: string): Promise<void> {
  const settings = { connectionString: databaseUrl, options: OWN_LIMITS, connectionTimeoutMillis: CONNECT_LIMIT_MS };
  const pool = new Pool({ ...settings, max: 1 });
  pool.on('error', () => undefined);
  outliveBrokenClients(pool);
  try {
    const client = await pool.connect();
    try {
      await runMigrations(client, 'bullmq');
    } finally {
      client.release();
    }
  } catch (cause) {
    throw new AppError('RETRY', `The job queue's schema could not be prepared: ${messageOf(cause)}`, { cause });
  } finally {
    await pool.end();
  }
}

/**
 * Two databases may share a Redis and follow the same chain: a job that the other's worker took would be done for the
 * wrong database. Empty without a database.
 */
async function databaseIdentity(databaseUrl: string): Promise<string> {
  if (!databaseUrl) return '';
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_LIMIT_MS });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ identity: string }>(
      `select system_identifier || '-' || (select oid from pg_database where datname = current_database()) as identity
       from pg_control_system()`,
    );
    return `-${rows[0]?.identity}`;
  } catch (cause) {
    throw new AppError('RETRY', `The database could not be asked who it is: ${messageOf(cause)}`, { cause });
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function openOnRedis(redisUrl: string, { databaseUrl, onError }: QueueConnection): Promise<Queues> {
  const prefix = `flywheel${await databaseIdentity(databaseUrl)}`;
  // Blocking reads wait without end, so commands must not give up after a number of reconnections.
  const redis = new Redis(redisUrl, {
    maxRetriesPerRequest: null,
    lazyConnect: true,
    connectTimeout: 10_000,
    disconnectTimeout: 200,
  });
  let last: Error | undefined;
  redis.on('error', (error) => {
    last = error;
    onError?.(error);
  });
  try {
    await redis.connect();
  } catch (cause) {
    redis.disconnect();
    throw new AppError('RETRY', `Redis at ${withoutCredentials(redisUrl)}: ${messageOf(last ?? cause)}`, { cause });
  }
  return collect('redis', onError, async () => redis.disconnect(), {
    queue: (name, options) => new Queue(name, { ...options, connection: redis, prefix }),
    worker: (name, processor, options) => new Worker(name, processor, { ...options, connection: redis, prefix }),
  });
}

interface Makers {
  queue(name: string, options: { defaultJobOptions: DefaultJobOptions }): unknown;
  worker<T, R>(name: string, processor: JobProcessor<T, R>, options: Omit<WorkerOptions, 'connection'>): unknown;
}

function collect(
  store: Queues['store'],
  onError: ((error: Error) => void) | undefined,
  closeStore: () => Promise<void>,
  make: Makers,
): Queues {
  const queues = new Set<Queue>();
  const workers = new Set<Worker>();
  // Without a listener an EventEmitter's 'error' ends the process.
  const report = (error: Error): void => onError?.(error);
  return {
    store,
    queue<T, R>(name: string, defaults: DefaultJobOptions = {}) {
      const queue = make.queue(name, { defaultJobOptions: { ...jobDefaults, ...defaults } }) as Queue<T, R, string>;
      queue.on('error', report);
      queues.add(queue as Queue);
      return queue;
    },
    worker<T, R>(name: string, processor: JobProcessor<T, R>, options: QueueWorkerOptions = {}) {
      const worker = make.worker(name, processor, { ...workerDefaults, ...options }) as Worker<T, R, string>;
      worker.on('error', report);
      workers.add(worker as Worker);
      return worker;
    },
    async close() {
      await Promise.all([...workers].map((worker) => closeWorker(worker, report)));
      await Promise.all([...queues].map((queue) => queue.close().catch(report)));
      await closeStore();
    },
  };
}

async function closeWorker(worker: Worker, report: (error: Error) => void): Promise<void> {
  const closed = worker.close().then(() => true, report);
  const within = (limitMs: number) => Promise.race([closed, delay(limitMs, false, { ref: false })]);
  if (await within(closeLimitMs)) return;
  worker.cancelAllJobs('closing');
  if (!(await within(1_000))) await worker.disconnect().catch(report);
}
