import { Writable } from 'node:stream';
import pino from 'pino';
import { ProgressReader } from '../../start/progress/progressReader';
import { ProgressReport } from '../../start/progress/progressReport';
import type { ChainProgress } from '../../start/progress/progressText';
import { StatusLine } from '../../start/progress/statusLine';
import { createDatabase, type TestDatabase } from '../run/database';
import { until } from '../run/until';

describe('how far a chain is, from its rows', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createDatabase();
    await database.pool.query(
      `insert into chain (chain_id, name, native_symbol, native_decimals, start_block, finality, contracts)
       values (7, 'seven', 'T', 18, 100, '{}', '[]')`,
    );
  });
  afterEach(() => database.close());

  // Seen later than the reader began, by any clock: what it asks is as old as it is when it is answered.
  const index = (to: number, head: number) =>
    database.pool.query(
      "update chain set indexed_number = $1, head_number = $2, seen_at = now() + interval '1 minute'",
      [to, head],
    );
  const store = (from: number, to: number, logs: number) =>
    database.pool.query(
      `insert into segment (chain_id, from_block, to_block, parent_hash, last_hash, last_timestamp, logs, content)
       values (7, $1, $2, '', '', 0, $3, '')`,
      [from, to, logs],
    );

  it('nothing is known before somebody looked at the head since', async () => {
    await database.pool.query(
      "update chain set indexed_number = 500, head_number = 500, seen_at = now() - interval '1 minute'",
    );
    const reader = new ProgressReader(database.pool);
    expect(await reader.read()).toMatchObject([{ name: 'seven', allBlocks: null, secondsLeft: null }]);
  });

  it('counts blocks from the first to the head, and events from where it began to watch', async () => {
    const reader = new ProgressReader(database.pool);
    await store(100, 199, 5_000);
    await index(199, 1_099);
    expect(await reader.read()).toMatchObject([{ doneBlocks: 100, allBlocks: 1_000, eventsPerSecond: null }]);
    await store(200, 599, 900);
    await index(599, 1_099);
    let chain: ChainProgress | undefined;
    await until(async () => {
      [chain] = await reader.read();
      return chain?.blocksPerSecond !== null;
    });
    const { doneBlocks, eventsPerSecond, blocksPerSecond, secondsLeft } = chain as ChainProgress;
    expect(doneBlocks).toBe(500);
    // 900 events in 400 blocks; 500 blocks are left.
    expect(eventsPerSecond as number).toBeCloseTo(((blocksPerSecond as number) * 900) / 400, 5);
    expect(secondsLeft as number).toBeCloseTo(500 / (blocksPerSecond as number), 5);
  });
});

describe('where progress is said', () => {
  const chain = { chainId: 7, name: 'seven', error: null, eventsPerSecond: 10.04, blocksPerSecond: 2, secondsLeft: 30 };
  const half = { ...chain, doneBlocks: 50, allBlocks: 100 };
  const done = { ...half, chainId: 8, name: 'eight', doneBlocks: 100, secondsLeft: 0 };

  function outputs(isTTY: boolean) {
    const written: string[] = [];
    const lines: { msg: string }[] = [];
    const write = (text: unknown) => written.push(String(text)) > 0;
    const stream = new Writable({
      write(line, _, next) {
        lines.push(JSON.parse(String(line)));
        next();
      },
    });
    return {
      written,
      lines,
      status: new StatusLine({ isTTY, columns: 60, write } as NodeJS.WriteStream),
      log: pino({ base: null }, stream),
    };
  }

  it('on a terminal in one line that is rewritten, below whatever else is printed, and gone at the end', () => {
    const { written, lines, status, log } = outputs(true);
    const report = new ProgressReport(status, log, false);
    report.show([half]);
    report.show([half]);
    status.print('a log line\n');
    report.end();
    const shown = written[0]?.slice('\r\x1b[2K'.length) as string;
    expect(shown).toMatch(/^seven \[#+-+\] 50 % .*about 30 s left$/);
    expect(shown.length).toBeLessThan(60);
    expect(written).toEqual([`\r\x1b[2K${shown}`, `\r\x1b[2Ka log line\n${shown}`, '\r\x1b[2K']);
    expect(lines).toEqual([]);
  });

  it.each([
    [false, false],
    [true, true],
  ])(
    'elsewhere as a log line of each chain that is not done, every five seconds (terminal: %s, json: %s)',
    (isTTY, json) => {
      const { written, lines, status, log } = outputs(isTTY);
      let now = 100_000;
      const report = new ProgressReport(status, log, json, () => now);
      report.show([half, done]);
      now += 4_999;
      report.show([half, done]);
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatchObject({
        chain: 7,
        percent: 50,
        doneBlocks: 50,
        allBlocks: 100,
        eventsPerSecond: 10,
        blocksPerSecond: 2,
        secondsLeft: 30,
        msg: 'Indexing seven: 50 %, about 30 s left',
      });
      now += 1;
      report.show([half, done]);
      expect(lines).toHaveLength(2);
      report.end();
      expect(written).toEqual([]);
    },
  );
});
