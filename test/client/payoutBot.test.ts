import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openLedger, type Payment } from '../../client/payoutBot';
import { address, log, openFakeChain, word } from '../api/fakeChain';
import { openApi } from '../api/harness';
import { startCursor } from '../api/stream';
import { until } from '../run/until';

const folder = mkdtempSync(path.join(tmpdir(), 'payout-'));
afterAll(() => rmSync(folder, { recursive: true }));

const pool = log('RewardLedger', 'PoolCreated', { poolId: word(1), kind: 0n, subjectId: 1n, token: address(0) });
const reward = (n: number) =>
  log('RewardLedger', 'RewardAccrued', {
    poolId: word(1),
    beneficiary: address(0xb0 + (n % 5)),
    ref: word(0),
    role: 0n,
    contributionId: 0n,
    amount: BigInt(n),
    epoch: 1n,
  });

function startBot(url: string, file: string): ChildProcess {
  const run = `require('./dist/client/payoutBot').runPayoutBot(${JSON.stringify(url)}, ${JSON.stringify(file)},
    { after: ${JSON.stringify(startCursor)}, webSocket: require('ws').WebSocket })`;
  return spawn(process.execPath, ['-e', run], { stdio: ['ignore', 'inherit', 'inherit'] });
}

test('a payout bot that is killed again and again owes everybody what the chain says, once', async () => {
  const harness = await openApi({ limits: { progressMs: 200 } });
  const chain = await openFakeChain(harness.database.pool);
  const file = path.join(folder, 'ledger.jsonl');
  const lines = () => {
    try {
      return readFileSync(file, 'utf8').split('\n').length - 1;
    } catch {
      return 0;
    }
  };
  await chain.extend([[pool]]);
  let n = 0;
  for (let round = 0; round < 5; round++) {
    const before = lines();
    const bot = startBot(`${harness.api.url}/graphql`, file);
    const exited = once(bot, 'exit');
    // Traffic, and a fork of what is not final, until it has written something down.
    await until(
      async () => {
        const [block] = await chain.extend([[reward(++n), reward(++n)]]);
        const number = block?.number ?? 0;
        if (number > 8) await chain.extend([[]], { safe: number - 4, finalized: number - 6 });
        if (n % 6 === 0) await chain.reorg(2, [[reward(++n)], [reward(++n)]]);
        return lines() > before + round;
      },
      { what: 'lines of the ledger' },
    );
    bot.kill('SIGKILL');
    await exited;
    // As a machine that stops while it writes leaves it.
    if (round % 2 === 0) appendFileSync(file, '{"cursor":"AQ","rew');
  }
  const [last] = await chain.extend([[reward(++n)]]);
  await chain.extend([[]], { safe: last?.number ?? 0, finalized: last?.number ?? 0 });
  const bot = startBot(`${harness.api.url}/graphql`, file);
  const owed = await harness.database.pool.query<{ id: string; amount: string }>(
    `select 'reward:31337:' || block_of(pos) || '-' || (pos - position_of(block_of(pos), 0)) as id, amount::text as amount
     from reward order by pos`,
  );
  const paid = () =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.endsWith('}'))
      .map((line) => JSON.parse(line) as Payment)
      .filter(({ reward: id }) => id !== null);
  await until(() => paid().length >= owed.rows.length, { what: 'everything in the ledger' });
  const exited = once(bot, 'exit');
  bot.kill('SIGKILL');
  await exited;
  expect(paid().map(({ reward: id, amount }) => ({ id, amount }))).toEqual(owed.rows);
  await harness.close();
});

test('a ledger drops the half line that a crash left, and goes on behind the last whole one', () => {
  const file = path.join(folder, 'torn.jsonl');
  const first = openLedger(file);
  first.write({ cursor: 'a', reward: 'reward:1:1-0', to: '0x1', amount: '5', token: 'token:1:native' });
  first.close();
  appendFileSync(file, '{"cursor":"b"');
  const second = openLedger(file);
  expect(second.payments.map(({ cursor }) => cursor)).toEqual(['a']);
  second.write({ cursor: 'c', reward: null });
  second.close();
  const third = openLedger(file);
  expect(third.payments.map(({ cursor }) => cursor)).toEqual(['a', 'c']);
  third.close();
});
