import { keccak256, toUtf8Bytes } from 'ethers';
import { ANN, account, BOB, CAT, native, nth, OTHER_POOL, only, POOL, ROOT, type Told, told } from '../told';
import type { JsonObject } from './json';

describe('a datanet', () => {
  test('keeps its first creation, and what was said before it loses to it', () => {
    const datanet = only(
      told(
        ['DatanetOwnershipTransferred', { datanetId: 1n, to: CAT }],
        ['DatanetUpdated', { datanetId: 1n, status: 2n, metadataURI: 'early' }],
        ['DatanetVersionPublished', { datanetId: 1n, version: 7n }],
        ['DatanetCreated', { datanetId: 1n, owner: ANN, dataType: 9n, metadataURI: 'first' }],
        ['DatanetCreated', { datanetId: 1n, owner: BOB, dataType: 1n, metadataURI: 'second' }],
        ['DatanetVersionPublished', { datanetId: 1n, version: 3n }],
        ['DatanetVersionPublished', { datanetId: 1n, version: 7n, itemCount: 5n }],
      ).datanets(),
    );
    expect(datanet).toMatchObject({ owner: account(ANN), dataType: 'UNKNOWN', status: 'ACTIVE', metadataURI: 'first' });
    expect(nth(datanet['createdAt'])).toBe(4);
    expect(datanet['latestVersion']).toBe('7');
    expect((datanet['versions'] as JsonObject[]).map(({ version, itemCount }) => [version, itemCount])).toEqual([
      ['3', '0'],
      ['7', '0'],
    ]);
  });

  test('changes hands and state by the latest event', () => {
    const datanet = only(
      told(
        ['DatanetCreated', { datanetId: 1n, owner: ANN }],
        ['DatanetOwnershipTransferred', { datanetId: 1n, to: BOB }],
        ['DatanetUpdated', { datanetId: 1n, status: 1n }],
        ['DatanetUpdated', { datanetId: 1n, status: 200n }],
        ['CuratorSet', { datanetId: 1n, curator: CAT, active: true, weight: 5n }],
        ['CuratorSet', { datanetId: 1n, curator: ANN, active: true }],
        ['CuratorSet', { datanetId: 1n, curator: CAT, active: false, weight: 2n }],
      ).datanets(),
    );
    expect(datanet).toMatchObject({ owner: account(BOB), status: 'UNKNOWN' });
    const curators = datanet['curators'] as JsonObject[];
    expect(curators.map(({ account, active, weight }) => [account, active, weight])).toEqual([
      [account(CAT), false, '2'],
      [account(ANN), true, '0'],
    ]);
    expect(nth(curators[0]?.['since'])).toBe(7);
  });

  test('never created is in the feed alone', () => {
    const oracle = told(
      ['DatanetUpdated', { datanetId: 9n }],
      ['CuratorSet', { datanetId: 9n, curator: ANN, active: true }],
    );
    expect(oracle.datanets()).toEqual([]);
    expect(only(oracle.accounts())['roles']).toEqual([]);
    expect(oracle.events().map(({ subjects }) => subjects)).toEqual([
      ['datanet:1:9'],
      [`account:${ANN}`, 'datanet:1:9'],
    ]);
  });

  test('earns what its contributions and its pools get, each reward once', () => {
    const oracle = told(
      ['DatanetCreated', { datanetId: 1n }],
      ['ContributionSubmitted', { contributionId: 3n, datanetId: 1n }],
      ['ContributionSubmitted', { contributionId: 0n, datanetId: 1n }],
      ['PoolCreated', { poolId: POOL, kind: 0n, subjectId: 1n }],
      ['RewardAccrued', { poolId: POOL, contributionId: 3n, amount: 1n }],
      ['RewardAccrued', { poolId: POOL, contributionId: 0n, amount: 10n }],
      ['RewardAccrued', { poolId: OTHER_POOL, contributionId: 3n, amount: 100n }],
      ['RewardAccrued', { poolId: OTHER_POOL, contributionId: 0n, amount: 1000n }],
    );
    expect(only(oracle.datanets())['earned']).toEqual([
      native(11),
      { token: { id: 'token:1:unknown' }, amount: '100' },
    ]);
    // A reward's contributionId 0 is none, though contribution 0 exists.
    expect(oracle.contributions().map(({ contributionId, stage }) => [contributionId, stage])).toEqual([
      ['3', 'PAID'],
      ['0', 'UNSCORED'],
    ]);
  });

  test('takes its name from a document that has the hash, of either encoding', () => {
    const json = '{"name":"Bird \\u0000 song","description":5}';
    const created = (datanetId: bigint, metadataURI: string, metadataHash = keccak256(toUtf8Bytes(json))): Told => [
      'DatanetCreated',
      { datanetId, metadataURI, metadataHash },
    ];
    const oracle = told(
      created(1n, `data:application/json,${encodeURIComponent(json)}`),
      created(2n, `data:application/json;base64,${Buffer.from(json).toString('base64')}`),
      created(3n, `data:application/json,${json}`, ROOT),
      created(4n, 'https://example.org/unfetched'),
    );
    expect(oracle.datanets().map(({ name, description }) => [name, description])).toEqual([
      ['Bird \uFFFD song', null],
      ['Bird \uFFFD song', null],
      [null, null],
      [null, null],
    ]);
  });
});
