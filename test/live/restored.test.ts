import { resetChain } from '../../indexer/store/resetChain';
import { log, openFakeChain, word } from '../api/fakeChain';
import { type ApiHarness, openApi } from '../api/harness';
import { events, follow, hasTold, isLive, type Stream } from '../api/stream';
import { asAdmin } from '../run/database';
import { until } from '../run/until';

/** A database that lost its last commits, as a backup has, or a standby that takes over, and gives positions out again. */
let harness: ApiHarness;
beforeEach(async () => {
  harness = await openApi({ limits: { progressMs: 200, aheadMs: 100 } });
});
afterEach(() => harness.close());

const created = (n: number) =>
  log('RewardLedger', 'PoolCreated', { poolId: word(n), kind: 2, subjectId: 0n, token: `0x${'00'.repeat(20)}` });
const codeOf = ({ error }: Stream) => (error as { extensions: { code: string } }[] | undefined)?.[0]?.extensions.code;
const ended = (stream: Stream) => until(() => stream.ended, { what: `an end of ${stream.told().join()}` });
const pageCursor = async () => {
  const { data } = await harness.ask('{ indexStatus { changeCursor } pools { pageInfo { changeCursor } } }');
  const { indexStatus, pools } = data as {
    indexStatus: { changeCursor: string };
    pools: { pageInfo: { changeCursor: string } };
  };
  expect(pools.pageInfo.changeCursor).toBe(indexStatus.changeCursor);
  return indexStatus.changeCursor;
};
const etagNow = async () => {
  const query = encodeURIComponent('{ pools { totalCount } }');
  const { headers } = await fetch(`${harness.api.url}/graphql?query=${query}`, {
    headers: { 'apollo-require-preflight': 'yes' },
  });
  return headers.get('etag');
};

/** As the database is now. */
async function backUp(): Promise<{ restore(): Promise<void> }> {
  const name = new URL(harness.database.url).pathname.slice(1);
  const cutAll = (database: string) =>
    asAdmin(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}'`);
  /** Somebody may connect between the two. */
  const alone = (statement: string) =>
    until(async () => {
      await cutAll(name);
      return asAdmin(statement).then(
        () => true,
        () => false,
      );
    });
  await alone(`create database ${name}_backup template ${name} strategy file_copy`);
  return {
    async restore() {
      await alone(`drop database ${name} with (force)`);
      await asAdmin(`alter database ${name}_backup rename to ${name}`);
    },
  };
}

test('cursors from before go on where the database still has what they speak of, and expire where not', async () => {
  const chain = await openFakeChain(harness.database.pool);
  await chain.extend([[created(1)], [created(2), created(3)]]);
  const kept = await pageCursor();
  const backup = await backUp();
  await chain.extend([[created(4)], [created(5), created(6)]]);
  const first = follow(harness.socket(), events, { after: kept });
  await hasTold(first, 3);
  const lost = await pageCursor();
  const cursors = first.messages.filter(({ op }) => op === 'APPLY').map(({ cursor }) => cursor);
  first.stop();
  await harness.api.close();
  await backup.restore();
  await harness.start();

  // Before their positions are given out again, and after.
  for (const blocks of [[], [[created(7)], [created(8), created(9)], [created(10)]]]) {
    if (blocks.length > 0) await chain.reorg(2, blocks);
    for (const after of [...cursors, lost]) {
      const stream = follow(harness.socket(), events, { after });
      await ended(stream);
      expect(codeOf(stream)).toBe('CURSOR_EXPIRED');
      expect(stream.told()).toEqual([]);
    }
  }
  const goesOn = follow(harness.socket(), events, { after: kept });
  await hasTold(goesOn, 4);
  expect(goesOn.told().map((text) => text.split(' ')[1])).toEqual([
    'event:31337:3-0',
    'event:31337:4-0',
    'event:31337:4-1',
    'event:31337:5-0',
  ]);
});

test('streams that are open meanwhile expire instead of skipping what takes the place of what they told', async () => {
  const chain = await openFakeChain(harness.database.pool);
  await chain.extend([[created(1)], [created(2), created(3)]]);
  const backup = await backUp();
  const live = follow(harness.socket(), events);
  await isLive(live);
  await chain.extend([[created(4), created(5)]]);
  await hasTold(live, 2);
  await backup.restore();
  // One position less than what it has told, so that what comes begins inside of it.
  await chain.reorg(1, [[created(6)], [created(7)], [created(8)]]);
  await ended(live);
  expect(codeOf(live)).toBe('CURSOR_EXPIRED');
  expect(live.told()).toHaveLength(2);

  const next = follow(harness.socket(), events, { after: await pageCursor() });
  await isLive(next);
  await chain.extend([[created(9)]]);
  await hasTold(next, 1);
  expect(next.told()).toEqual(['APPLY event:31337:6-0 PoolCreated']);
});

test('an answer has another tag than that of the same position before', async () => {
  const chain = await openFakeChain(harness.database.pool);
  await chain.extend([[created(1)]]);
  const backup = await backUp();
  await chain.extend([[created(2)]]);
  const before = await etagNow();
  await backup.restore();
  await chain.reorg(1, []);
  await chain.extend([[created(3)]]);
  await until(async () => (await etagNow()) !== null);
  expect(await etagNow()).not.toBe(before);
});

test('cursors of a chain that is indexed anew expire, and those of after it are good', async () => {
  const chain = await openFakeChain(harness.database.pool);
  await chain.extend([[created(1)], [created(2)]]);
  const before = await pageCursor();
  const live = follow(harness.socket(), events);
  await isLive(live);
  const client = await harness.database.pool.connect();
  await resetChain(client, chain.chainId, [], 0).finally(() => client.release());
  const between = await pageCursor();
  const goesOn = follow(harness.socket(), events, { after: between });
  await isLive(goesOn);
  await chain.reorg(2, [[created(3)]]);
  for (const stream of [live, follow(harness.socket(), events, { after: before })]) {
    await ended(stream);
    expect(codeOf(stream)).toBe('CURSOR_EXPIRED');
  }
  await hasTold(goesOn, 1);
  const again = follow(harness.socket(), events, { after: between });
  await hasTold(again, 1);
  for (const stream of [goesOn, again]) expect(stream.told()).toEqual(['APPLY event:31337:1-0 PoolCreated']);
});

test('cursors of the first release, which say nothing of their row, are good as ever', async () => {
  const chain = await openFakeChain(harness.database.pool);
  await chain.extend([[created(1)], [created(2)]]);
  const plain = Buffer.alloc(9);
  plain.writeUInt8(1, 0);
  plain.writeBigInt64BE(2n, 1);
  const stream = follow(harness.socket(), events, { after: plain.toString('base64url') });
  await hasTold(stream, 1);
  expect(stream.told()).toEqual(['APPLY event:31337:2-0 PoolCreated']);
});
