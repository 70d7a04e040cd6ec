import type { ChainConfig, VerifyConfig } from '../../schema/networkFile';
import { type EmittedChain, startEmittedChain } from '../chain/emittedChain';
import { createFakeChain } from '../chain/fakeChain';
import { type FakeNode, sendJson, startFakeNode } from '../chain/fakeNode';
import type { RpcRequest } from '../chain/nodeProxy';
import { type RunningIndex, startIndex } from '../indexer/runningIndex';
import { readTables } from '../indexer/tables';
import { randomHistory } from '../oracle/history';
import type { TestDatabase } from '../run/database';
import { until } from '../run/until';
import { type BentNode, startBentNode } from './bentNode';

interface Log {
  blockNumber: string;
  logIndex: string;
  address: string;
  data: string;
}

let chain: EmittedChain;
let node: BentNode;
let index: RunningIndex | undefined;
/** The logs of the chain, block by block, and what an index of it holds that met no lie. */
let logs: Map<number, Log[]>;
let truth: Record<string, string[]>;

beforeAll(async () => {
  chain = await startEmittedChain({ finality: { depth: 4 }, maxLogsRange: 5 });
  await chain.play(randomHistory('audit', { logs: 700, fromBlock: chain.nextBlock }));
  node = await startBentNode(chain.url);
  const all = (await chain.send('eth_getLogs', [{ fromBlock: '0x0', toBlock: 'latest' }])) as Log[];
  logs = new Map();
  for (const log of all) logs.set(Number(log.blockNumber), [...(logs.get(Number(log.blockNumber)) ?? []), log]);
  const fresh = await startIndex([chain.config]);
  await fresh.reach(chain.chainId, await head());
  truth = await readTables(fresh.database.pool);
  await fresh.close();
});

afterEach(async () => {
  await index?.close();
  index = undefined;
  node.bend = (_, result) => result;
});

afterAll(async () => {
  await node?.close();
  await chain.close();
});

async function head(): Promise<{ number: number; hash: string }> {
  const block = (await chain.send('eth_getBlockByNumber', ['latest', false])) as { number: string; hash: string };
  return { number: Number(block.number), hash: block.hash };
}

function config(verify: VerifyConfig): ChainConfig {
  return { ...chain.config, rpc: [node.url], verify };
}

async function row() {
  const { rows } = await (index as RunningIndex).database.pool.query<{
    verified: number | null;
    indexed: number;
    finalized: number;
    error: string | null;
    warnings: string[];
    reorgs: number;
  }>(
    `select verified_to::int as verified, indexed_number::int as indexed, finalized_number::int as finalized, error,
       warnings, reorgs from chain`,
  );
  return rows[0] as (typeof rows)[number];
}

/** A block of history with logs, in whose range the node can lie. */
function blockWith(fits: (logs: Log[]) => boolean): number {
  const found = [...logs].find(([number, own]) => number > 6 && fits(own));
  if (!found) throw new Error('the history has no such block');
  return found[0];
}

const isRange = ({ method, params }: RpcRequest) =>
  method === 'eth_getLogs' && (params[0] as { blockHash?: string }).blockHash === undefined;

/** Until it is told to stop, the node answers ranges of history with other logs. */
function lieInHistory(change: (logs: Log[]) => Log[]): void {
  node.bend = (call, result) => (isRange(call) && Array.isArray(result) ? change(result as Log[]) : result);
}

async function reachHead(): Promise<void> {
  await (index as RunningIndex).reach(chain.chainId, await head());
}

async function expectTruth(): Promise<void> {
  const found = await readTables((index as RunningIndex).database.pool);
  for (const [table, rows] of Object.entries(truth)) expect([table, found[table]]).toEqual([table, rows]);
}

const verifiedToHead = async () => (await row()).verified === (await head()).number;

it('verifiedTo reaches the head, without a change to what was right', async () => {
  index = await startIndex([config({ history: 'bloom', requestsPerSecond: 10_000 })]);
  await reachHead();
  await until(verifiedToHead);
  await expectTruth();
  const { rows } = await index.database.pool.query('select count(*)::int as retracted from change where op = 2');
  expect(rows[0]).toEqual({ retracted: 0 });
});

