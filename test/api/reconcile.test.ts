import { Ledger, residualOf, sumResiduals } from '../../api/reconciliation/ledger';
import { legOfPool } from '../../api/reconciliation/legOfPool';
import type { EventLog } from '../oracle/log';
import { blank, pretend } from '../oracle/pretend';
import { ANN, ASKED, BOB, CAT, COIN, MAX, OTHER_POOL, POOL, receipt, type Told, ZERO } from '../oracle/told';
import { type ApiHarness, openApi } from './harness';
import { commitPlaced } from './placedChain';

const NATIVE = Buffer.alloc(20);

describe('the ledger', () => {
  it('posts both sides of an entry, and keeps tokens and chains apart', () => {
    const ledger = new Ledger();
    const native = { chainId: 1, token: NATIVE };
    ledger.transfer(native, 'user:a', 'inference:b', 10n);
    ledger.transfer(native, 'inference:b', 'user:a', 4n);
    ledger.transfer({ chainId: 2, token: NATIVE }, 'user:a', 'inference:b', 1n);
    ledger.transfer({ chainId: 1, token: null }, 'external:GRANT', 'pool:c', 0n);
    expect(ledger.lines().map(({ account, chainId, debit, credit }) => [account, chainId, debit, credit])).toEqual([
      ['user:a', 1, 10n, 4n],
      ['user:a', 2, 1n, 0n],
      ['inference:b', 1, 4n, 10n],
      ['inference:b', 2, 0n, 1n],
      ['external:GRANT', 1, 0n, 0n],
      ['pool:c', 1, 0n, 0n],
    ]);
  });

  it.each<[string, bigint, bigint, bigint]>([
    ['inference:a', 7n, 10n, 3n],
    ['inference:a', 10n, 7n, -3n],
    ['split:model', 7n, 10n, 0n],
    ['split:model', 10n, 7n, -3n],
    ['pool', 10n, 7n, -3n],
    ['rewards:a', 10n, 7n, -3n],
    ['rewards:a', 7n, 10n, 0n],
    ['user:a', 10n, 0n, 0n],
    ['external:GRANT', 10n, 0n, 0n],
    ['paid:a', 0n, 10n, 0n],
  ])('leaves of %s, debit %s, credit %s: %s', (account, debit, credit, residual) => {
    expect(residualOf({ account, debit, credit })).toBe(residual);
  });

  it('sums residuals by token, and does not hide those that cancel', () => {
    const one = { chainId: 1, token: NATIVE };
    expect(sumResiduals([{ ...one, amount: 0n }])).toEqual([]);
    expect(
      sumResiduals([
        { ...one, amount: 5n },
        { ...one, amount: -5n },
      ]),
    ).toEqual([{ ...one, amount: 0n }]);
    expect(sumResiduals([{ ...one, amount: 0n, odd: 2 }])).toEqual([{ ...one, amount: 0n }]);
  });

  it('takes FEE from the leg that pays pools of a kind', () => {
    expect(['DATANET', 'MODEL', 'PLATFORM', 'STAKING', 'UNKNOWN', null].map(legOfPool)).toEqual([
      'contributors',
      'model',
      'platform',
      'stakers',
      'unknown',
      'unknown',
    ]);
  });
});

interface Books {
  balanced: boolean;
  asOf: { chainId: number; number: number };
  lines: { account: string; token: { id: string }; debit: string; credit: string }[];
  residuals: { token: { id: string }; amount: string }[];
  unexplained: {
    totalCount: number;
    nodes: { event: string; block: { number: number } }[];
    pageInfo: { endCursor: string | null; hasNextPage: boolean };
  };
}
type Variables = { [name: string]: unknown };

