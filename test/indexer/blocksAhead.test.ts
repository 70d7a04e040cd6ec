import { BlocksAhead, type RunAhead } from '../../indexer/follow/blocksAhead';
import type { ChainSource } from '../../indexer/rpc/chainSource';
import { readColumnTypes } from '../../indexer/store/columnTypes';
import type { BatchContext } from '../../indexer/store/factBatch';
import type { ProvenLogs } from '../../indexer/verify/logProver';
import type { SealedHeader } from '../../indexer/verify/sealedHeader';
import { ContractSet } from '../../schema/contractSet';
import { createDatabase, type TestDatabase } from '../run/database';
import { until } from '../run/until';

const LOGS_PER_BLOCK = 500;
const ADDRESS = `0x${'11'.repeat(20)}`;

let database: TestDatabase;
let context: BatchContext;
let fork: number;
/** Block numbers whose logs were asked for. */
let proven: number[];
let held: Promise<void> | undefined;
let ahead: BlocksAhead;

const hash = (number: number) => `0x${(number * 16 + fork).toString(16).padStart(64, '0')}`;
const header = (number: number): SealedHeader => ({
  number,
  hash: hash(number),
  parentHash: hash(number - 1),
  timestamp: number,
  standing: 'unverifiable',
  logsBloom: '0x',
  receiptsRoot: '0x',
});
const logsOf = ({ number, hash: blockHash }: SealedHeader): ProvenLogs => ({
  verified: 'none',
  logs: Array.from({ length: LOGS_PER_BLOCK }, (_, logIndex) => ({
    blockNumber: number,
    blockHash,
    logIndex,
    transactionHash: hash(number),
    address: ADDRESS,
    topics: [],
    data: '0x',
  })),
});
const node = {
  headers: async (numbers: readonly number[]) => numbers.map(header),
  provenLogs: async (headers: readonly SealedHeader[]) => {
    proven.push(...headers.map(({ number }) => number));
    await held;
    return headers.map(logsOf);
  },
} as Partial<ChainSource> as ChainSource;

beforeAll(async () => {
  database = await createDatabase();
  const client = await database.pool.connect();
  const columnTypes = await readColumnTypes(client);
  client.release();
  context = { chainId: 7, contracts: new ContractSet([], {}), eventTypeIds: new Map(), columnTypes };
});
afterAll(() => database.close());
beforeEach(() => {
  fork = 0;
  proven = [];
  held = undefined;
  ahead = new BlocksAhead(node, context);
});
afterEach(() => ahead.forget());

const ended = (run: RunAhead | undefined) => run?.ranges.at(-1)?.toBlock;
const logsIn = (run: RunAhead | undefined) => (run?.ranges ?? []).reduce((sum, { logs }) => sum + logs.length, 0);

describe('blocks near the head', () => {
  it('are taken in commits as large as those of history', async () => {
    ahead.begin(1, 45);
    await until(() => ahead.logs === 45 * LOGS_PER_BLOCK);
    const first = await ahead.take(1);
    expect([ended(first), logsIn(first)]).toEqual([40, 20_000]);
    const second = await ahead.take(41);
    expect([ended(second), logsIn(second)]).toEqual([45, 2_500]);
    expect(await ahead.take(46)).toBeUndefined();
  });

  it('are asked for again when there is room for their logs', async () => {
    ahead.begin(1, 200);
    // Two parts were under way when the limit was reached.
    await until(() => ahead.logs === 40_000);
    expect(Math.max(...proven)).toBe(80);
    await ahead.take(1);
    await until(() => proven.includes(81));
  });

  it('are taken as far as they are, where somebody waits for them', async () => {
    let release = (): void => undefined;
    ahead.begin(1, 100);
    held = new Promise((resolve) => {
      release = resolve;
    });
    const taken = ahead.take(1);
    await until(() => proven.includes(20));
    release();
    const first = ended(await taken) as number;
    expect(first).toBeGreaterThanOrEqual(20);
    expect(ahead.reaches(first + 1)).toBe(true);
    expect(ended(await ahead.take(first + 1))).toBeGreaterThan(first);
  });

  it('are not asked for before their time', async () => {
    let isTime = false;
    let asked = 0;
    ahead.begin(11, 20, async () => {
      asked++;
      return isTime;
    });
    await until(() => asked > 1);
    expect(proven).toEqual([]);
    expect(ahead.reaches(1)).toBe(false);
    isTime = true;
    await until(() => ahead.logs === 10 * LOGS_PER_BLOCK);
    expect(ahead.reaches(1)).toBe(true);
    expect(ended(await ahead.take(11))).toBe(20);
  });

  it('are thrown away where the node has others meanwhile', async () => {
    ahead.begin(1, 45);
    await until(() => ahead.logs === 45 * LOGS_PER_BLOCK);
    fork = 1;
    expect(await ahead.take(1)).toBeUndefined();
    expect(ahead.logs).toBe(0);
    expect(ahead.reaches(1)).toBe(false);
  });

  it('end where the next part is of another fork', async () => {
    let release = (): void => undefined;
    held = new Promise((resolve) => {
      release = resolve;
    });
    ahead.begin(1, 60);
    await until(() => proven.includes(40));
    const before = fork;
    fork = 1;
    held = undefined;
    release();
    await until(() => proven.includes(60));
    await until(() => ahead.logs === 40 * LOGS_PER_BLOCK);
    fork = before;
    expect(ended(await ahead.take(1))).toBe(40);
    expect(await ahead.take(41)).toBeUndefined();
  });
});