describe.each<[string, VerifyConfig['history'], (logs: Log[]) => boolean, (at: number) => (logs: Log[]) => Log[]]>([
  [
    'left out every log of a block',
    'bloom',
    () => true,
    (at) => (some) => some.filter((log) => Number(log.blockNumber) !== at),
  ],
  [
    'left out every log of one of two contracts in a block',
    'bloom',
    (own) => new Set(own.map(({ address }) => address)).size > 1,
    (at) => {
      const address = logs.get(at)?.[0]?.address;
      return (some) => some.filter((log) => Number(log.blockNumber) !== at || log.address !== address);
    },
  ],
  [
    'left out one of several logs of a block',
    'receipts',
    (own) => own.length > 1,
    (at) => {
      const logIndex = logs.get(at)?.at(-1)?.logIndex;
      return (some) => some.filter((log) => Number(log.blockNumber) !== at || log.logIndex !== logIndex);
    },
  ],
  [
    'made a log up',
    'receipts',
    () => true,
    (at) => (some) =>
      some.flatMap((log) => {
        const isLast = Number(log.blockNumber) === at && log.logIndex === logs.get(at)?.at(-1)?.logIndex;
        return isLast ? [log, { ...log, logIndex: '0x777' }] : [log];
      }),
  ],
  [
    'told another content of a log',
    'receipts',
    (own) => own.some(({ data }) => data.length > 2),
    (at) => (some) =>
      some.map((log) => (Number(log.blockNumber) === at ? { ...log, data: log.data.replace(/.$/, '7') } : log)),
  ],
])('a node that once %s in history', (_, mode, fits, lie) => {
  it('is found out, and the rows, the outbox and verifiedTo come right', async () => {
    const at = blockWith(fits);
    lieInHistory(lie(at));
    // So slow that nothing is audited before the lie is in.
    index = await startIndex([config({ history: mode, requestsPerSecond: 0.001 })]);
    await reachHead();
    const { verified } = await row();
    expect(verified ?? -1).toBeLessThan(at);
    const { database } = index;
    const wrong = await readTables(database.pool);
    expect(
      wrong['event']?.length !== truth['event']?.length ||
        wrong['event']?.some((one, i) => one !== truth['event']?.[i]),
    ).toBe(true);
    const { rows: before } = await database.pool.query<{ position: bigint }>(
      'select max(position) as position from change',
    );
    await index.stop();

    node.bend = (__, result) => result;
    index = await startIndex([config({ history: mode, requestsPerSecond: 10_000 })], database);
    await until(verifiedToHead);
    await expectTruth();
    const { error, finalized, reorgs } = await row();
    expect([error, finalized, reorgs]).toEqual([null, (await head()).number - 4, 0]);

    // Subscribers hear it: what was told of the range and later goes, newest first, and comes again as it is.
    const { rows: changes } = await database.pool.query<{ op: number; number: number; events: number }>(
      `select op, block_number::int as number, count as events from change
       where position > $1 and op in (1, 2) order by position`,
      [before[0]?.position],
    );
    const firstApplied = changes.findIndex(({ op }) => op === 1);
    const retracted = changes.slice(0, firstApplied);
    expect(retracted.length).toBeGreaterThan(0);
    expect(retracted.map(({ op }) => op)).toEqual(retracted.map(() => 2));
    const descending = retracted.map(({ number }) => number);
    expect(descending).toEqual([...descending].sort((a, b) => b - a));
    const applied = changes.slice(firstApplied);
    expect(applied.map(({ op }) => op)).toEqual(applied.map(() => 1));
    expect(applied.at(-1)?.number).toBe((await head()).number);
    expect(applied.map(({ number }) => number)).toContain(at);
  });
});

it('with history: off, verifiedTo stays null and no request is spent', async () => {
  index = await startIndex([config({ history: 'off', requestsPerSecond: 10_000 })]);
  await reachHead();
  const blocks = node.calls['eth_getBlockReceipts'];
  await chain.play([{ number: 0, timestamp: (await timestamp()) + 10, txs: [] }]);
  await reachHead();
  expect((await row()).verified).toBeNull();
  expect(node.calls['eth_getBlockReceipts']).toBe(blocks);
  truth = await readTables(index.database.pool);
});

async function timestamp(): Promise<number> {
  return Number(((await chain.send('eth_getBlockByNumber', ['latest', false])) as { timestamp: string }).timestamp);
}

/** Indexed without an audit, then audited by a node that answers in another way. */
async function auditLater(history: VerifyConfig['history'], bend: BentNode['bend']): Promise<RunningIndex> {
  index = await startIndex([config({ history, requestsPerSecond: 0.001 })]);
  await reachHead();
  const { database } = index;
  await index.stop();
  node.bend = bend;
  index = await startIndex([config({ history, requestsPerSecond: 10_000 })], database);
  return index;
}

const withoutBlock3: BentNode['bend'] = (call, result) =>
  call.method === 'eth_getBlockByNumber' && Number(call.params[0]) === 3 ? null : result;

