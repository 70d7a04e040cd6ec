import { createFakeChain } from '../chain/fakeChain';
import { type FakeAnswer, type FakeNode, type FakeRequest, sendJson, startFakeNode } from '../chain/fakeNode';
import { type RunningIndex, startIndex } from '../indexer/runningIndex';
import { expectSurvived } from '../indexer/survives';
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
  await until(async () => (await eventsOf(victim?.number)) !== undefined, { what: 'the repair', limitMs: 60_000 });
  node.lie = () => undefined;
  await index.reach(chain.chainId, chain.head);
  await expectSurvived(index.database, config, node.url);
});
