import type { Pool } from 'pg';
import { apiError, badUserInput } from '../errors';
import { databaseError } from '../snapshot';
import { Finality } from '../types/block';
import { type LoggedEvent, readMoveContent, wasSafe } from './blockContent';
import { encodeChangeCursor } from './changeCursor';
import type { ChangeLog } from './changeLog';
import { type ChangeRow, endOf, RowOp, readBounds } from './changeRow';

/** What a subscription gets: a change of one event's, or news of how far it has come. */
export type Delivery =
  | { op: 'APPLY' | 'RETRACT'; position: bigint; event: LoggedEvent }
  | { op: 'PROGRESS'; position: bigint; event: null };

export interface FollowOptions {
  /** The last position that the client has handled; null: from now on. */
  after: bigint | null;
  finality: Finality;
  matches(event: LoggedEvent): boolean;
  /** Ends the stream. */
  signal: AbortSignal;
}

export interface FollowLimits {
  /** PROGRESS at least this often. */
  progressMs: number;
  /** A client that was live, took a message only after so long, and is so many positions behind, is a slow one. */
  slowMs: number;
  slowPositions: bigint;
}

export const defaultLimits: FollowLimits = { progressMs: 8000, slowMs: 5000, slowPositions: 1000n };

const ROWS_AT_ONCE = 100;
const MOVE_EVENTS_AT_ONCE = 500;

/**
 * The log of changes from a position on, without end. It reads on only when the client has taken the last change, so
 * nothing is queued for anybody: old rows come from the database, new ones from what the process keeps for all.
 * @throws BAD_USER_INPUT for a position above the head, CURSOR_EXPIRED for one that is no longer kept, SLOW_CONSUMER
 */
export async function* follow(
  source: { pool: Pool; log: ChangeLog; limits: FollowLimits },
  options: FollowOptions,
): AsyncGenerator<Delivery> {
  const { pool, log, limits } = source;
  const { signal } = options;
  try {
    const bounds = await readBounds(pool);
    let position = startOf(options.after, bounds);
    let live = false;
    let progressAt = Date.now();
    const progressIsDue = () => Date.now() - progressAt >= limits.progressMs;

    while (!signal.aborted) {
      if (position >= bounds.head && position >= log.head()) {
        if (!live || progressIsDue()) {
          live = true;
          progressAt = Date.now();
          yield { op: 'PROGRESS', position, event: null };
        }
        if (log.head() <= position) await log.wake(signal);
        continue;
      }
      const rows = await log.rowsAfter(position, ROWS_AT_ONCE);
      const [first] = rows;
      if (!first && log.head() <= position) {
        await log.wake(signal);
        continue;
      }
      if (!first || first.position > position + 1n) throw expired((await readBounds(pool)).oldest);
      for (const row of rows) {
        for await (const event of changesOf(source, row, position, options.finality)) {
          if (signal.aborted) return;
          if (event.position <= position) continue;
          position = event.position;
          if (options.matches(event)) {
            const op = row.op === RowOp.RETRACT ? 'RETRACT' : 'APPLY';
            const offeredAt = Date.now();
            yield { op, position, event };
            if (live && Date.now() - offeredAt > limits.slowMs && log.head() - position > limits.slowPositions) {
              throw slow(position);
            }
          } else if (progressIsDue()) {
            progressAt = Date.now();
            yield { op: 'PROGRESS', position, event: null };
          }
        }
        position = endOf(row);
        if (progressIsDue()) {
          progressAt = Date.now();
          yield { op: 'PROGRESS', position, event: null };
        }
      }
    }
  } catch (error) {
    throw databaseError(error);
  }
}

function startOf(after: bigint | null, { oldest, head }: { oldest: bigint; head: bigint }): bigint {
  if (after === null) return head;
  if (after > head) throw badUserInput('after', 'a cursor from the future: this log has not come so far');
  if (after < oldest) throw expired(oldest);
  return after;
}

function expired(oldest: bigint): Error {
  return apiError(
    'CURSOR_EXPIRED',
    'after: older than the changes that are kept. Load the page again and go on from there.',
    {
      oldest: encodeChangeCursor(oldest),
    },
  );
}

function slow(position: bigint): Error {
  return apiError('SLOW_CONSUMER', 'This client reads too slowly. Go on from the cursor.', {
    cursor: encodeChangeCursor(position),
  });
}

/** The events that a row means for a stream of that finality, in the order of their positions. */
async function* changesOf(
  { pool, log }: { pool: Pool; log: ChangeLog },
  row: ChangeRow,
  position: bigint,
  finality: Finality,
): AsyncGenerator<LoggedEvent> {
  if (row.count === 0) return;
  const isMove = row.op === RowOp.SAFE || row.op === RowOp.FINALIZED;
  if (finality === Finality.PENDING) {
    if (!isMove) yield* await log.content(row);
  } else if (isMove) {
    if (row.op === (finality === Finality.SAFE ? RowOp.SAFE : RowOp.FINALIZED)) yield* moveContent(pool, row, position);
  } else if (row.op === RowOp.RETRACT && finality === Finality.SAFE && (await wasSafe(pool, row))) {
    yield* await log.content(row);
  }
}

async function* moveContent(pool: Pool, row: ChangeRow, position: bigint): AsyncGenerator<LoggedEvent> {
  let skip = position >= row.position ? Number(position - row.position) + 1 : 0;
  let afterPos: bigint | null = null;
  for (;;) {
    const events = await readMoveContent(pool, row, { skip, afterPos }, MOVE_EVENTS_AT_ONCE);
    yield* events;
    if (events.length < MOVE_EVENTS_AT_ONCE) return;
    skip += events.length;
    afterPos = events[events.length - 1]?.pos ?? null;
  }
}
