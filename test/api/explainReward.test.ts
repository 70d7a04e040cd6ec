import { amountText, decimalText, percentText } from '../../api/explanation/amountText';
import { expectedReward, weigh } from '../../api/explanation/expectedReward';
import type { EventLog } from '../oracle/log';
import { blank, pretend } from '../oracle/pretend';
import { ANN, ASKED, BOB, CAT, COIN, MAX, OTHER_POOL, POOL, receipt, type Told, ZERO_HASH } from '../oracle/told';
import { type ApiHarness, openApi } from './harness';
import { commitPlaced } from './placedChain';

const OPEN = 10n ** 18n;
const OPEN_TOKEN = { id: 'token:native', address: null, symbol: 'OPEN', decimals: 18 };

describe('the arithmetic', () => {
  it.each<[bigint, number, string]>([
    [0n, 18, '0'],
    [1n, 18, '0.000000000000000001'],
    [1_500_000_000_000_000_000n, 18, '1.5'],
    [-250n, 2, '-2.5'],
    [7n, 0, '7'],
  ])('writes %s with %s decimals as %s', (units, decimals, text) => {
    expect(decimalText(units, decimals)).toBe(text);
  });

  it('writes smallest units where nobody knows the decimals', () => {
    const token = { id: 'token:1:0xe2', address: Buffer.alloc(20, 0xe2), symbol: null, decimals: null };
    expect(amountText(12n, token).toLowerCase()).toBe(`12 smallest units of token ${COIN}`);
    expect(amountText(12n, { ...token, id: 'token:1:unknown', address: null })).toBe(
      '12 smallest units of an unknown token',
    );
    expect(amountText(3n * OPEN, OPEN_TOKEN)).toBe('3 OPEN');
  });

  it('writes parts per million as percent', () => {
    expect([250_000n, 1n, 1_000_001n].map(percentText)).toEqual(['25%', '0.0001%', '100.0001%']);
  });

  it('rounds the weighted share down and says what is left', () => {
    // 10 * 333,333 = 3,333,330 = 3 * 1,000,000 + 333,330
    expect(weigh(10n, 333_333n)).toEqual({ share: 3n, remainder: 333_330n });
    expect(weigh(MAX, 1_000_000n)).toEqual({ share: MAX, remainder: 0n });
  });

  it.each<[string, bigint | null, bigint | null]>([
    ['CONTRIBUTOR', 250_000n, 175n],
    ['CONTRIBUTOR', null, null],
    ['MODEL_BUILDER', null, 200n],
    ['PLATFORM', null, 100n],
    ['STAKER', 250_000n, null],
    ['CURATOR', 250_000n, null],
    ['ADAPTER_BUILDER', 250_000n, null],
    ['UNKNOWN', 250_000n, null],
  ])('expects of a %s with weight %s: %s', (role, weight, expected) => {
    const split = { platform: 100n, model: 200n, stakers: 0n, contributors: 700n };
    expect(expectedReward(role, split, weight)).toBe(expected);
    expect(expectedReward(role, null, weight)).toBeNull();
  });
});

interface Step {
  kind: string;
  text: string;
  amount: { token: { id: string }; amount: string } | null;
  formula: string | null;
  evidence: { event: string; block: { number: number } }[];
}
interface Explanation {
  expected: string | null;
  difference: string | null;
  summary: string;
  steps: Step[];
}

