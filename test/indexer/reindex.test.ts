import pino from 'pino';
import { reindex } from '../../indexer/reindex';
import { type EmittedChain, startEmittedChain } from '../chain/emittedChain';
import { randomHistory } from '../oracle/history';
import { readPast } from './pastTables';
import { type RunningIndex, startIndex } from './runningIndex';
import { readTables } from './tables';

describe('reindex', () => {
  const log = pino({ level: 'silent' });
  let chain: EmittedChain;
  let index: RunningIndex;

  beforeAll(async () => {
    chain = await startEmittedChain({ maxLogsRange: 5 });
    const placed = await chain.play(randomHistory('reindex', { logs: 400, fromBlock: chain.nextBlock }));
    index = await startIndex([chain.config]);
    await index.reach(chain.chainId, placed.at(-1) as (typeof placed)[number]);
  });

  afterAll(async () => {
    await index?.close();
    await chain.close();
  });

  const options = () => ({ pool: index.database.pool, databaseUrl: index.database.url, log });
  const marks = async () =>
    (
      await index.database.pool.query('select to_jsonb(c) - $1::text[] as chain from chain c', [
        ['epoch', 'events_per_second', 'seen_at'],
      ])
    ).rows;

  it('makes every row anew from segments alone and keeps checkpoint, log of changes and readers', async () => {
    const { pool } = index.database;
    await index.stop();
    const before = await readTables(pool);
    const marksBefore = await marks();
    const middle = 10;
    const pastBefore = await readPast(pool, chain.chainId, middle);
    const changesBefore = (await pool.query('select * from change order by position')).rows;
    // Rows that a wrong projection left behind: what a re-index is for.
    await pool.query('update reward set epoch = 7');
    await pool.query('delete from account_role');

    const urls = chain.config.rpc;
    chain.config.rpc = ['http://127.0.0.1:1'];
    await reindex(options());
    chain.config.rpc = urls;

    expect(await readTables(pool)).toEqual(before);
    expect(await readPast(pool, chain.chainId, middle)).toEqual(pastBefore);
    expect(pastBefore['event']?.length).toBeGreaterThan(20);
    expect(await marks()).toEqual(marksBefore);
    expect((await pool.query('select * from change order by position')).rows).toEqual(changesBefore);
  });

  it('keeps the extensions of the database, and what names are found by', async () => {
    const { pool } = index.database;
    await pool.query('alter extension pg_trgm set schema public');
    const kept = async () =>
      (
        await pool.query(
          `select extname as name, extnamespace::regnamespace::text as place from pg_extension
           union all select indexname, schemaname from pg_indexes where tablename = 'document' order by 1`,
        )
      ).rows;
    const before = await kept();
    expect(before).toContainEqual({ name: 'pg_trgm', place: 'public' });
    expect(before).toContainEqual({ name: 'document_name_trigrams', place: 'public' });
    await reindex(options());
    expect(await kept()).toEqual(before);
  });

  it('sets a running indexer aside, which then goes on from there, forks included', async () => {
    await index.start();
    await reindex(options());
    await chain.send('anvil_rollback', [2]);
    const placed = await chain.play(randomHistory('after', { logs: 60, timestamp: 1_900_000_000 }));
    await index.reach(chain.chainId, placed.at(-1) as (typeof placed)[number]);
    const lived = await readTables(index.database.pool);
    const fresh = await startIndex([chain.config]);
    await fresh.reach(chain.chainId, placed.at(-1) as (typeof placed)[number]);
    expect(lived).toEqual(await readTables(fresh.database.pool));
    await fresh.close();
  });
});
