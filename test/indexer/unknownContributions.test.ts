import { openContext, type Program } from '../../api/context';
import { attributionGraph } from '../../api/queries/graph/attributionGraph';
import { GraphDirection } from '../../api/types/graph';
import { type FakeChain, openFakeChain, word } from '../api/fakeChain';
import type { HistoryLog } from '../oracle/log';
import { blank } from '../oracle/pretend';
import { createDatabase, type TestDatabase } from '../run/database';

const inference = (n: number) => blank('InferenceSettled', { inferenceId: word(n), modelId: 1n });
const influence = (n: number, contributionId: bigint, weightPpm: bigint) =>
  blank('InfluenceRecorded', { inferenceId: word(n), datanetId: 1n, contributionId, weightPpm });
const submission = (contributionId: bigint) => blank('ContributionSubmitted', { contributionId, datanetId: 1n });

/** contribution_unknown, and what an attribution graph leaves out by it. */
describe('contributions that influences name and nobody submitted', () => {
  let database: TestDatabase;
  let chain: FakeChain;

  beforeAll(async () => {
    database = await createDatabase();
    chain = await openFakeChain(database.pool);
  });
  afterAll(() => database.close());

  const unknown = async () => {
    const { rows } = await database.pool.query<{ id: string }>(
      'select contribution_id::text as id from contribution_unknown order by contribution_id',
    );
    return rows.map(({ id }) => id);
  };
  /** Of the inference's edges towards data, none of which is shown. */
  const omitted = async () => {
    const context = openContext({ pool: database.pool } as Program, new AbortController().signal);
    try {
      const graph = await attributionGraph(context, `inference:${chain.chainId}:${word(0x11)}`, {
        direction: GraphDirection.UPSTREAM,
        depth: 1,
        minWeightPpm: 0,
        limit: 0,
      });
      return [await graph?.omittedEdges(), await graph?.omittedWeightPpm()];
    } finally {
      await context.snapshot.close();
    }
  };
  const extend = (...logs: HistoryLog[]) => chain.extend([logs]);

  it('are kept, and are no edges, until they are submitted', async () => {
    await extend(inference(0x11), submission(1n), influence(0x11, 1n, 5n), influence(0x11, 2n, 7n));
    expect(await unknown()).toEqual(['2']);
    expect(await omitted()).toEqual([1, 5n]);
    await extend(influence(0x11, 3n, 9n), influence(0x11, 3n, 11n), submission(2n));
    expect(await unknown()).toEqual(['3']);
    expect(await omitted()).toEqual([2, 12n]);
    await extend(submission(3n));
    expect(await unknown()).toEqual([]);
    expect(await omitted()).toEqual([4, 32n]);
  });

  it('are so again when a reorg takes the submission back', async () => {
    await chain.reorg(1, [[]]);
    expect(await unknown()).toEqual(['3']);
    expect(await omitted()).toEqual([2, 12n]);
    await chain.reorg(2, [[influence(0x11, 4n, 1n)], [submission(2n), submission(4n)]]);
    expect(await unknown()).toEqual([]);
    expect(await omitted()).toEqual([3, 13n]);
  });

  it('are forgotten with the last influence that names them', async () => {
    await chain.reorg(2, [[]]);
    expect(await unknown()).toEqual(['2']);
    await chain.reorg(2, [[inference(0x11), submission(1n)]]);
    expect(await unknown()).toEqual([]);
    expect(await omitted()).toEqual([0, 0n]);
  });

  it('are found by a look at each alone, by a plan that was made when there was none', async () => {
    const client = await database.pool.connect();
    const name = (ids: string) =>
      client.query(
        `insert into contribution_count (chain_id, contribution_id, n, influences) select 7, id, 1, 1 from ${ids} id`,
      );
    // What the connection did before counts, too.
    const looks = async () => {
      const { rows } = await client.query<{ looks: number }>(
        `select idx_tup_fetch::int as looks from pg_stat_xact_user_tables where relname = 'contribution'`,
      );
      return rows[0]!.looks;
    };
    try {
      await client.query('begin');
      await name('generate_series(1, 1)');
      await client.query(`
        insert into contribution (chain_id, contribution_id, pos, item, datanet_id, contributor, content_hash, bond)
        select 7, id, id, 0, 1, '\\x01', '\\x02', 0 from generate_series(1, 400) id`);
      const before = await looks();
      await name('generate_series(2, 401)');
      expect((await looks()) - before).toBe(399);
      expect(
        (await client.query('select contribution_id::int as id from contribution_unknown where chain_id = 7')).rows,
      ).toEqual([{ id: 401 }]);
    } finally {
      await client.query('rollback');
      client.release();
    }
  });
});
