import type { ChainConfig } from '../../schema/networkFile';
import { createFakeChain, type FakeChain } from '../chain/fakeChain';
import { type FakeAnswer, type FakeNode, sendJson, startFakeNode } from '../chain/fakeNode';
import { playSome } from '../chain/playSome';
import { until } from '../run/until';
import { type RunningIndex, startIndex } from './runningIndex';
import { expectSurvived, type Watch } from './survives';
import { watchIndex } from './watchAnswers';

/** Where a fork begins, told by what a node has and what it doesn't. */
let chain: FakeChain;
let node: FakeNode;
let index: RunningIndex;
let watch: Watch;

beforeEach(async () => {
  chain = createFakeChain();
  playSome(chain, 'before', 40);
  node = await startFakeNode(chain);
});
afterEach(async () => {
  await watch.end();
  await index.close();
  await node.close();
});

const reachHead = () => index.reach(chain.chainId, chain.head);

async function start(config: ChainConfig): Promise<void> {
  index = await startIndex([config]);
  watch = await watchIndex(index.database);
}

/** Every reason for standing still from now on. */
function reasons(): { said: Set<string>; look(): Promise<void> } {
  const said = new Set<string>();
  return {
    said,
    async look() {
      const { rows } = await index.database.pool.query<{ error: string | null }>('select error from chain');
      if (rows[0]?.error) said.add(rows[0].error);
    },
  };
}

it.each([
  ['the first indexed block, before anything of ours is final', 40, {}],
  ['all that is indexed, of a node that knows nothing final', 35, { finality: { tag: 'finalized' as const } }],
])('a fork takes %s', async (_, startBlock, further) => {
  const config = chain.config(node.url, { startBlock, ...further });
  await start(config);
  await reachHead();
  chain.rewindTo(startBlock - 1);
  playSome(chain, 'after', 9);
  await reachHead();
  await expectSurvived(index.database, config, node.url);
});

it('a fork deeper than what is audited, of a node that knows nothing final, is followed', async () => {
  const verify = { history: 'bloom' as const, requestsPerSecond: 10_000 };
  const config = chain.config(node.url, { finality: { tag: 'finalized' }, verify });
  while (chain.head.number < 240) chain.mine([]);
  await start(config);
  await reachHead();
  await index.stop();
  chain.rewindTo(30);
  playSome(chain, 'after', 30);
  while (chain.head.number < 250) chain.mine([]);
  await index.start();
  await reachHead();
  await expectSurvived(index.database, config, node.url);
});

it('headers that a node lacks are no fork below finality', async () => {
  const config = chain.config(node.url, { finality: { depth: 4 } });
  await start(config);
  await reachHead();
  const known = chain.head.number - 7;
  let without = 0;
  // Behind one address: who says the head has seen a fork, who says headers lags.
  node.lie = (requests) => {
    if (!requests.some(({ params }) => Number(params[0]) > known)) return undefined;
    without++;
    return (all, honest, response) => {
      const answers = all.map(({ params }, i) => {
        const answer = honest[i] as FakeAnswer;
        return Number(params[0]) > known ? { ...answer, result: null } : answer;
      });
      sendJson(response, answers.length === 1 ? answers[0] : answers);
    };
  };
  const { said, look } = reasons();
  chain.rewindTo(chain.head.number - 1);
  playSome(chain, 'other', 1);
  await until(async () => {
    await look();
    return without > 6 && said.size > 0;
  });
  node.lie = () => undefined;
  await reachHead();
  expect([...said].filter((reason) => reason.includes('below finality'))).toEqual([]);
  await expectSurvived(index.database, config, node.url);
});

it('an endpoint that says an orphan is its head, and has our block there, is asked again when a head may be new', async () => {
  const config = chain.config(node.url, { pollMs: 3_600_000 });
  const [ours] = chain.rewindTo(chain.head.number - 1);
  const orphan = chain.mine([], chain.head.timestamp + 9);
  chain.rewindTo(chain.head.number - 1);
  chain.restore([ours as FakeChain['head']]);
  await start(config);
  await reachHead();
  await index.stop();
  node.latest = () => chain.byHash(orphan.hash) as FakeChain['head'];
  await index.start();
  // It has looked, and rests: a loop without a pause would go on asking.
  const { pool } = index.database;
  await until(async () => node.answered > 4);
  let before = -1;
  await until(
    async () => {
      const same = node.answered === before;
      before = node.answered;
      await pool.query('select pg_sleep(0.3)');
      return same;
    },
    { what: 'rest' },
  );
});
