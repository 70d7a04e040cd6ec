import { id } from 'ethers';
import { ANN, ASKED, COIN, MAX, OTHER_POOL, POOL, receipt, type Told, told, ZERO } from '../told';
import type { JsonObject } from './json';

describe('a list', () => {
  const settled = (name: string, fee: bigint, feeToken = ZERO): Told => [
    'InferenceSettled',
    { inferenceId: id(name), modelId: 1n, receipt: receipt({ fee, feeToken }) },
  ];
  const names = ['a', 'b', 'c', 'd'];
  const named = (rows: JsonObject[]) => rows.map((row) => names.find((name) => id(name) === row['inferenceId']));

  test('is newest first, and by fee lists only that token, ties in the same direction', () => {
    const oracle = told(settled('a', 5n), settled('b', 7n), settled('c', 9n, COIN), settled('d', 5n));
    expect(named(oracle.list('inferences'))).toEqual(['d', 'c', 'b', 'a']);
    const orderBy = { field: 'FEE', token: 'token:1:native' } as const;
    expect(named(oracle.list('inferences', { orderBy }))).toEqual(['b', 'd', 'a']);
    expect(named(oracle.list('inferences', { orderBy: { ...orderBy, direction: 'ASC' } }))).toEqual(['a', 'd', 'b']);
    expect(named(oracle.list('inferences', { where: { attributed: true } }))).toEqual([]);
    expect(named(oracle.list('inferences', { where: { block: { gte: 2, lt: 4 } } }))).toEqual(['c', 'b']);
    const settledAt = { gte: '1970-01-01T00:05:00Z' };
    expect(named(oracle.list('inferences', { where: { settledAt } }))).toEqual(['d', 'c']);
  });

  test('by money puts entities without the token last in either direction, null scores lowest', () => {
    const oracle = told(
      ...[1n, 2n, 3n].map((contributionId): Told => ['ContributionSubmitted', { contributionId }]),
      ['ContributionFinalized', { contributionId: 2n }],
      ['PoolCreated', { poolId: POOL }],
      ['RewardAccrued', { poolId: POOL, contributionId: 3n, amount: 1n }],
      ['RewardAccrued', { poolId: POOL, contributionId: 1n, amount: 2n }],
    );
    const ids = (field: string, direction: 'ASC' | 'DESC', token?: string) =>
      oracle.list('contributions', { orderBy: { field, direction, token } }).map((row) => row['contributionId']);
    expect(ids('EARNED', 'DESC', 'token:1:native')).toEqual(['1', '3', '2']);
    expect(ids('EARNED', 'ASC', 'token:1:native')).toEqual(['3', '1', '2']);
    expect(ids('SCORE', 'DESC')).toEqual(['2', '3', '1']);
    expect(ids('SCORE', 'ASC')).toEqual(['1', '3', '2']);
  });

  test('of rewards goes by the keys that events name and by the source of a part', () => {
    const oracle = told(
      ['PoolFunded', { poolId: POOL, source: 1n, amount: 1n }],
      ['RewardAccrued', { poolId: POOL, ref: ASKED, role: 3n, amount: 5n, beneficiary: ANN }],
      ['RewardAccrued', { poolId: OTHER_POOL, contributionId: 4n, amount: MAX }],
      ['ContributionSubmitted', { contributionId: 4n, datanetId: 6n }],
    );
    const found = (where: JsonObject) => oracle.list('rewards', { where }).map((row) => row['amount']);
    const [five, most] = [5n, MAX].map((amount) => ({ token: { id: 'token:1:unknown' }, amount: String(amount) }));
    expect(found({ pool: { eq: `pool:1:${POOL}` } })).toEqual([five]);
    expect(found({ inference: { in: [`inference:1:${ASKED}`] } })).toEqual([five]);
    expect(found({ beneficiary: { eq: ANN.toUpperCase().replace('0X', '0x') } })).toEqual([five]);
    expect(found({ datanet: { eq: 'datanet:1:6' } })).toEqual([most]);
    expect(found({ source: 'UNKNOWN' })).toEqual([most]);
    expect(found({ role: 'PLATFORM', source: 'EMISSION' })).toEqual([five]);
    expect(found({ amount: { gt: '5' } })).toEqual([most]);
    expect(found({ token: 'token:1:unknown' })).toEqual([most, five]);
  });
});
