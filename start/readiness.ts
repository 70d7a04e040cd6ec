import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';

/** A line that is rewritten on a terminal; elsewhere it is printed when it has something new to say, every few seconds. */
export class ProgressLine {
  private printedAt = 0;
  private shown = '';

  constructor(private readonly out: NodeJS.WriteStream) {}

  show(line: string): void {
    if (line === this.shown) return;
    if (this.out.isTTY) this.out.write(`\r\x1b[2K${line}`);
    else if (Date.now() - this.printedAt < 5_000) return;
    else this.out.write(`${line}\n`);
    this.shown = line;
    this.printedAt = Date.now();
  }

  end(): void {
    if (this.out.isTTY && this.shown) this.out.write('\r\x1b[2K');
    this.shown = '';
  }
}

interface ChainProgress {
  name: string;
  start: number;
  indexed: number | null;
  head: number | null;
  error: string | null;
}

/** Waits until the API says that history is indexed and the head is near; `onProgress` gets a line meanwhile. */
export async function untilReady(
  url: string,
  pool: Pool,
  onProgress: (line: string) => void,
  stopped: () => boolean,
): Promise<void> {
  const startedAt = Date.now();
  while (!stopped() && !(await isReady(url))) {
    onProgress(describe(await readProgress(pool), Date.now() - startedAt));
    await delay(100);
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(new URL('/ready', url))).status === 200;
  } catch {
    return false;
  }
}

async function readProgress(pool: Pool): Promise<ChainProgress[]> {
  const { rows } = await pool.query<ChainProgress>(
    `select name, start_block::float8 as start, indexed_number::float8 as indexed, head_number::float8 as head, error
    from chain
    order by chain_id`,
  );
  return rows;
}

function describe(chains: ChainProgress[], elapsedMs: number): string {
  const parts = chains.map(({ name, start, indexed, head, error }) => {
    if (error) return `${name} stopped: ${error}`;
    if (head === null) return `${name}: asking for the head`;
    const done = Math.max(0, (indexed ?? start - 1) - start + 1);
    const all = Math.max(1, head - start + 1);
    return `${name}: block ${indexed ?? start} of ${head} (${Math.floor((100 * done) / all)} %)${remaining(done, all, elapsedMs)}`;
  });
  return `Indexing ${parts.join(', ') || 'starts'}`;
}

function remaining(done: number, all: number, elapsedMs: number): string {
  if (done === 0 || elapsedMs < 3_000) return '';
  const seconds = Math.round(((elapsedMs / done) * (all - done)) / 1_000);
  return seconds > 90 ? `, about ${Math.round(seconds / 60)} min left` : `, about ${seconds} s left`;
}
