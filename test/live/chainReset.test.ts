import type { ChainConfig } from '../../schema/networkFile';
import { type ApiHarness, openApi } from '../api/harness';
import { events, follow, type Stream } from '../api/stream';
import { createFakeChain, type FakeChain } from '../chain/fakeChain';
import { type FakeNode, startFakeNode } from '../chain/fakeNode';
import { playSome } from '../chain/playSome';
import { type RunningIndex, startIndex } from '../indexer/runningIndex';
import { until } from '../run/until';

/** A contract is added in the network file: the chain is read anew, and what was told of it is told to nobody twice. */
let harness: ApiHarness;
let chains: FakeChain[];
let nodes: FakeNode[];
let index: RunningIndex | undefined;
beforeEach(async () => {
  harness = await openApi({ limits: { progressMs: 200, aheadMs: 100 } });
  chains = [createFakeChain(), createFakeChain({ chainId: 31338 })];
  for (const [i, chain] of chains.entries()) playSome(chain, `before ${i}`, 12);
  nodes = await Promise.all(chains.map(startFakeNode));
});
afterEach(async () => {
  await index?.stop();
  await harness.close();
  for (const node of nodes) await node.close();
});

const configs = (leftOut?: string): ChainConfig[] =>
  chains.map((chain, i) => {
    const config = chain.config((nodes[i] as FakeNode).url);
    if (i > 0) return config;
    return { ...config, contracts: config.contracts.filter(({ contract }) => contract !== leftOut) };
  });

async function indexed(leftOut?: string): Promise<void> {
  await index?.stop();
  index = await startIndex(configs(leftOut), harness.database);
  for (const { chainId, head } of chains) await index.reach(chainId, head);
}

const codeOf = ({ error }: Stream) => (error as { extensions: { code: string } }[] | undefined)?.[0]?.extensions.code;
const changeCursor = async () => {
  const { data } = await harness.ask('{ indexStatus { changeCursor } }');
  return (data as { indexStatus: { changeCursor: string } }).indexStatus.changeCursor;
};
const isLive = (stream: Stream) => until(() => stream.messages.some(({ op }) => op === 'PROGRESS'));

test('streams of before end with CURSOR_EXPIRED, and so do their cursors, whatever other chains told since', async () => {
  await indexed('RewardLedger');
  const between = await changeCursor();
  // The last row of the log is of the chain that stays.
  playSome(chains[1] as FakeChain, 'more', 3);
  await index?.reach(31338, (chains[1] as FakeChain).head);
  const last = await changeCursor();
  const open = follow(harness.socket(), events, { after: last });
  await isLive(open);

  await indexed();
  await until(() => open.ended, { what: `an end of ${open.told().length} told` });
  expect(codeOf(open)).toBe('CURSOR_EXPIRED');
  expect(open.told()).toEqual([]);
  for (const after of [between, last]) {
    const again = follow(harness.socket(), events, { after });
    await until(() => again.ended, { what: 'an end' });
    expect([codeOf(again), again.told()]).toEqual(['CURSOR_EXPIRED', []]);
  }
  const fresh = follow(harness.socket(), events, { after: await changeCursor() });
  await isLive(fresh);
  playSome(chains[0] as FakeChain, 'after', 3);
  await until(() => fresh.told().length > 0);
  expect(fresh.told().every((told) => told.startsWith('APPLY event:31337:'))).toBe(true);
});
