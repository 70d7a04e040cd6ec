import { type Args } from '../log';
import { ASKED, COIN, MAX, nth, only, POOL, ROOT, RUN, receipt, type Told, told, ZERO, ZERO_HASH } from '../told';
import type { JsonObject } from './json';

describe('an inference', () => {
  const row = (...logs: Told[]) => only(told(...logs).inferences());
  const settled = (given: Args = {}): Told => [
    'InferenceSettled',
    { inferenceId: ASKED, modelId: 1n, receipt: receipt(given) },
  ];
  const leaf = (weightPpm: bigint): Told => ['InfluenceRecorded', { inferenceId: ASKED, weightPpm }];
  const committed = (leafCount: bigint, leavesRoot = ROOT): Told => [
    'AttributionCommitted',
    { inferenceId: ASKED, leafCount, leavesRoot },
  ];
  const revised = (newRoot: string): Told => ['AttributionRevised', { inferenceId: ASKED, newRoot }];

  test('has a residual once it is split, by the latest split', () => {
    const split = (model: bigint): Told => ['FeeSplit', { inferenceId: ASKED, platform: 1n, model, contributors: 2n }];
    const refund: Told = ['InferenceRefunded', { inferenceId: ASKED, amount: 10n }];
    expect(row(settled({ fee: 9n }), refund)).toMatchObject({ refunded: '10', residual: null, split: null });
    expect(row(split(4n), settled({ fee: 9n }))).toMatchObject({ residual: '2', split: { model: '4', stakers: '0' } });
    expect(row(settled({ fee: 9n }), split(4n), refund, split(MAX))).toMatchObject({ residual: String(-4n - MAX) });
  });

  test('is complete when the current leaves are as many as committed and weigh exactly 1,000,000', () => {
    const complete = (...logs: Told[]) => (row(settled(), ...logs)['attribution'] as JsonObject)['complete'];
    expect(complete(committed(2n), leaf(400_000n), leaf(600_000n))).toBe(true);
    expect(complete(leaf(400_000n), leaf(600_000n), committed(2n))).toBe(true);
    expect(complete(committed(2n), leaf(1_000_000n), leaf(0n))).toBe(true);
    expect(complete(committed(1n), leaf(1_000_000n), leaf(0n))).toBe(false);
    expect(complete(committed(2n), leaf(400_000n), leaf(599_999n))).toBe(false);
    expect(complete(committed(1n), leaf(1_000_001n))).toBe(false);
    expect(complete(committed(0n))).toBe(false);
    expect(complete(committed(1n), leaf(1_000_000n), revised(ROOT))).toBe(false);
    expect(complete(committed(1n), leaf(5n), revised(ROOT), leaf(1_000_000n))).toBe(true);
  });

  test('has the root of the later one of commitment and revision', () => {
    const root = (...logs: Told[]) => row(settled(), ...logs)['attribution'];
    expect(root(revised(RUN))).toBeNull();
    expect(root(revised(RUN), committed(1n))).toMatchObject({ leavesRoot: ROOT, revisions: 1 });
    expect(root(committed(1n), revised(RUN), revised(ASKED))).toMatchObject({ leavesRoot: ASKED, revisions: 2 });
  });

  test('keeps superseded influences as facts that are not current, and forgets none that come before the settlement', () => {
    const oracle = told(leaf(5n), revised(ROOT), leaf(6n), settled(), ['InfluenceRecorded', { inferenceId: RUN }]);
    expect(oracle.influences().map(({ id, current }) => [id, current])).toEqual([
      ['influence:1:1-0', false],
      ['influence:1:3-0', true],
    ]);
    expect(only(oracle.inferences())['influences']).toEqual([{ id: 'influence:1:3-0' }]);
  });

  test('lists existing adapters once, in the order of its receipt', () => {
    const oracle = told(['AdapterRegistered', { adapterId: 1n }], settled({ adapterIds: [7n, 2n, 1n, 2n] }), [
      'AdapterRegistered',
      { adapterId: 2n, modelId: 3n },
    ]);
    expect(only(oracle.inferences())['adapters']).toEqual([{ id: 'adapter:1:2' }, { id: 'adapter:1:1' }]);
    expect(oracle.adapters().map(({ inferenceCount, model }) => [inferenceCount, model])).toEqual([
      [1, null],
      [1, null],
    ]);
  });

  test('has the parameters that held right before it', () => {
    const params = (platformBps: bigint, effectiveAt: bigint): Told => ['FeeParamsSet', { platformBps, effectiveAt }];
    const price = (per1kIn: bigint, token = ZERO): Told => ['PriceSet', { modelId: 1n, token, per1kIn }];
    const version = (number: bigint): Told => ['ModelVersionPublished', { modelId: 1n, version: number }];
    const logs: Told[] = [
      params(1n, 900n), // effective at the inference's very second
      params(2n, 901n),
      params(3n, 0n),
      params(4n, 2n ** 64n - 1n),
      price(10n),
      price(20n),
      price(30n, COIN),
      version(2n),
      settled({ modelVersion: 2n }),
      params(5n, 0n),
      price(40n),
    ];
    expect(row(['ModelRegistered', { modelId: 1n }], ...logs)['parameters']).toMatchObject({ platformBps: 3 });
    const late = row(...logs, ['ModelRegistered', { modelId: 1n }])['parameters'] as JsonObject;
    expect(late).toMatchObject({ platformBps: 3, price: { per1kIn: '20' }, modelVersion: { version: '2' } });
    expect([late['since'], (late['price'] as JsonObject)['since']].map(nth)).toEqual([3, 6]);
    expect(row(params(1n, 100n), settled())['parameters']).toMatchObject({ platformBps: 1, price: null });
    expect(row(params(1n, 201n), settled())['parameters']).toMatchObject({ platformBps: null, since: null });
  });

  test('of the id zero is nobody’s ref', () => {
    const zero = ZERO_HASH;
    const oracle = told(['InferenceSettled', { inferenceId: zero }], ['RewardAccrued', { poolId: POOL, ref: zero }]);
    expect(only(oracle.inferences())['rewards']).toEqual([]);
    expect(only(oracle.rewards())['inference']).toBeNull();
  });
});
