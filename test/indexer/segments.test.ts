import type { BlockRange, Header } from '../../indexer/store/blockRange';
import { registerChain } from '../../indexer/store/checkpoint';
import { LogPack } from '../../indexer/store/logPack';
import { resetChain } from '../../indexer/store/resetChain';
import { readSegment, writeFetchedSegment, writeSegment } from '../../indexer/store/segments';
import { type ChainConfig, parseNetworkFile } from '../../schema/networkFile';
import { profiles } from '../../schema/profiles';
import { createDatabase, type TestDatabase } from '../run/database';
import { until } from '../run/until';

let database: TestDatabase;
const { chains } = parseNetworkFile(
  {
    chains: [
      {
        chainId: 7,
        rpc: ['http://127.0.0.1:2'],
        contracts: [{ profile: 'openledger-public', contract: 'OpenToken', address: `0x${'11'.repeat(20)}` }],
      },
    ],
  },
  {},
  profiles,
);
const chain = chains[0] as ChainConfig;
const others = chain.contracts.map((contract) => ({ ...contract, address: `0x${'22'.repeat(20)}` }));

beforeEach(async () => {
  database = await createDatabase();
  await registerChain(database.pool, chain);
});
afterEach(() => database.close());

function range(fromBlock: number, toBlock: number): BlockRange {
  const hash = (number: number) => `0x${number.toString(16).padStart(64, '0')}`;
  const last: Header = { number: toBlock, hash: hash(toBlock), parentHash: hash(toBlock - 1), timestamp: toBlock };
  return {
    fromBlock,
    toBlock,
    parentHash: hash(fromBlock - 1),
    last,
    headers: [last],
    logs: LogPack.empty,
    verified: 'none',
  };
}

it('a range that was fetched twice keeps the end that may be applied already', async () => {
  const client = await database.pool.connect();
  await writeFetchedSegment(client, 7, chain.contracts, range(10, 19));
  expect(await writeFetchedSegment(client, 7, chain.contracts, range(10, 24))).toBe(true);
  expect((await readSegment(client, 7, 10))?.toBlock).toBe(19);
  await writeSegment(client, 7, range(10, 12));
  expect((await readSegment(client, 7, 10))?.toBlock).toBe(12);
  client.release();
});

it('logs of other contracts than the chain is indexed for are refused', async () => {
  const client = await database.pool.connect();
  expect(await writeFetchedSegment(client, 7, others, range(10, 19))).toBe(false);
  expect(await readSegment(client, 7, 10)).toBeUndefined();
  client.release();
});

it('logs that arrive while the contracts change go with those of before', async () => {
  const worker = await database.pool.connect();
  const leader = await database.pool.connect();
  await worker.query('begin');
  await writeFetchedSegment(worker, 7, chain.contracts, range(10, 19));
  const reset = resetChain(leader, 7, others, 0);
  const waits = async () =>
    (
      await database.pool.query(
        "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
      )
    ).rowCount === 1;
  await until(waits);
  await worker.query('commit');
  await reset;
  expect(await readSegment(leader, 7, 10)).toBeUndefined();
  worker.release();
  leader.release();
});
