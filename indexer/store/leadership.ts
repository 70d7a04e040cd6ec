import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { connectionConfig, endClient } from '../../db/pool';
import { AppError } from '../../schema/appError';

/** First half of the advisory lock's key; the second is the chain. */
const LEADER_LOCK = 7_236_411;

/** The right to write one chain's rows: a connection that holds the lock, and the epoch that its commits name. */
export interface Leadership {
  client: Client;
  epoch: bigint;
  /** Lets go of the lock. */
  close(): Promise<void>;
}

/** Tries to lead a chain; undefined while another does. The chain needs its row (registerChain). */
export async function tryToLead(databaseUrl: string, chainId: number): Promise<Leadership | undefined> {
  const applicationName = `flywheel-indexer-${chainId}`;
  const client = new Client(connectionConfig(databaseUrl, { applicationName }));
  // Without a listener a lost connection would end the process; the next query tells us anyway.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ leads: boolean }>('select pg_try_advisory_lock($1, $2) as leads', [
      LEADER_LOCK,
      chainId,
    ]);
    if (!rows[0]?.leads) {
      await endClient(client);
      return undefined;
    }
    const taken = await client.query<{ epoch: bigint }>(
      'update chain set epoch = epoch + 1 where chain_id = $1 returning epoch',
      [chainId],
    );
    const epoch = taken.rows[0]?.epoch;
    if (epoch === undefined) throw new TypeError(`chain ${chainId} has no row`);
    return { client, epoch, close: () => endClient(client) };
  } catch (error) {
    await endClient(client).catch(() => undefined);
    throw error;
  }
}

const TAKE_LIMIT_MS = 10_000;

/**
 * Leads a chain even if another does: its connection is ended, so that it finds the lock taken and waits for its turn.
 * @throws AppError STOP when the other one's connection can't be ended
 */
export async function takeTheLead(databaseUrl: string, chainId: number): Promise<Leadership> {
  const client = new Client(connectionConfig(databaseUrl, { applicationName: 'flywheel-take-the-lead' }));
  client.on('error', () => undefined);
  await client.connect();
  try {
    for (const end = performance.now() + TAKE_LIMIT_MS; performance.now() < end; await delay(20)) {
      const leadership = await tryToLead(databaseUrl, chainId);
      if (leadership) return leadership;
      await client.query(
        `select pg_terminate_backend(pid) from pg_locks
         where locktype = 'advisory' and granted and classid = $1 and objid = $2
           and database = (select oid from pg_database where datname = current_database())`,
        [LEADER_LOCK, chainId],
      );
    }
    throw new AppError('STOP', `the indexer that follows chain ${chainId} could not be set aside: stop it first`);
  } finally {
    await endClient(client);
  }
}
