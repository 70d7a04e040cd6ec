import pino from 'pino';
import { reindex } from '../../indexer/reindex';
import { outdatedRows } from '../../indexer/store/outdatedRows';
import { ContractSet } from '../../schema/contractSet';
import type { ChainConfig } from '../../schema/networkFile';
import { profiles } from '../../schema/profiles';
import { examineChains } from '../../start/doctorChains';
import { createFakeChain, type FakeChain } from '../chain/fakeChain';
import { type FakeNode, startFakeNode } from '../chain/fakeNode';
import { playSome } from '../chain/playSome';
import { until } from '../run/until';
import { type RunningIndex, startIndex } from './runningIndex';
import { expectSurvived } from './survives';

/** A release whose profiles say other things than those of the release that indexed the chain. */
let chain: FakeChain;
let node: FakeNode;
let config: ChainConfig;
let index: RunningIndex;
beforeEach(async () => {
  chain = createFakeChain();
  playSome(chain, 'decoded', 30);
  node = await startFakeNode(chain);
  config = chain.config(node.url, { maxLogsRange: 10 });
});
afterEach(async () => {
  jest.restoreAllMocks();
  await index.close();
  await node.close();
});

type Signatures = Record<string, readonly string[]>;
const reference = profiles['openledger-reference']?.contracts as Signatures;

/** Indexes the chain with profiles whose DatanetRegistry has these events. */
async function indexWith(events: readonly string[]): Promise<void> {
  const earlier = jest.replaceProperty(reference, 'DatanetRegistry', events);
  index = await startIndex([config]);
  await index.reach(chain.chainId, chain.head);
  expect(await warnings()).toEqual([]);
  expect(await examined()).toEqual(FINE);
  await index.stop();
  earlier.restore();
}

/** Those of decoding. */
async function warnings(): Promise<string[]> {
  const { rows } = await index.database.pool.query<{ warnings: string[] }>('select warnings from chain');
  return (rows[0]?.warnings ?? []).filter((warning) => warning.includes('another release'));
}

/** What the doctor says of it. */
async function examined(): Promise<string[]> {
  const found: string[] = [];
  await examineChains(index.database.pool, [config], (state, about, detail) => {
    found.push(`${state} ${about}: ${detail}`);
  });
  return found;
}
const FINE = ['ok fake-31337 (31337): what is indexed was decoded as this release does it'];

async function expectReindexHelps(): Promise<void> {
  await reindex({ pool: index.database.pool, databaseUrl: index.database.url, log: pino({ level: 'silent' }) });
  await until(async () => (await warnings()).length === 0);
  expect(await examined()).toEqual(FINE);
  playSome(chain, 'and on', 5);
  await index.reach(chain.chainId, chain.head);
  await expectSurvived(index.database, config, node.url);
}

it('logs that are events by now are said, until a reindex from what is stored has made them events', async () => {
  const events = reference['DatanetRegistry'] as string[];
  await indexWith(events.filter((event) => !event.includes('event DatanetCreated')));
  const { rows } = await index.database.pool.query<{ logs: number }>(
    `select count(*)::int as logs from undecoded_log where reason like 'no event of this address has topic0%'`,
  );
  await index.start();
  await until(async () => (await warnings()).length > 0);
  const [warning] = await warnings();
  expect(await examined()).toEqual([`warning fake-31337 (31337): ${warning}`]);
  expect(warning).toMatch(/kept as undecoded are events that this release knows; npm run reindex makes every row anew/);
  expect(Number(/(\d+) logs?/.exec(warning as string)?.[1])).toBeGreaterThan(0);
  expect(Number(/(\d+) logs?/.exec(warning as string)?.[1])).toBeLessThanOrEqual(rows[0]?.logs as number);
  await expectReindexHelps();
});

it('events that are stored by signatures of before are said, by name', async () => {
  const events = reference['DatanetRegistry'] as string[];
  await indexWith(events.map((event) => event.replace('address indexed from,', 'address indexed before,')));
  await index.start();
  await until(async () => (await warnings()).length > 0);
  expect(await warnings()).toEqual([
    expect.stringMatching(
      /some events are stored by signatures that it has no more \(DatanetRegistry\.DatanetOwnershipTransferred\); npm run/,
    ),
  ]);
  await expectReindexHelps();
});

it('logs that no release could decode are nothing to do anything about', async () => {
  index = await startIndex([config]);
  await index.reach(chain.chainId, chain.head);
  const { pool } = index.database;
  const known = new ContractSet(config.contracts, profiles);
  const topic0s = known.eventTypes.map(({ decoder }) => Buffer.from(decoder.topic0.slice(2), 'hex'));
  const { rows } = await pool.query<{ logs: number }>(
    'select count(*)::int as logs from undecoded_log where topics[1] = any($1)',
    [topic0s],
  );
  expect(rows[0]?.logs).toBeGreaterThan(0);
  expect(await outdatedRows(pool, chain.chainId, known)).toBeUndefined();
});