/** A block per list of logs, 1, 2, 3 …, of chain 1. */
describe('explainReward', () => {
  let api: ApiHarness;

  beforeEach(async () => {
    api = await openApi();
  });
  afterEach(() => api?.close());

  const commit = (blocks: Told[][]) => {
    const log = ([event, args]: Told): EventLog => blank(event, args);
    const placed = blocks.map((logs, i) => ({ number: i + 1, timestamp: 100 * (i + 1), txs: [logs.map(log)] }));
    return commitPlaced(api.database.pool, 1, pretend(1, placed));
  };
  const ask = async (id: string): Promise<Explanation | null> => {
    const { data, errors } = await api.ask(
      `query ($id: ID!) { explainReward(id: $id) { expected difference summary reward { id } steps { kind text formula
        amount { token { id } amount } evidence { event block { number } } } } }`,
      { id },
    );
    if (errors || !data) throw new Error(`${JSON.stringify(errors)} ${JSON.stringify(api.failures.at(-1)?.fields)}`);
    return data['explainReward'] as Explanation | null;
  };
  /** Of the reward in that block, its only one. */
  const explain = async (block: number, blocks: Told[][]): Promise<Explanation> => {
    await commit(blocks);
    const log = blocks[block - 1]!.findIndex(([event]) => event === 'RewardAccrued');
    const found = await ask(`reward:1:${block}-${log}`);
    if (!found) throw new Error('no such reward');
    return found;
  };
  const kinds = ({ steps }: Explanation) => steps.map(({ kind }) => kind);
  const step = ({ steps }: Explanation, kind: string, nth = 0) => {
    const found = steps.filter((each) => each.kind === kind)[nth];
    if (!found) throw new Error(`no ${kind} among ${steps.map((each) => each.kind)}`);
    return found;
  };
  const logs = ({ evidence }: Step) => evidence.map(({ event, block }) => `${event} ${block.number}`);

  const settled: Told = [
    'InferenceSettled',
    { inferenceId: ASKED, modelId: 1n, user: CAT, receipt: receipt({ fee: OPEN }) },
  ];
  /** 0.1, 0.2, 0 and 0.7 OPEN. */
  const split: Told = [
    'FeeSplit',
    { inferenceId: ASKED, platform: OPEN / 10n, model: OPEN / 5n, contributors: (7n * OPEN) / 10n },
  ];
  const submitted: Told = ['ContributionSubmitted', { contributionId: 5n, datanetId: 1n, contributor: BOB }];
  const pool: Told = ['PoolCreated', { poolId: POOL, kind: 0n, subjectId: 1n }];
  const influence = (weightPpm: bigint, contributionId = 5n): Told => [
    'InfluenceRecorded',
    { inferenceId: ASKED, contributionId, weightPpm },
  ];
  const funded: Told = ['PoolFunded', { poolId: POOL, source: 0n, ref: ASKED, amount: (7n * OPEN) / 10n }];
  const accrued = (args: Record<string, bigint | string> = {}): Told => [
    'RewardAccrued',
    {
      poolId: POOL,
      beneficiary: BOB,
      ref: ASKED,
      contributionId: 5n,
      amount: (175n * OPEN) / 1000n,
      epoch: 3n,
      ...args,
    },
  ];
  const loop: Told[][] = [
    [submitted, pool, ['FeeParamsSet', { platformBps: 1000n, modelBps: 2000n, contributorsBps: 7000n }]],
    [settled, split],
    [['AttributionCommitted', { inferenceId: ASKED, leafCount: 2n }], influence(250_000n)],
    [funded],
  ];

  it('goes from the fee to a contributor', async () => {
    const found = await explain(5, [...loop, [accrued()]]);
    expect(kinds(found)).toEqual(['FEE_PAID', 'FEE_SPLIT', 'ATTRIBUTED', 'WEIGHTED', 'POOL_FUNDED', 'ACCRUED']);
    expect(found).toMatchObject({ expected: '175000000000000000', difference: '0' });
    expect(found.summary).toBe(
      "0xbBbB…BBbB was credited 0.175 OPEN as a contributor, from 25% of the contributors' part (0.7 OPEN) of a fee of 1 OPEN. That is exactly what was to be expected.",
    );
    expect(step(found, 'FEE_PAID')).toMatchObject({
      amount: { token: { id: 'token:1:native' }, amount: '1000000000000000000' },
      formula: null,
    });
    expect(step(found, 'FEE_SPLIT')).toMatchObject({
      amount: { amount: '700000000000000000' },
      formula: '1000000000000000000 * 7000 / 10000',
    });
    expect(step(found, 'WEIGHTED')).toMatchObject({
      amount: { amount: '175000000000000000' },
      formula: '700000000000000000 * 250000 / 1000000',
    });
    expect(found.steps.map(logs)).toEqual([
      ['InferenceSettled 2'],
      ['FeeSplit 2', 'FeeParamsSet 1'],
      ['InfluenceRecorded 3', 'AttributionCommitted 3'],
      ['FeeSplit 2', 'InfluenceRecorded 3'],
      ['PoolFunded 4'],
      ['RewardAccrued 5'],
    ]);
    expect(step(found, 'ATTRIBUTED').text).toBe(
      `Contribution 5 was given a weight of 25% (250000 of 1000000) in inference ${ASKED.slice(0, 6)}…${ASKED.slice(-4)}. The attribution was committed by influence function, with 2 leaves.`,
    );
  });

  it.each<[bigint, string, string | null, RegExp]>([
    [1n, 'the builder of the model', '200000000000000000', /the model's part \(0.2 OPEN\)/],
    [3n, 'the platform', '100000000000000000', /the platform's part \(0.1 OPEN\)/],
    [2n, 'a staker', null, /no rule for what the role STAKER is due/],
    [4n, 'a curator', null, /no rule for what the role CURATOR is due/],
    [5n, 'the builder of an adapter', null, /no rule for what the role ADAPTER_BUILDER is due/],
    [9n, 'in a role that the protocol does not know', null, /a role that it does not know is due/],
  ])('says of role %s, %s, what the split says', async (role, noun, expected, text) => {
    const found = await explain(5, [...loop, [accrued({ role, amount: OPEN / 5n })]]);
    expect(found.expected).toBe(expected);
    expect(found.summary).toContain(noun);
    expect(found.summary).toMatch(text);
    expect(kinds(found)).not.toContain('WEIGHTED');
    expect(kinds(found).includes('UNKNOWN')).toBe(expected === null);
  });

  it('says by how much a reward differs, and what rounding left', async () => {
    // 3 * 333,333 = 999,999: nothing whole, and 999,999 millionths.
    const three: Told = ['FeeSplit', { inferenceId: ASKED, contributors: 3n }];
    const found = await explain(3, [
      [submitted, pool, settled, three, influence(333_333n)],
      [funded],
      [accrued({ amount: 2n })],
    ]);
    expect(found).toMatchObject({ expected: '0', difference: '2' });
    expect(step(found, 'ROUNDED')).toMatchObject({ amount: null, formula: '3 * 333333 % 1000000 = 999999' });
    expect(step(found, 'FEE_SPLIT')).toMatchObject({ formula: null, amount: { amount: '3' } });
    expect(step(found, 'FEE_SPLIT').text).toContain('0.999999999999999997 OPEN of the fee is in no part.');
    expect(found.summary).toContain('That is 0.000000000000000002 OPEN more than the 0 OPEN that were to be expected.');
  });

  it('takes what is in force at the end of the block, and of a pair the latest', async () => {
    const found = await explain(5, [
      ...loop,
      [accrued(), influence(100_000n), ['FeeSplit', { inferenceId: ASKED, contributors: OPEN }]],
      [influence(900_000n)],
    ]);
    // 1 OPEN * 100,000 / 1,000,000
    expect(found).toMatchObject({ expected: '100000000000000000', difference: '75000000000000000' });
    expect(step(found, 'ATTRIBUTED', 1).text).toContain('By now the weight of contribution 5 is 90%.');
  });

  it('shows what came later as steps that change nothing', async () => {
    const found = await explain(5, [
      ...loop,
      [accrued()],
      [
        ['FeeSplit', { inferenceId: ASKED, contributors: 4n }],
        ['FeeSplit', { inferenceId: ASKED, contributors: 5n }],
      ],
      [
        ['AttributionRevised', { inferenceId: ASKED }],
        ['InferenceRefunded', { inferenceId: ASKED, amount: 6n }],
      ],
      [
        ['RewardReversed', { poolId: POOL, beneficiary: BOB, ref: ASKED, amount: 7n }],
        ['RewardReversed', { poolId: POOL, beneficiary: BOB, ref: ZERO_HASH, amount: 1000n }],
        ['RewardReversed', { poolId: OTHER_POOL, beneficiary: BOB, ref: ASKED, amount: 1000n }],
        ['RewardReversed', { poolId: POOL, beneficiary: ANN, ref: ASKED, amount: 1000n }],
      ],
      ...[1n, 2n, 3n].map((amount): Told[] => [['RewardClaimed', { poolId: POOL, beneficiary: BOB, amount }]]),
    ]);
    expect(found).toMatchObject({ expected: '175000000000000000', difference: '0' });
    // By the latest split the pool was paid less than it declares.
    expect(kinds(found).slice(5, 7)).toEqual(['UNKNOWN', 'ACCRUED']);
    const later = found.steps.slice(7);
    expect(later.map(({ kind }) => kind)).toEqual(['FEE_PAID', 'FEE_SPLIT', 'ATTRIBUTED', 'REVERSED', 'CLAIMED']);
    expect(later.map(({ amount }) => amount?.amount ?? null)).toEqual(['6', '5', null, '7', '6']);
    expect(later.map(logs)).toEqual([
      ['InferenceRefunded 7'],
      ['FeeSplit 6', 'FeeSplit 6'],
      ['AttributionRevised 7'],
      ['RewardReversed 8'],
      ['RewardClaimed 9', 'RewardClaimed 11'],
    ]);
    expect(later[2]?.text).toContain('It gives contribution 5 no weight any more.');
    expect(later[4]?.text).toMatch(/^Later, 3 claims paid 0.000000000000000006 OPEN of/);
  });

  it('takes refunds before the reward off the fee that it shows', async () => {
    const found = await explain(5, [
      ...loop.slice(0, 3),
      [funded, ['InferenceRefunded', { inferenceId: ASKED, amount: OPEN / 4n }]],
      [accrued()],
    ]);
    expect(step(found, 'FEE_PAID', 1)).toMatchObject({
      amount: { amount: '750000000000000000' },
      formula: '1000000000000000000 - 250000000000000000',
    });
  });

  const missing: [string, Told[][], RegExp][] = [
    [
      'no inference: an emission',
      [[pool, ['PoolFunded', { poolId: POOL, source: 1n, amount: 9n }]], [accrued({ ref: ZERO_HASH })]],
      /names no inference.*funded by emission: how an emission is divided/,
    ],
    ['an opaque reference', [[pool, funded], [accrued({ ref: OTHER_POOL })]], /is no settled inference/],
    [
      'an inference settled too late',
      [[pool, funded], [accrued()], [settled, split]],
      /was settled only after the reward's block/,
    ],
    [
      'no split',
      [[pool, submitted, settled, influence(1n)], [accrued()], [split]],
      /No split of this fee was recorded by the end/,
    ],
    ['no contribution', [[pool, settled, split], [accrued({ contributionId: 0n })]], /names no contribution/],
    [
      'a contribution never submitted',
      [[pool, settled, split, influence(1n)], [accrued()]],
      /Contribution 5, .* was not submitted/,
    ],
    ['no attribution', [[pool, submitted, settled, split], [accrued()]], /No weight of contribution 5 .* was recorded/],
    [
      'a weight that was revised away',
      [
        [pool, submitted, settled, split, influence(1n)],
        [['AttributionRevised', { inferenceId: ASKED }], accrued()],
      ],
      /The latest revision of the attribution gives contribution 5 no weight/,
    ],
  ];
  it.each(missing)('does not guess with %s', async (_, blocks, text) => {
    const found = await explain(2, blocks);
    expect(found).toMatchObject({ expected: null, difference: null });
    expect(step(found, 'UNKNOWN')).toMatchObject({ amount: null, formula: null });
    expect(step(found, 'UNKNOWN').text).toMatch(text);
    expect(found.summary).toContain(step(found, 'UNKNOWN').text);
  });

  it('says that a pool was never created, and that nothing was paid into it', async () => {
    const found = await explain(2, [[submitted, settled, split, influence(250_000n)], [accrued()]]);
    expect(found.steps.filter(({ kind }) => kind === 'UNKNOWN').map(({ text }) => text)).toEqual([
      expect.stringMatching(/was never created, so its token, its kind and whom it is for are not recorded\.$/),
      'Nothing was paid into the pool before this reward: what backs it is not recorded.',
    ]);
    expect(step(found, 'ACCRUED')).toMatchObject({ amount: { token: { id: 'token:1:unknown' } } });
    expect(found.summary).toContain('175000000000000000 smallest units of an unknown token');
    expect(found.summary).toContain('By the fee it should be 0.175 OPEN; the pool pays another token.');
  });

  it('says so where a pool declares fees that no split paid', async () => {
    // The splits paid 0.7 OPEN into the contributors' part; two pools declare 0.7 and 0.1.
    const also: Told[] = [
      ['PoolCreated', { poolId: OTHER_POOL, kind: 0n }],
      ['PoolFunded', { poolId: OTHER_POOL, source: 0n, amount: OPEN / 10n }],
    ];
    const found = await explain(5, [...loop, [accrued(), ...also]]);
    const unknown = step(found, 'UNKNOWN');
    expect(unknown.text).toContain('the splits of such fees paid 0.1 OPEN less than pools like it declare');
    expect(unknown).toMatchObject({ amount: { amount: '100000000000000000' }, evidence: [{ event: 'PoolFunded' }] });
    expect(found.expected).toBe('175000000000000000');
  });

  it('says what the pool was funded by and how that backs the reward', async () => {
    const found = await explain(2, [
      [
        pool,
        ['PoolFunded', { poolId: POOL, source: 1n, amount: 3n }],
        ['PoolFunded', { poolId: POOL, source: 2n, amount: 1n }],
      ],
      [accrued({ amount: 8n, ref: ZERO_HASH })],
    ]);
    expect(step(found, 'POOL_FUNDED')).toMatchObject({ amount: { amount: '4' }, formula: '3 + 1' });
    expect(step(found, 'POOL_FUNDED').text).toContain(
      'In that mix the reward is 0.000000000000000006 OPEN from emission, 0.000000000000000002 OPEN from grants.',
    );
  });

  it('adds ten of the largest amounts there are', async () => {
    const ten = Array.from({ length: 10 });
    const found = await explain(2, [
      [
        pool,
        submitted,
        ['InferenceSettled', { inferenceId: ASKED, receipt: receipt({ fee: MAX }) }],
        ['FeeSplit', { inferenceId: ASKED, platform: MAX, model: MAX, stakers: MAX, contributors: MAX }],
        influence(2n ** 32n - 1n),
        ...ten.map((): Told => ['PoolFunded', { poolId: POOL, source: 0n, ref: ASKED, amount: MAX }]),
      ],
      [accrued({ amount: MAX })],
      [
        ...ten.map((): Told => ['InferenceRefunded', { inferenceId: ASKED, amount: MAX }]),
        ...ten.map((): Told => ['RewardReversed', { poolId: POOL, beneficiary: BOB, ref: ASKED, amount: MAX }]),
        ...ten.map((): Told => ['RewardClaimed', { poolId: POOL, beneficiary: BOB, amount: MAX }]),
      ],
    ]);
    const expected = (MAX * (2n ** 32n - 1n)) / 1_000_000n;
    expect(found).toMatchObject({ expected: String(expected), difference: String(MAX - expected) });
    expect(step(found, 'POOL_FUNDED').amount?.amount).toBe(String(10n * MAX));
    expect(step(found, 'FEE_PAID', 1).amount?.amount).toBe(String(10n * MAX));
    expect(step(found, 'REVERSED').amount?.amount).toBe(String(10n * MAX));
    expect(step(found, 'CLAIMED').amount?.amount).toBe(String(10n * MAX));
    // Ten declared by the pool, one paid by the split.
    expect(step(found, 'UNKNOWN').amount?.amount).toBe(String(9n * MAX));
  });

  it('is null for a reward that is not there and for ids of other types, and refuses what is no id', async () => {
    await commit([[pool], [accrued()]]);
    for (const id of ['reward:1:2-1', 'reward:1:9-0', 'reward:7:2-0', `pool:1:${POOL}`, 'datanet:1:1', 'claim:1:2-0']) {
      expect(await ask(id)).toBeNull();
    }
    const { errors } = await api.ask('{ explainReward(id: "nonsense") { summary } }');
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'id' });
  });
});
