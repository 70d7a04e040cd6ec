import type { BlockRange } from '../../indexer/store/blockRange';
import { registerChain } from '../../indexer/store/checkpoint';
import { readColumnTypes } from '../../indexer/store/columnTypes';
import { LogPack } from '../../indexer/store/logPack';
import { writeSegment } from '../../indexer/store/segments';
import { StoredHistory, type StoredRun } from '../../indexer/store/storedHistory';
import { ContractSet } from '../../schema/contractSet';
import { type ChainConfig, parseNetworkFile } from '../../schema/networkFile';
import { profiles } from '../../schema/profiles';
import { createDatabase, type TestDatabase } from '../run/database';
import { until } from '../run/until';

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

describe('stored history', () => {
  let database: TestDatabase;
  let history: StoredHistory;

  beforeEach(async () => {
    database = await createDatabase();
    const { pool } = database;
    await registerChain(pool, chain);
    const client = await pool.connect();
    const columnTypes = await readColumnTypes(client);
    client.release();
    const contracts = new ContractSet(chain.contracts, profiles);
    history = new StoredHistory(pool, { chainId: 7, contracts, eventTypeIds: new Map(), columnTypes });
  });
  afterEach(async () => {
    history.forget();
    await database.close();
  });

  const hash = (number: number, fork = 0) => `0x${(number * 16 + fork).toString(16).padStart(64, '0')}`;
  async function store(fromBlock: number, toBlock: number, parent = hash(fromBlock - 1)): Promise<void> {
    const last = { number: toBlock, hash: hash(toBlock), parentHash: hash(toBlock - 1), timestamp: toBlock };
    const range: BlockRange = {
      fromBlock,
      toBlock,
      parentHash: parent,
      last,
      headers: [last],
      logs: LogPack.empty,
      verified: 'none',
    };
    const client = await database.pool.connect();
    await writeSegment(client, 7, range);
    client.release();
  }
  const blocksOf = (run: StoredRun | undefined) => run?.ranges.map(({ fromBlock, toBlock }) => [fromBlock, toBlock]);

  it('gives its first range at once, and then what adjoins together', async () => {
    await store(1, 10);
    await store(11, 20);
    await store(21, 30);
    expect(blocksOf(await history.take(1, 100))).toEqual([[1, 10]]);
    expect(blocksOf(await history.take(11, 100))).toEqual([
      [11, 20],
      [21, 30],
    ]);
  });

  it('is read ahead as it is stored, until it is asked for', async () => {
    await store(1, 10);
    await history.take(1, 100);
    const asked = jest.spyOn(database.pool, 'query');
    history.readAhead(11, 100);
    await store(11, 20);
    await store(21, 30);
    const askedFor = (block: number) => asked.mock.calls.some((call: unknown[]) => (call[1] as unknown[])[1] === block);
    await until(() => askedFor(31), { what: 'a look for what follows' });
    expect(blocksOf(await history.take(11, 100))).toEqual([
      [11, 20],
      [21, 30],
    ]);
  });

  it('is not waited for where nothing more is stored, or may be taken', async () => {
    await store(1, 10);
    await history.take(1, 100);
    history.readAhead(11, 100);
    expect(await history.take(11, 100)).toBeUndefined();
    history.readAhead(11, 10);
    expect(await history.take(11, 10)).toBeUndefined();
  });

  it('ends before what does not follow', async () => {
    await store(1, 10);
    await history.take(1, 100);
    await store(11, 20);
    await store(21, 30, hash(20, 1));
    history.readAhead(11, 100);
    expect(blocksOf(await history.take(11, 100))).toEqual([[11, 20]]);
  });
});
