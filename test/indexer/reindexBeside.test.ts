import type { Pool } from 'pg';
import pino from 'pino';
import { openSnapshot } from '../../api/snapshot/snapshot';
import { openPool } from '../../db/pool';
import { fetchRange } from '../../indexer/ranges/fetchRange';
import { reindex } from '../../indexer/reindex';
import { ChainSource } from '../../indexer/rpc/chainSource';
import { writeFetchedSegment } from '../../indexer/store/segments';
import { ContractSet } from '../../schema/contractSet';
import type { ChainConfig } from '../../schema/networkFile';
import { profiles } from '../../schema/profiles';
import { createFakeChain, type FakeChain } from '../chain/fakeChain';
import { type FakeNode, startFakeNode } from '../chain/fakeNode';
import { randomHistory } from '../oracle/history';
import { until } from '../run/until';
import { type RunningIndex, startIndex } from './runningIndex';
import { disagreements } from './survives';
import { readTables } from './tables';

/** A re-index while workers, the indexer and readers are at work. */
describe('reindex beside others', () => {
  let chain: FakeChain;
  let node: FakeNode;
  let config: ChainConfig;
  let index: RunningIndex;
  let pool: Pool;

  beforeEach(async () => {
    chain = createFakeChain();
    play(30);
    node = await startFakeNode(chain);
    config = chain.config(node.url, { maxLogsRange: 10 });
    index = await startIndex([config]);
    pool = index.database.pool;
    await index.reach(chain.chainId, chain.head);
  });

  afterEach(async () => {
    await index?.close();
    await node.close();
  });

  const play = (blocks: number) => {
    const { number, timestamp } = chain.head;
    const history = randomHistory(`from ${number}`, { logs: 30 * blocks, timestamp, fromBlock: number + 1 });
    chain.play(history.slice(0, blocks));
  };
  const reindexed = (from = pool) =>
    reindex({ pool: from, databaseUrl: index.database.url, log: pino({ level: 'silent' }) });
  /** What is said of the chain, the rows of its blocks, and what subscribers were told. */
  const expectAsBefore = async (work: () => Promise<void>) => {
    const state = async () => ({
      tables: await readTables(pool),
      chain: (
        await pool.query("select to_jsonb(c) - '{epoch,seen_at,events_per_second}'::text[] as chain from chain c")
      ).rows,
      headers: (await pool.query('select * from header order by number')).rows,
      changes: (await pool.query('select * from change order by position')).rows,
    });
    const before = await state();
    await work();
    expect(await state()).toEqual(before);
  };

  it('makes anew what is indexed, and nothing of what workers have fetched ahead', async () => {
    const fromBlock = chain.head.number + 1;
    await index.stop();
    play(20);
    const source = new ChainSource(config);
    const client = await pool.connect();
    for (let next = fromBlock; next < fromBlock + 10; ) {
      const piece = await fetchRange(source, new ContractSet(config.contracts, profiles).addresses, next, next + 9);
      await writeFetchedSegment(client, chain.chainId, config.contracts, piece);
      next = piece.toBlock + 1;
    }
    client.release();
    await source.close();
    await expectAsBefore(() => reindexed());
    expect(await disagreements(pool)).toEqual([]);
  });

  it.each([
    [
      'one does not follow the one before',
      'update segment set parent_hash = $1 where from_block = (select max(from_block) from segment)',
    ],
    ['they end with another block than is indexed', 'update chain set indexed_hash = $1'],
  ])('changes nothing where the segments are not one chain: %s', async (_, breakIt) => {
    await index.stop();
    expect((await pool.query(breakIt, [Buffer.alloc(32)])).rowCount).toBe(1);
    await expectAsBefore(() =>
      expect(reindexed()).rejects.toMatchObject({ code: 'STOP', message: expect.stringContaining('0x0000') }),
    );
  });

  it('keeps a block that is committed while it begins, and the indexer goes on', async () => {
    const step = async () => {
      play(1);
      await index.reach(chain.chainId, chain.head);
    };
    await reindexed(thatDoes(pool, step));
    await step();
    expect(await disagreements(pool)).toEqual([]);
  });

  it('asks to be run again when a chain is first indexed meanwhile', async () => {
    const other = createFakeChain({ chainId: 5 });
    for (let i = 0; i < 30; i++) other.mine([]);
    const otherNode = await startFakeNode(other);
    let added: RunningIndex | undefined;
    const goesOn = async () => {
      other.mine([]);
      await added?.reach(other.chainId, other.head);
    };
    try {
      const adds = thatDoes(pool, async () => {
        added = await startIndex([other.config(otherNode.url)], index.database);
        await goesOn();
      });
      await expect(reindexed(adds)).rejects.toMatchObject({
        code: 'RETRY',
        message: expect.stringContaining('chain 5'),
      });
      await goesOn();
      await reindexed();
      await goesOn();
      expect(await disagreements(pool)).toEqual([]);
    } finally {
      await added?.stop();
      await otherNode.close();
    }
  });

  describe('and readers', () => {
    beforeEach(() => index.stop());

    const waitsForReader = () => {
      const waits = `select from pg_stat_activity
        where datname = current_database() and application_name = 'flywheel-reindex' and wait_event_type = 'Lock'`;
      return until(async () => (await pool.query(waits)).rowCount === 1, { what: 'the new rows wait for the reader' });
    };

    it('lets one who is between two tables finish', async () => {
      const reader = await pool.connect();
      try {
        await reader.query('begin isolation level repeatable read read only');
        await reader.query('select count(*) from event');
        const made = reindexed().then(() => 'made');
        await waitsForReader();
        const read = reader.query('select count(*) from change').then(() => 'read');
        expect(await Promise.race([read, made])).toBe('read');
        await reader.query('commit');
        expect(await made).toBe('made');
      } finally {
        reader.release(true);
      }
    });

    it('is in no table that a request of the API, once begun, may want', async () => {
      // Whoever waits looks for a deadlock almost at once, and would be the one to give way.
      const api = openPool(index.database.url, { settings: { deadlock_timeout: '10ms' } });
      const snapshot = openSnapshot(api);
      try {
        await snapshot.query('select count(*) from event');
        const made = reindexed();
        await waitsForReader();
        await snapshot.query('select count(*) from change');
        await snapshot.close();
        await made;
      } finally {
        await snapshot.close();
        await api.end();
      }
    });
  });
});

/** A pool that does some work after its first query. */
function thatDoes(pool: Pool, work: () => Promise<void>): Pool {
  let done = false;
  const query = async (...args: [string]) => {
    const found = await pool.query(...args);
    if (!done) {
      done = true;
      await work();
    }
    return found;
  };
  return { query } as unknown as Pool;
}
