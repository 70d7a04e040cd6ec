import type { ChainConfig } from '../../schema/networkFile';
import { createFakeChain, type FakeChain } from '../chain/fakeChain';
import { type FakeNode, startFakeNode } from '../chain/fakeNode';
import { playSome } from '../chain/playSome';
import { createDatabase, type TestDatabase } from '../run/database';
import { until } from '../run/until';
import { type RunningIndex, startIndex } from './runningIndex';
import { expectAllSurvived, expectSurvived, type Watch } from './survives';
import { watchIndex } from './watchAnswers';

/** What a person changes in the network file between two starts, and what must not change with it. */
let database: TestDatabase;
let watch: Watch;
let chains: FakeChain[];
let nodes: FakeNode[];
let index: RunningIndex;

beforeEach(async () => {
  chains = [createFakeChain(), createFakeChain({ chainId: 31338 })];
  for (const [i, chain] of chains.entries()) playSome(chain, `before ${i}`, 30);
  nodes = await Promise.all(chains.map(startFakeNode));
  database = await createDatabase();
  watch = await watchIndex(database);
});
afterEach(async () => {
  await watch.end().finally(() => index.stop());
  await database.close();
  for (const node of nodes) await node.close();
});

const chainAt = (i: number) => chains[i] as FakeChain;
const nodeAt = (i: number) => nodes[i] as FakeNode;
const configOf = (i: number, further: Partial<ChainConfig> = {}) =>
  chainAt(i).config(nodeAt(i).url, { maxLogsRange: 10, ...further });

async function start(...configs: ChainConfig[]): Promise<void> {
  index = await startIndex(configs, database);
}

async function reachHead(i = 0): Promise<void> {
  await index.reach(chainAt(i).chainId, chainAt(i).head);
}

async function value<T>(sql: string): Promise<T | undefined> {
  return (await database.pool.query<{ value: T }>(sql)).rows[0]?.value;
}

it('a chain that is added is indexed beside the others; one that is taken out stays, and goes on when it is back', async () => {
  await start(configOf(0));
  await reachHead(0);
  await index.stop();
  await start(configOf(0), configOf(1));
  await reachHead(1);
  await index.stop();
  const left = { ...chainAt(0).head };
  for (const [i, chain] of chains.entries()) {
    chain.rewindTo(chain.head.number - 4);
    playSome(chain, `meanwhile ${i}`, 25);
  }
  await start(configOf(1));
  await reachHead(1);
  expect(await value(`select '0x' || encode(indexed_hash, 'hex') as value from chain where chain_id = 31337`)).toBe(
    left.hash,
  );
  await index.stop();
  await start(configOf(1), configOf(0));
  for (const i of [0, 1]) await reachHead(i);
  await expectAllSurvived(database, [configOf(0), configOf(1)]);
});

it('the same contracts in another order are the same: nothing is indexed anew, and history goes on', async () => {
  const { contracts } = configOf(0);
  await start(configOf(0));
  await reachHead();
  await index.stop();
  const first = await value<bigint>('select min(position) as value from change');
  playSome(chainAt(0), 'more', 30);
  await start(configOf(0, { contracts: contracts.toReversed() }));
  await reachHead();
  expect(await value('select min(position) as value from change')).toBe(first);
  await expectSurvived(database, configOf(0), nodeAt(0).url);
});

it('a first block that the chain does not have yet is waited for', async () => {
  const startBlock = chainAt(0).head.number + 6;
  await start(configOf(0, { startBlock }));
  await until(async () => (await value('select head_number::int as value from chain')) === chainAt(0).head.number);
  expect(await value('select error as value from chain')).toBeNull();
  playSome(chainAt(0), 'up to it', 12);
  await reachHead();
  await expectSurvived(database, configOf(0, { startBlock }), nodeAt(0).url);
});

it('of two releases with other contracts that run side by side the later one stays, whoever leads in between', async () => {
  const { contracts } = configOf(0);
  const fewer = configOf(0, { contracts: contracts.slice(1) });
  await start(configOf(0));
  await reachHead();
  const later = await startIndex([fewer], database);
  const count = async () => value<number>('select jsonb_array_length(contracts) as value from chain');
  const isAtHead = async () =>
    (await value("select '0x' || encode(indexed_hash, 'hex') as value from chain")) === chainAt(0).head.hash;
  try {
    // Whoever takes the lead first when it is lost.
    for (let round = 0; (await count()) !== fewer.contracts.length; round++) {
      await database.pool.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'flywheel-indexer-31337'",
      );
      playSome(chainAt(0), `round ${round}`, 1);
      await until(async () => (await count()) === fewer.contracts.length || (await isAtHead()));
    }
    await later.reach(chainAt(0).chainId, chainAt(0).head);
    const first = await value<bigint>('select min(position) as value from change');

    await later.stop();
    const error = async () => (await value<string | null>('select error as value from chain')) ?? '';
    await until(async () => (await error()).includes('another network file'));
    playSome(chainAt(0), 'after', 10);
    await later.start();
    await later.reach(chainAt(0).chainId, chainAt(0).head);
    const positions = await value('select min(position) as value from change');
    expect([await count(), positions]).toEqual([fewer.contracts.length, first]);
    expect(await value('select error as value from chain')).toBeNull();
    await index.stop();
    await expectSurvived(database, fewer, nodeAt(0).url);
  } finally {
    await later.stop();
  }
});
