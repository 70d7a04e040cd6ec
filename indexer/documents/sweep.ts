import type { BulkJobOptions, JobsOptions } from 'bullmq';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { messageOf } from '../../schema/appError';
import { wakeOnNotify } from './wakeOnNotify';

export interface DueJob<Data> {
  id: string;
  data: Data;
  options: JobsOptions;
}

/** Rows that want jobs, and the queue that takes them. */
export interface Source {
  name: string;
  /** Makes jobs for at most `limit` rows (of which: SourceOptions.due), except those that `isMade` knows. */
  makeJobs(limit: number, late: boolean, isMade: (id: string) => boolean): Promise<JobsMade>;
}

export interface JobsMade {
  ids: string[];
  /** There may be further rows. */
  more: boolean;
}

export interface SourceOptions<Data> {
  name: string;
  /**
   * The longest waiting first. Rows that have a job may come again: a job of a known id is not made twice.
   * `late`: also those that failed, and whose job of the next attempt should have come.
   */
  due(limit: number, late: boolean): Promise<DueJob<Data>[]>;
  addBulk(jobs: { name: string; data: Data; opts: BulkJobOptions }[]): Promise<unknown>;
}

export function sourceOf<Data>({ name, due, addBulk }: SourceOptions<Data>): Source {
  return {
    name,
    async makeJobs(limit, late, isMade) {
      const rows = await due(limit, late);
      const jobs = rows.filter(({ id }) => !isMade(id));
      if (jobs.length > 0) {
        await addBulk(jobs.map(({ id, data, options }) => ({ name, data, opts: { ...options, jobId: id } })));
      }
      return { ids: jobs.map(({ id }) => id), more: rows.length === limit };
    },
  };
}

export interface SweepOptions {
  pool: Pool;
  sources: readonly Source[];
  log: Logger;
}

const pollMs = 5_000;
/** Blocks may come every few milliseconds. */
const pauseMs = 500;
/** No more jobs of a source wait in a queue than this; the rows hold the rest. */
const batch = 500;
/** A row whose job was made so long ago and that still waits: its job was lost, or the queue is long. */
const remakeAfterMs = 30_000;
/** Lost jobs are rare, and what waits for a gateway may be much: 100,000 such rows cost 100 ms to look through. */
const lateEveryMs = 30_000;

/**
 * Makes jobs for what the indexer left pending: the rows are the truth, so the indexer's transaction enqueues nothing,
 * and a queue that was lost is made anew. Sweeps when a block comes and every five seconds.
 */
export function startSweep({ pool, sources, log }: SweepOptions): { close(): Promise<void> } {
  const made = new Map<string, number>();
  let lateAt = 0;
  let closed = false;
  let woken = false;
  let running: Promise<void> | undefined;
  let pause: NodeJS.Timeout | undefined;

  async function sweep(): Promise<void> {
    for (const [id, at] of made) if (at < Date.now() - remakeAfterMs) made.delete(id);
    const late = Date.now() >= lateAt;
    if (late) lateAt = Date.now() + lateEveryMs;
    for (const source of sources) {
      if (closed) return;
      try {
        const { ids, more } = await source.makeJobs(batch, late, (id) => made.has(id));
        woken ||= more;
        if (late && more) lateAt = 0;
        for (const id of ids) made.set(id, Date.now());
      } catch (error) {
        log.warn({ queue: source.name, reason: messageOf(error) }, 'no jobs could be made; trying again');
      }
    }
  }

  /** One sweep at a time; what wakes it during a sweep or the pause after it makes one more. */
  function wake(): void {
    if (closed) return;
    if (running || pause) {
      woken = true;
      return;
    }
    woken = false;
    running = sweep().finally(() => {
      running = undefined;
      if (closed) return;
      pause = setTimeout(() => {
        pause = undefined;
        if (woken) wake();
      }, pauseMs);
    });
  }

  const poll = setInterval(wake, pollMs);
  const listener = wakeOnNotify(pool, 'flywheel_change', wake);
  return {
    async close() {
      closed = true;
      clearInterval(poll);
      clearTimeout(pause);
      listener.close();
      await running;
    },
  };
}
