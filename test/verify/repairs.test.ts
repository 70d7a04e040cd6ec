import type { FakeBlock } from '../chain/fakeBlock';
import { createFakeChain } from '../chain/fakeChain';
import { type FakeAnswer, type FakeNode, type FakeRequest, sendJson, startFakeNode } from '../chain/fakeNode';
import { playSome } from '../chain/playSome';
import { type RunningIndex, startIndex } from '../indexer/runningIndex';
import { expectSurvived, watchSnapshots } from '../indexer/survives';
import { randomHistory } from '../oracle/history';
import { until } from '../run/until';

let node: FakeNode;
let index: RunningIndex;
afterEach(async () => {
  await index.close();
  await node.close();
});

it('a repair does not wait for blocks behind it that nobody has', async () => {
  const chain = createFakeChain();
  const { timestamp } = chain.head;
  chain.play(randomHistory('waits', { logs: 600, timestamp, fromBlock: 1 }).slice(0, 18));
  while (chain.head.number < 60) chain.mine([]);
  node = await startFakeNode(chain);
  const victim = chain.blocks.find(({ logs }) => logs.length > 2);
  const isMissing = ({ method, params }: FakeRequest) =>
    method === 'eth_getBlockByNumber' && Number(params[0]) >= 30 && Number(params[0]) < 40;
  node.lie = (requests) =>
    requests.some((one) => isMissing(one) || one.method === 'eth_getLogs')
      ? (all, honest, response) => {
          const answers = all.map((one, i): FakeAnswer => {
            const answer = honest[i] as FakeAnswer;
            if (isMissing(one)) return { ...answer, result: null };
            if (one.method !== 'eth_getLogs') return answer;
            // Left out altogether: the bloom tells.
            const logs = answer.result as { blockHash: string }[];
            return { ...answer, result: logs.filter(({ blockHash }) => blockHash !== victim?.hash) };
          });
          sendJson(response, answers.length === 1 ? answers[0] : answers);
        }
      : undefined;
  const verify = { history: 'bloom' as const, requestsPerSecond: 3 };
  const config = chain.config(node.url, { maxLogsRange: 10, verify });
  index = await startIndex([config]);
  const { pool } = index.database;
  const eventsOf = async (number: number | undefined) =>
    (await pool.query<{ events: number }>('select events from block where number = $1', [number])).rows[0]?.events;
  await until(async () => (await pool.query('select from chain where indexed_number = 29')).rowCount === 1);
  await until(async () => (await eventsOf(victim?.number)) !== undefined, { what: 'the repair' });
  node.lie = () => undefined;
  await index.reach(chain.chainId, chain.head);
  await expectSurvived(index.database, config, node.url);
});

it('a repair of blocks that a fork takes away while it waits is not made', async () => {
  const chain = createFakeChain();
  const shared = 10;
  playSome(chain, 'a', 40);
  while (chain.head.number < 240) chain.mine([]);
  node = await startFakeNode(chain);
  const victim = chain.blocks.find(({ number, logs }) => number >= 20 && logs.length > 0) as FakeBlock;
  let leftOut = 0;
  node.lie = (requests) =>
    requests.some(({ method }) => method === 'eth_getLogs')
      ? (_, honest, response) => {
          for (const answer of honest.filter(({ result }) => Array.isArray(result))) {
            const logs = answer.result as { blockHash: string }[];
            answer.result = logs.filter(({ blockHash }) => blockHash !== victim.hash);
            leftOut += logs.length - (answer.result as unknown[]).length;
          }
          sendJson(response, honest.length === 1 ? honest[0] : honest);
        }
      : undefined;
  const config = (requestsPerSecond: number) =>
    chain.config(node.url, {
      finality: { tag: 'finalized' },
      maxLogsRange: 10,
      verify: { history: 'bloom', requestsPerSecond },
    });
  index = await startIndex([config(0.001)]);
  const { database } = index;
  const { pool } = database;
  await index.reach(chain.chainId, chain.head);
  expect(leftOut).toBeGreaterThan(0);
  await index.stop();
  node.lie = () => undefined;
  // To note what is proven it would wait for the commit that is held below.
  await pool.query('update segment set verified = 1 where from_block < $1', [victim.number - (victim.number % 10)]);

  const a = chain.rewindTo(shared);
  playSome(chain, 'b', 30);
  while (chain.head.number < 250) chain.mine([]);
  const blocker = await pool.connect();
  let found = false;
  try {
    await blocker.query('begin');
    await blocker.query('select from change_position for update');
    index = await startIndex([config(10_000)], database);
    // The last statement of the commit that leaves a.
    await until(async () => {
      const { rows } = await pool.query(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
           and application_name like 'flywheel-indexer-%'`,
      );
      return rows.length === 1;
    });
    node.lie = (requests) => {
      found ||= requests.some(({ method, params }) => method === 'eth_getBlockReceipts' && params[0] === victim.hash);
      return undefined;
    };
    chain.rewindTo(shared);
    chain.restore(a);
    await until(() => found, { what: 'the audit at the lie' });
    const { answered } = node;
    await until(() => node.answered > answered, { what: 'the block before its range' });
    await blocker.query('rollback');
  } finally {
    blocker.release(true);
  }
  const watch = watchSnapshots(pool);
  chain.mine([]);
  await index.reach(chain.chainId, chain.head);
  await watch.end();
  const { rows } = await pool.query('select reorgs from chain');
  expect(rows).toEqual([{ reorgs: 2 }]);
  await expectSurvived(database, config(10_000), node.url);
});