/** A block per list of logs, 1, 2, 3 … */
describe('reconcile', () => {
  let api: ApiHarness;

  beforeEach(async () => {
    api = await openApi();
  });
  afterEach(() => api?.close());

  const commit = (blocks: Told[][], chainId = 1) => {
    const log = ([event, args]: Told): EventLog => blank(event, args);
    const placed = blocks.map((logs, i) => ({ number: i + 1, timestamp: 100 * (i + 1), txs: [logs.map(log)] }));
    return commitPlaced(api.database.pool, chainId, pretend(chainId, placed));
  };
  const QUERY = `query ($scope: ReconciliationScope!, $id: ID!, $asOf: BlockRef, $first: Int, $after: Cursor) {
    reconcile(scope: $scope, id: $id, asOf: $asOf) {
      balanced asOf { chainId number } lines { account token { id } debit credit } residuals { token { id } amount }
      unexplained(first: $first, after: $after) {
        totalCount nodes { event block { number } } pageInfo { endCursor hasNextPage } } } }`;
  const ask = async (scope: string, id: string, more: Variables = {}): Promise<Books | null> => {
    const { data, errors } = await api.ask(QUERY, { scope, id, ...more });
    if (errors || !data) throw new Error(`${JSON.stringify(errors)} ${JSON.stringify(api.failures.at(-1)?.fields)}`);
    return data['reconcile'] as Books | null;
  };
  const books = async (scope: string, id: string, more: Variables = {}): Promise<Books> => {
    const found = await ask(scope, id, more);
    if (!found) throw new Error(`nothing to reconcile: ${scope} ${id}`);
    return found;
  };
  const code = async (scope: string, id: string, more: Variables = {}) =>
    (await api.ask(QUERY, { scope, id, ...more })).errors?.[0]?.extensions.code;
  /** "account debit credit" of the native token, "account debit credit token" of another. */
  const lines = ({ lines: found }: Books) =>
    found.map(({ account, token, debit, credit }) => {
      const of = token.id.endsWith(':native') ? '' : ` ${token.id}`;
      return `${account.replace(/(0x....).*/, '$1')} ${debit} ${credit}${of}`;
    });
  const left = ({ residuals }: Books) => residuals.map(({ token, amount }) => `${amount} ${token.id}`);
  const behind = ({ unexplained }: Books) => unexplained.nodes.map(({ event, block }) => `${event} ${block.number}`);

  const settled = (fee: bigint, inferenceId = ASKED): Told => [
    'InferenceSettled',
    { inferenceId, user: CAT, receipt: receipt({ fee }) },
  ];
  const split = (contributors: bigint, model = 0n): Told => ['FeeSplit', { inferenceId: ASKED, contributors, model }];
  const pool: Told = ['PoolCreated', { poolId: POOL, kind: 0n }];
  const funded = (amount: bigint, source = 0n, poolId = POOL): Told => ['PoolFunded', { poolId, source, amount }];
  const accrued = (amount: bigint, beneficiary = BOB, poolId = POOL): Told => [
    'RewardAccrued',
    { poolId, beneficiary, amount },
  ];
  const reversed = (amount: bigint): Told => ['RewardReversed', { poolId: POOL, beneficiary: BOB, amount }];
  const claimed = (amount: bigint): Told => ['RewardClaimed', { poolId: POOL, beneficiary: BOB, to: ANN, amount }];
  const inference = `inference:1:${ASKED}`;
  const [asked, paid] = [ASKED.slice(0, 6), POOL.slice(0, 6)];

  it('balances a loop in which nothing is lost, in every scope', async () => {
    await commit([
      [pool],
      [settled(100n), split(70n, 30n)],
      [funded(70n), funded(5n, 1n)],
      [accrued(75n), reversed(5n), claimed(60n)],
    ]);
    const all = await books('CHAIN', 'chain:1');
    expect(lines(all)).toEqual([
      'user 100 0',
      'inference 100 100',
      'split:contributors 70 70',
      'split:model 0 30',
      'split:platform 0 0',
      'split:stakers 0 0',
      'external:EMISSION 5 0',
      'pool 75 80',
      'rewards 65 75',
      'paid 0 60',
    ]);
    expect(lines(await books('INFERENCE', inference))).toEqual([
      'user:0xcccc 100 0',
      `inference:${asked} 100 100`,
      'split:contributors 0 70',
      'split:model 0 30',
      'split:platform 0 0',
      'split:stakers 0 0',
    ]);
    expect(lines(await books('POOL', `pool:1:${POOL}`))).toEqual([
      'split:contributors 70 0',
      'external:EMISSION 5 0',
      `pool:${paid} 75 80`,
      'rewards:0xbbbb 65 75',
      'paid:0xbbbb 0 60',
    ]);
    expect(lines(await books('ACCOUNT', `account:${BOB}`))).toEqual(['rewards:0xbbbb 65 75', 'paid:0xbbbb 0 60']);
    expect(lines(await books('ACCOUNT', `account:${CAT}`))).toEqual(['user:0xcccc 100 0']);
    // Who is only paid out to has no postings.
    expect(lines(await books('ACCOUNT', `account:${ANN}`))).toEqual([]);
    for (const [scope, id] of [
      ['CHAIN', 'chain:1'],
      ['INFERENCE', inference],
      ['POOL', `pool:1:${POOL}`],
      ['ACCOUNT', `account:${BOB}`],
    ] as const) {
      const found = await books(scope, id);
      expect([found.balanced, left(found), found.unexplained.totalCount]).toEqual([true, [], 0]);
      expect(found.asOf).toEqual({ chainId: 1, number: 4 });
    }
  });

  it('leaves on an inference what its latest split and its refunds leave', async () => {
    await commit([
      [settled(100n)],
      [split(99n)],
      [['InferenceRefunded', { inferenceId: ASKED, amount: 10n }]],
      [split(80n)],
    ]);
    const found = await books('INFERENCE', inference);
    // 100 - 10 - 80
    expect([found.balanced, left(found)]).toEqual([false, ['10 token:1:native']]);
    expect(lines(found).slice(0, 2)).toEqual(['user:0xcccc 100 10', `inference:${asked} 90 100`]);
    expect(behind(found)).toEqual(['FeeSplit 4', 'InferenceRefunded 3', 'InferenceSettled 1']);
    // 100 - 10 - 99, then before the refund, then before any split.
    expect(left(await books('INFERENCE', inference, { asOf: { number: 3 } }))).toEqual(['-9 token:1:native']);
    expect(left(await books('INFERENCE', inference, { asOf: { number: 2 } }))).toEqual(['1 token:1:native']);
    const first = await books('INFERENCE', inference, { asOf: { number: 1 } });
    expect([left(first), behind(first), first.asOf.number]).toEqual([
      ['100 token:1:native'],
      ['InferenceSettled 1'],
      1,
    ]);
  });

  it('posts splits and refunds of settled inferences alone', async () => {
    await commit([[split(5n), ['InferenceRefunded', { inferenceId: ASKED, amount: 5n }]]]);
    expect(lines(await books('CHAIN', 'chain:1'))).toEqual([]);
    expect(await ask('INFERENCE', inference)).toBeNull();
  });

  it('finds pools and rewards below zero, and lists what was taken out of them', async () => {
    // Nothing is wrong with ANN's.
    const paidOut: Told = ['RewardClaimed', { poolId: POOL, beneficiary: ANN, amount: 5n }];
    await commit([[pool, funded(10n, 2n)], [accrued(30n), accrued(5n, ANN)], [reversed(12n)], [claimed(20n), paidOut]]);
    const found = await books('POOL', `pool:1:${POOL}`);
    // pool: 10 - 35 + 12 = -13; rewards of BOB: 30 - 12 - 20 = -2
    expect([found.balanced, left(found)]).toEqual([false, ['-15 token:1:native']]);
    expect(behind(found)).toEqual(['RewardClaimed 4', 'RewardReversed 3', 'RewardAccrued 2', 'RewardAccrued 2']);
    const account = await books('ACCOUNT', `account:${BOB}`);
    expect([left(account), behind(account)]).toEqual([['-2 token:1:native'], ['RewardClaimed 4', 'RewardReversed 3']]);
    const before = await books('ACCOUNT', `account:${BOB}`, { asOf: { number: 3 } });
    expect([before.balanced, lines(before)]).toEqual([true, ['rewards:0xbbbb 12 30']]);
    const chain = await books('CHAIN', 'chain:1');
    expect([chain.balanced, left(chain), chain.unexplained.totalCount]).toEqual([false, ['-15 token:1:native'], 4]);
  });

  it('sums a pool of very many beneficiaries, but does not list them', async () => {
    await commit([[pool, funded(10_000n)]]);
    await api.database.pool.query(
      `insert into reward (chain_id, pos, pool_id, beneficiary, ref, role, contribution_id, amount, epoch, fee_part,
         emission_part, grant_part, slash_part, unknown_part)
       select 1, (2::bigint << 22) + n, $1, decode(lpad(to_hex(n), 40, '0'), 'hex'), $1, 0, 0, 1, 0, 1, 0, 0, 0, 0
       from generate_series(1, 10001) n`,
      [Buffer.from(POOL.slice(2), 'hex')],
    );
    const query = (fields: string) => `{ reconcile(scope: POOL, id: "pool:1:${POOL}") { ${fields} } }`;
    const sums = await api.ask(query('balanced residuals { amount }'));
    expect(sums.data).toEqual({ reconcile: { balanced: false, residuals: [{ amount: '-1' }] } });
    const listed = await api.ask(query('lines { account }'));
    expect(listed.errors?.[0]?.extensions.code).toBe('QUERY_TOO_COMPLEX');
  });

  it('pages through the events behind, one cursor after the other', async () => {
    await commit([[pool], ...Array.from({ length: 7 }, (): Told[] => [accrued(1n)])]);
    const seen: string[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const { unexplained, ...found } = await books('POOL', `pool:1:${POOL}`, { first: 3, after });
      expect(unexplained.totalCount).toBe(7);
      seen.push(...behind({ unexplained, ...found }));
      after = unexplained.pageInfo.endCursor;
      more = unexplained.pageInfo.hasNextPage;
    }
    expect(seen).toEqual([8, 7, 6, 5, 4, 3, 2].map((number) => `RewardAccrued ${number}`));
    const { unexplained } = await books('POOL', `pool:1:${POOL}`, { first: 1 });
    expect(await code('CHAIN', 'chain:1', { after: unexplained.pageInfo.endCursor })).toBe('BAD_USER_INPUT');
  });

  it('finds fees that were declared but that no split paid, for the chain alone', async () => {
    await commit([[pool], [settled(70n), split(70n)], [funded(60n)], [funded(15n)], [funded(1n, 1n)]]);
    const chain = await books('CHAIN', 'chain:1');
    // 70 - 75
    expect([chain.balanced, left(chain)]).toEqual([false, ['-5 token:1:native']]);
    expect(behind(chain)).toEqual(['PoolFunded 4', 'PoolFunded 3']);
    expect((await books('POOL', `pool:1:${POOL}`)).balanced).toBe(true);
    expect((await books('CHAIN', 'chain:1', { asOf: { number: 3 } })).balanced).toBe(true);
  });

  it('takes the fees of pools never created, in no known token, from a split that nobody pays', async () => {
    await commit([[funded(3n, 0n, OTHER_POOL), funded(4n, 200n, OTHER_POOL), accrued(7n, BOB, OTHER_POOL)]]);
    const chain = await books('CHAIN', 'chain:1');
    expect(lines(chain)).toEqual(
      ['split:unknown 3 0', 'external:UNKNOWN 4 0', 'pool 7 7', 'rewards 0 7'].map((line) => `${line} token:1:unknown`),
    );
    expect([left(chain), behind(chain)]).toEqual([['-3 token:1:unknown'], ['PoolFunded 1']]);
    expect(await ask('POOL', `pool:1:${OTHER_POOL}`)).toBeNull();
  });

  it('is balanced only if every single one is zero', async () => {
    const other = OTHER_POOL;
    await commit([[settled(10n), split(4n), settled(10n, other), ['FeeSplit', { inferenceId: other, model: 16n }]]]);
    const chain = await books('CHAIN', 'chain:1');
    // 6 and -6
    expect([chain.balanced, left(chain), chain.unexplained.totalCount]).toEqual([false, ['0 token:1:native'], 4]);
  });

  it('makes a line of postings of nothing', async () => {
    await commit([[pool, funded(0n, 3n), accrued(0n), claimed(0n)]]);
    const wanted = ['external:SLASH 0 0', 'pool 0 0', 'rewards 0 0', 'paid 0 0'];
    expect(lines(await books('CHAIN', 'chain:1'))).toEqual(wanted);
    expect(lines(await books('CHAIN', 'chain:1', { asOf: { number: 1 } }))).toEqual(wanted);
    expect(lines(await books('ACCOUNT', `account:${BOB}`))).toEqual(['rewards:0xbbbb 0 0', 'paid:0xbbbb 0 0']);
  });

  it('keeps the tokens of an account apart, also of two chains', async () => {
    const coins: Told[] = [['PoolCreated', { poolId: POOL, token: COIN }], accrued(2n), claimed(3n)];
    await commit([coins, [settled(9n)]], 1);
    await commit([coins, [settled(8n)], [accrued(1n)]], 2);
    expect(lines(await books('ACCOUNT', `account:${CAT}`))).toEqual(['user:0xcccc 9 0', 'user:0xcccc 8 0']);
    const found = await books('ACCOUNT', `account:${BOB}`);
    expect(lines(found)).toEqual([
      `rewards:0xbbbb 3 2 token:1:${COIN}`,
      `rewards:0xbbbb 3 3 token:2:${COIN}`,
      `paid:0xbbbb 0 3 token:1:${COIN}`,
      `paid:0xbbbb 0 3 token:2:${COIN}`,
    ]);
    expect([left(found), behind(found), found.asOf]).toEqual([
      [`-1 token:1:${COIN}`],
      ['RewardClaimed 1'],
      { chainId: 2, number: 3 },
    ]);
    // One block is of one chain.
    expect(await code('ACCOUNT', `account:${BOB}`, { asOf: { number: 1 } })).toBe('BAD_USER_INPUT');
  });

  it('adds ten of the largest amounts there are', async () => {
    const ten = (log: Told): Told[] => Array.from({ length: 10 }, () => log);
    await commit([
      [
        pool,
        settled(MAX),
        ['FeeSplit', { inferenceId: ASKED, platform: MAX, model: MAX, stakers: MAX, contributors: MAX }],
        ...ten(funded(MAX)),
        ...ten(accrued(MAX)),
        ...ten(claimed(MAX)),
      ],
    ]);
    const chain = await books('CHAIN', 'chain:1');
    // inference: MAX - 4 MAX; split:contributors: MAX - 10 MAX
    expect(left(chain)).toEqual([`${-12n * MAX} token:1:native`]);
    expect(lines(chain)).toContain(`rewards ${10n * MAX} ${10n * MAX}`);
    expect((await books('POOL', `pool:1:${POOL}`)).balanced).toBe(true);
  });

  it('is null where there is nothing of the scope, and refuses what is no id', async () => {
    await commit([[pool, settled(1n)]]);
    for (const [scope, id] of [
      ['INFERENCE', `inference:1:${POOL}`],
      ['INFERENCE', `pool:1:${POOL}`],
      ['POOL', inference],
      ['ACCOUNT', `account:${COIN}`],
      ['ACCOUNT', `account:${ZERO}`],
      ['ACCOUNT', 'chain:1'],
      ['CHAIN', 'chain:7'],
      ['CHAIN', `account:${CAT}`],
    ] as const) {
      expect(await ask(scope, id)).toBeNull();
    }
    expect(await code('CHAIN', '1')).toBe('BAD_USER_INPUT');
    expect(await code('CHAIN', 'chain:1', { asOf: { number: 99 } })).toBe('BAD_USER_INPUT');
  });
});