it('blocks that the node has no more can not be verified: a warning, no halt', async () => {
  await auditLater('bloom', withoutBlock3);
  const about = /Blocks 0 to \d+ can't be verified: the endpoint has no block 3 any more/;
  await until(async () => (await row()).warnings.some((text) => about.test(text)));
  expect(await row()).toMatchObject({ verified: null, error: null });
});

it('a range that can not be verified hides no lie behind it', async () => {
  const at = blockWith(() => true);
  lieInHistory((some) => some.filter((log) => Number(log.blockNumber) !== at));
  const { database } = await auditLater('bloom', withoutBlock3);
  const isWhole = async () =>
    (await readTables(database.pool))['event']?.length === truth['event']?.length &&
    (await row()).indexed === (await head()).number;
  await until(isWhole);
  await expectTruth();
  expect((await row()).verified).toBeNull();
  await until(async () => (await row()).warnings.some((text) => text.includes('the endpoint has no block 3 any more')));
  // Once it can be, it is tried again.
  node.bend = (_, result) => result;
  await until(verifiedToHead);
});

it('stored logs are not taken away at the word of a node without their receipts: a warning, and the rows stay', async () => {
  const at = blockWith((own) => own.length > 1);
  await auditLater('receipts', ({ method, params }, result) => {
    if (method === 'eth_getBlockReceipts') return new Error('the method does not exist');
    // Of the other blocks it has them one by one.
    if (method === 'eth_getTransactionReceipt' && Number((result as Log).blockNumber) === at) return new Error('nope');
    const isOfBlock = method === 'eth_getLogs' && (params[0] as { blockHash?: string }).blockHash !== undefined;
    const said = result as Log[];
    return isOfBlock && Number(said[0]?.blockNumber) === at ? said.slice(1) : result;
  });
  const about = new RegExp(`can't be verified: logs of block ${at} are stored that the endpoint doesn't say`);
  await until(async () => (await row()).warnings.some((text) => about.test(text)));
  await expectTruth();
  expect(await row()).toMatchObject({ error: null, reorgs: 0 });
});

describe('below finality, an endpoint that shows another chain than the one that is indexed', () => {
  const fake = createFakeChain();
  let liar: FakeNode;
  let honest: FakeNode;

  beforeAll(async () => {
    for (const { txs } of randomHistory('fork', { logs: 300 })) fake.mine(txs);
    const fork = 8;
    const ours = fake.rewindTo(fork);
    for (let i = 0; i < 12; i++) fake.mine([]);
    const theirs = fake.rewindTo(fork);
    fake.restore(ours);
    honest = await startFakeNode(fake);
    liar = await startFakeNode(fake);
    liar.lie = () => (requests, answers, response) => {
      const said = answers.map((answer, i) => {
        const { method, params } = requests[i] as (typeof requests)[number];
        const other = theirs.find(({ number }) => number === Number(params[0]));
        return method === 'eth_getBlockByNumber' && other ? { ...answer, result: other.json } : answer;
      });
      sendJson(response, said.length === 1 ? said[0] : said);
    };
  });

  afterAll(async () => {
    await liar.close();
    await honest.close();
  });

  /** Indexed from the honest one, before the audit had its turn. */
  async function indexed(): Promise<TestDatabase> {
    const verify: VerifyConfig = { history: 'bloom', requestsPerSecond: 0.001 };
    index = await startIndex([fake.config(honest.url, { verify, maxLogsRange: 5 })]);
    await index.reach(fake.chainId, fake.head);
    await index.stop();
    return index.database;
  }

  const verify: VerifyConfig = { history: 'bloom', requestsPerSecond: 10_000 };

  it('halts the chain with its rows as they are, until it shows ours', async () => {
    const database = await indexed();
    const before = await readTables(database.pool);
    index = await startIndex([fake.config(liar.url, { verify })], database);
    await until(async () => (await row()).error?.includes('left ours below finality') === true);
    expect((await row()).error).toContain('index it anew with an empty database');
    expect(await readTables(database.pool)).toEqual(before);
    await index.stop();
    index = await startIndex([fake.config(honest.url, { verify })], database);
    // The follower, which clears it, and the audit go on side by side.
    await until(async () => (await row()).error === null);
    await until(async () => (await row()).verified === fake.head.number);
  });

  it('is not believed while another endpoint shows ours', async () => {
    const database = await indexed();
    const both = fake.config(honest.url, { verify, rpc: [liar.url, honest.url] });
    index = await startIndex([both], database);
    await until(async () => (await row()).verified === fake.head.number);
    expect((await row()).error).toBeNull();
  });
});
