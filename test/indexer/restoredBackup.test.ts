import { openPool } from '../../db/pool';
import { createFakeChain, type FakeChain } from '../chain/fakeChain';
import { type FakeNode, startFakeNode } from '../chain/fakeNode';
import { playSome } from '../chain/playSome';
import { asAdmin, dropDatabase, type TestDatabase } from '../run/database';
import { type RunningIndex, startIndex } from './runningIndex';
import { expectSurvived, type Watch } from './survives';
import { readTables } from './tables';
import { watchIndex } from './watchAnswers';

/** A database that is put back to what it was long ago, with all that it says of leaders, jobs and the chain. */
let chain: FakeChain;
let node: FakeNode;
let index: RunningIndex;
let restored: TestDatabase;
let watch: Watch;

beforeEach(async () => {
  chain = createFakeChain();
  node = await startFakeNode(chain);
});
afterEach(async () => {
  await watch.end().finally(() => index.close());
  await node.close();
});

const config = () => chain.config(node.url, { maxLogsRange: 100 });

async function copyOf(database: TestDatabase): Promise<TestDatabase> {
  const name = (url: string) => new URL(url).pathname.slice(1);
  const copy = `${name(database.url)}_backup`;
  await asAdmin(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name(database.url)}'`);
  await asAdmin(`create database ${copy} template ${name(database.url)} strategy file_copy`);
  const url = new URL(`/${copy}`, database.url).href;
  const pool = openPool(url, { applicationName: 'test' });
  return {
    url,
    pool,
    async close() {
      await pool.end();
      await dropDatabase(copy);
    },
  };
}

it('goes on from there: over a fork that took its newest blocks, and a thousand blocks that it has never seen', async () => {
  playSome(chain, 'before', 40);
  index = await startIndex([config()]);
  await index.reach(chain.chainId, chain.head);
  await index.stop();
  restored = await copyOf(index.database);

  // What the other one lives through meanwhile, it will never know.
  chain.rewindTo(chain.head.number - 3);
  playSome(chain, 'fork', 30);
  await index.start();
  await index.reach(chain.chainId, chain.head);
  for (let i = 0; i < 1_000; i++) chain.mine([]);
  playSome(chain, 'long after', 20);
  await index.reach(chain.chainId, chain.head);
  const tables = await readTables(index.database.pool);
  await index.close();

  watch = await watchIndex(restored);
  index = await startIndex([config()], restored);
  await index.reach(chain.chainId, chain.head);
  expect(await readTables(restored.pool)).toEqual(tables);
  const { rows } = await restored.pool.query('select reorgs, deepest_reorg as deepest, error from chain');
  expect(rows).toEqual([{ reorgs: 1, deepest: 3, error: null }]);
  await expectSurvived(restored, config(), node.url);
});
