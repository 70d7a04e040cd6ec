import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { type Child, startChild } from './child';

export interface BackfillOptions {
  /** Of an empty database. */
  databaseUrl: string;
  /** Path of the network file, which has this chain alone. */
  networkFile: string;
  chainId: number;
  /** Indexed when the checkpoint is at this block. */
  head: number;
  /** Where to leave the processes' CPU profiles. */
  profileFolder?: string;
  limitMs?: number;
}

export interface Backfill {
  seconds: number;
  /** Rows of `event` and `undecoded_log`. */
  events: number;
  /** Of the largest process; undefined where the system doesn't say. */
  peakMb?: number;
}

/**
 * Times a cold backfill as a user has it: from the start of `npm run indexer` and `npm run worker` (their entries, as
 * processes) on an empty database, migrations included, to the commit that puts the checkpoint at the head.
 */
export async function timeBackfill(options: BackfillOptions): Promise<Backfill> {
  const { databaseUrl, networkFile, chainId, head, profileFolder, limitMs = 600_000 } = options;
  const client = new Client({ connectionString: databaseUrl });
  // A lost connection shows in the next query; without a listener it would end the process.
  client.on('error', () => undefined);
  await client.connect();
  const started = performance.now();
  const parts = ['indexer', 'worker'].map((part) =>
    startChild(path.join(__dirname, '..', 'start', `${part}.js`), {
      env: { NETWORKS: networkFile, DATABASE_URL: databaseUrl, LOG_LEVEL: 'warn', LOG_FORMAT: 'json' },
      profileFolder,
    }),
  );
  try {
    await untilIndexed(client, chainId, head, parts, started + limitMs);
    const seconds = (performance.now() - started) / 1_000;
    const peaks = parts.map((part) => part.peakMb()).filter((peak) => peak !== undefined);
    const { rows } = await client.query<{ events: number }>(
      `select (select count(*) from event)::int + (select count(*) from undecoded_log)::int as events`,
    );
    return { seconds, events: rows[0]!.events, peakMb: peaks.length > 0 ? Math.max(...peaks) : undefined };
  } finally {
    await Promise.all(parts.map((part) => part.close()));
    await client.end();
  }
}

const POLL_MS = 10;

async function untilIndexed(client: Client, chainId: number, head: number, parts: readonly Child[], until: number) {
  for (;;) {
    const indexed = await indexedNumber(client, chainId);
    if (indexed !== null && indexed >= head) return;
    for (const part of parts) if (part.ended) throw new Error(`${part.name} ended before the chain was indexed`);
    if (performance.now() > until) throw new Error(`indexed up to ${indexed} of ${head} when the time was over`);
    await delay(POLL_MS);
  }
}

/** Null before the first commit, and before there are tables at all. */
async function indexedNumber(client: Client, chainId: number): Promise<number | null> {
  const { rows: tables } = await client.query<{ there: boolean }>(`select to_regclass('chain') is not null as there`);
  if (!tables[0]?.there) return null;
  const { rows } = await client.query<{ number: string | null }>(
    'select indexed_number as number from chain where chain_id = $1',
    [chainId],
  );
  const number = rows[0]?.number ?? null;
  return number === null ? null : Number(number);
}
