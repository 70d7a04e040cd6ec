import type { Pool } from 'pg';
import type { ChainProgress } from './progressText';
import { RateWindow } from './rateWindow';

interface Row {
  chain_id: number;
  name: string;
  start: number;
  indexed: number | null;
  head: number | null;
  error: string | null;
}

interface Logs {
  logs: number;
  blocks: number;
}

/** What is remembered of a chain between two looks. */
interface Watched {
  window: RateWindow;
  /** Events are counted from the stored segments, each once; from where we began to watch. */
  countedTo: number;
  events: number;
}

/** Reads how far every chain is, from the rows of whichever process indexes it. */
export class ProgressReader {
  private readonly watched = new Map<number, Watched>();
  private readonly startedAt = performance.now();

  constructor(private readonly pool: Pool) {}

  async read(): Promise<(ChainProgress & { chainId: number })[]> {
    const { rows } = await this.pool.query<Row>(
      // A head that was seen before we began to watch may be old, and history seem done that isn't.
      `select chain_id, name, start_block::float8 as start, indexed_number::float8 as indexed,
         case when seen_at > now() - make_interval(secs => $1) then head_number::float8 end as head, error
       from chain
       order by chain_id`,
      [(performance.now() - this.startedAt) / 1_000],
    );
    return Promise.all(rows.map((row) => this.progressOf(row)));
  }

  private async progressOf(row: Row): Promise<ChainProgress & { chainId: number }> {
    const { chain_id: chainId, name, start, head, error } = row;
    const indexed = row.indexed ?? start - 1;
    const watched = this.watched.get(chainId) ?? { window: new RateWindow(), countedTo: indexed, events: 0 };
    this.watched.set(chainId, watched);
    if (indexed > watched.countedTo) {
      watched.events += (await this.logsOf(chainId, watched.countedTo + 1, indexed)).logs;
    }
    watched.countedTo = indexed;
    const doneBlocks = Math.max(0, indexed - start + 1);
    const allBlocks = head === null ? null : Math.max(0, head - start + 1);
    watched.window.add({ atMs: performance.now(), blocks: doneBlocks, events: watched.events });
    const blocksLeft = (allBlocks ?? 0) - doneBlocks;
    const ahead = blocksLeft > 0 ? await this.logsOf(chainId, indexed + 1, head ?? indexed) : { logs: 0, blocks: 0 };
    const estimate = watched.window.estimate(performance.now(), blocksLeft, {
      blocks: ahead.blocks,
      events: ahead.logs,
    });
    const secondsLeft = allBlocks === null ? null : estimate.secondsLeft;
    return { chainId, name, doneBlocks, allBlocks, error, ...estimate, secondsLeft };
  }

  /** Of the segments that begin in these blocks. */
  private async logsOf(chainId: number, fromBlock: number, toBlock: number): Promise<Logs> {
    const { rows } = await this.pool.query<Logs>(
      `select coalesce(sum(logs), 0)::float8 as logs, coalesce(sum(to_block - from_block + 1), 0)::float8 as blocks
       from segment
       where chain_id = $1 and from_block between $2 and $3`,
      [chainId, fromBlock, toBlock],
    );
    return rows[0] ?? { logs: 0, blocks: 0 };
  }
}
