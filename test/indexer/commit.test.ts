import type { BlockRange, Header } from '../../indexer/store/blockRange';
import { readCheckpoint, registerChain } from '../../indexer/store/checkpoint';
import { type Commit, commitRanges } from '../../indexer/store/commit';
import { type Leadership, tryToLead } from '../../indexer/store/leadership';
import { LogPack } from '../../indexer/store/logPack';
import { ContractSet } from '../../schema/contractSet';
import type { ChainConfig } from '../../schema/networkFile';
import { createDatabase, type TestDatabase } from '../run/database';

const chainId = 7;
const chain: ChainConfig = {
  chainId,
  name: 'seven',
  rpc: [],
  startBlock: 0,
  finality: { depth: 2 },
  pollMs: 1_000,
  nativeToken: { symbol: 'SVN', decimals: 18 },
  contracts: [],
  quorumDepth: 12,
  verify: { history: 'off', requestsPerSecond: 1 },
};
/** A hash that reads at sight: fork a, height 4 is 0xa04…. */
const hashOf = (fork: string, number: number) => `0x${fork}${String(number).padStart(2, '0')}${'0'.repeat(61)}`;
const header = (fork: string, number: number): Header => ({
  number,
  hash: hashOf(fork, number),
  parentHash: hashOf(fork, number - 1),
  timestamp: 1_000 + number,
});
const blocks = (fork: string, fromBlock: number, toBlock: number): BlockRange => ({
  fromBlock,
  toBlock,
  parentHash: hashOf(fork, fromBlock - 1),
  last: header(fork, toBlock),
  headers: Array.from({ length: toBlock - fromBlock + 1 }, (_, i) => header(fork, fromBlock + i)),
  logs: LogPack.empty,
  verified: 'receipts',
});

describe('a commit', () => {
  let database: TestDatabase;
  let leadership: Leadership;
  beforeEach(async () => {
    database = await createDatabase();
    await registerChain(database.pool, chain);
    leadership = (await tryToLead(database.url, chainId)) as Leadership;
  });
  afterEach(async () => {
    await leadership.close();
    await database.close();
  });

  const commit = (parts: Pick<Commit, 'ranges' | 'tip'> & Partial<Commit>) =>
    commitRanges(leadership.client, {
      chainId,
      contracts: new ContractSet([], {}),
      eventTypeIds: new Map(),
      epoch: leadership.epoch,
      eventsPerSecond: 0,
      storeSegments: true,
      ...parts,
    });
  const marks = async () => {
    const { indexed, safe, finalized } = await readCheckpoint(leadership.client, chainId);
    return [indexed?.hash, safe?.hash, finalized?.hash];
  };

  it("takes the node's marks as far as it is indexed", async () => {
    const tip = { head: header('a', 9), safe: header('a', 6), finalized: header('a', 3) };
    await commit({ ranges: [blocks('a', 0, 4)], tip });
    expect(await marks()).toEqual([hashOf('a', 4), hashOf('a', 4), hashOf('a', 3)]);
  });

  it('takes no mark of another fork, of blocks that came now or before', async () => {
    const tip = { head: header('a', 5), finalized: header('a', 1) };
    await commit({ ranges: [blocks('a', 0, 5)], tip });
    await commit({
      ranges: [blocks('a', 6, 8)],
      tip: { head: header('b', 8), safe: header('b', 7), finalized: header('b', 4) },
    });
    expect(await marks()).toEqual([hashOf('a', 8), undefined, hashOf('a', 1)]);
  });

  it('of a leader whose epoch is over writes nothing', async () => {
    await database.pool.query('update chain set epoch = epoch + 1');
    const late = commit({ ranges: [blocks('a', 0, 4)], tip: { head: header('a', 4) } });
    await expect(late).rejects.toThrow('another indexer leads chain 7 now');
    const { rows } = await database.pool.query(
      'select from header union all select from segment union all select from change',
    );
    expect(rows).toEqual([]);
    expect(await marks()).toEqual([undefined, undefined, undefined]);
  });

  it('never rewinds a finalized block', async () => {
    await commit({ ranges: [blocks('a', 0, 5)], tip: { head: header('a', 5), finalized: header('a', 3) } });
    const deep = commit({ ancestor: header('a', 2), ranges: [blocks('b', 3, 4)], tip: { head: header('b', 4) } });
    await expect(deep).rejects.toThrow('a rewind to block 2 would remove finalized block 3');
    expect(await marks()).toEqual([hashOf('a', 5), undefined, hashOf('a', 3)]);
  });
});
