import { fetchRange } from '../../indexer/ranges/fetchRange';
import { ChainSource } from '../../indexer/rpc/chainSource';
import { writeFetchedSegment } from '../../indexer/store/segments';
import { ContractSet } from '../../schema/contractSet';
import type { ChainConfig } from '../../schema/networkFile';
import { profiles } from '../../schema/profiles';
import { createFakeChain, type FakeChain } from '../chain/fakeChain';
import { type FakeNode, startFakeNode } from '../chain/fakeNode';
import { randomHistory } from '../oracle/history';
import { type RunningIndex, startIndex } from './runningIndex';
import { expectSurvived, type Watch, watchSnapshots } from './survives';

/** Ranges that are stored and not applied yet, while their blocks can still be removed. */
let chain: FakeChain;
let node: FakeNode;
let index: RunningIndex;
let watch: Watch | undefined;

const FINAL = 8;
const config = (further: Partial<ChainConfig> = {}) =>
  chain.config(node.url, { finality: { depth: FINAL }, maxLogsRange: 10, ...further });
const reachHead = () => index.reach(chain.chainId, chain.head);

beforeEach(async () => {
  chain = createFakeChain();
  play('before', 60);
  node = await startFakeNode(chain);
});
afterEach(async () => {
  await watch?.end().catch(() => undefined);
  watch = undefined;
  await index.close();
  await node.close();
});

function play(seed: string, blocks: number): void {
  const history = randomHistory(seed, {
    logs: 30 * blocks,
    timestamp: chain.head.timestamp,
    fromBlock: chain.head.number + 1,
  });
  chain.play(history.slice(0, blocks));
}

/** A range as a worker leaves it whose node, wrongly, called it final. */
async function storeAhead(fromBlock: number, toBlock: number): Promise<void> {
  const { contracts } = config();
  const source = new ChainSource(config());
  const client = await index.database.pool.connect();
  try {
    for (let next = fromBlock; next <= toBlock; ) {
      const piece = await fetchRange(source, new ContractSet(contracts, profiles).addresses, next, toBlock);
      expect(await writeFetchedSegment(client, chain.chainId, contracts, piece)).toBe(true);
      next = piece.toBlock + 1;
    }
  } finally {
    client.release();
    await source.close();
  }
}

it('a range of a fork that was left since is not applied as final', async () => {
  index = await startIndex([config()]);
  await reachHead();
  const top = chain.head.number;
  await index.stop();
  play('left', 6);
  await storeAhead(top + 1, top + 6);
  chain.rewindTo(top + 2);
  play('stays', 30);
  await index.start();
  watch = watchSnapshots(index.database.pool);
  await reachHead();
  await watch.end();
  await expectSurvived(index.database, config(), node.url);
});

it('a range that reaches above what is final is not applied as final, and a fork inside it is followed', async () => {
  index = await startIndex([config()]);
  await reachHead();
  const top = chain.head.number;
  await index.stop();
  play('final', 2);
  for (let i = 0; i <= FINAL; i++) chain.mine([]);
  await storeAhead(top + 1, chain.head.number);
  await index.start();
  watch = watchSnapshots(index.database.pool);
  await reachHead();
  chain.rewindTo(chain.head.number - 4);
  play('another half', 6);
  await reachHead();
  await watch.end();
  const { rows } = await index.database.pool.query('select finalized_number::int as finalized from chain');
  expect(rows[0]).toEqual({ finalized: chain.head.number - FINAL });
  await expectSurvived(index.database, config(), node.url);
});
