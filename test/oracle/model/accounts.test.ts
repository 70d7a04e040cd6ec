import { Oracle } from '../model';
import { ANN, account, BOB, blocksOf, CAT, COIN, MAX, only, RUN, receipt, told, ZERO } from '../told';
import type { JsonObject } from './json';

describe('an account', () => {
  test('owns, curates and is paid by what holds now', () => {
    const oracle = told(
      ['DatanetCreated', { datanetId: 1n, owner: ANN }],
      ['DatanetOwnershipTransferred', { datanetId: 1n, from: ANN, to: BOB }],
      ['CuratorSet', { datanetId: 1n, curator: ANN, active: true }],
      ['CuratorSet', { datanetId: 1n, curator: ANN, active: false }],
      ['CuratorSet', { datanetId: 1n, curator: CAT, active: true }],
      ['RequestUnstake', { recipient: BOB }],
      ['VoteCast', { voter: ANN }],
      ['AdapterRegistered', { builder: CAT }],
      ['ContributionSubmitted', { contributionId: 1n, contributor: CAT }],
      ['ContributionSubmitted', { contributionId: 1n, contributor: ANN }],
      ['RewardAccrued', { beneficiary: BOB, amount: 5n }],
      ['RewardReversed', { beneficiary: BOB, amount: 2n }],
      ['RewardClaimed', { beneficiary: BOB, to: ANN, amount: 4n }],
    );
    expect(oracle.accounts().map(({ address, roles }) => [String(address).toLowerCase(), roles])).toEqual([
      [ANN, ['VOTER']],
      [BOB, ['OWNER', 'STAKER', 'BENEFICIARY']],
      [CAT, ['CURATOR', 'CONTRIBUTOR', 'BUILDER']],
    ]);
    const unknown = (amount: number) => [{ token: { id: 'token:1:unknown' }, amount: String(amount) }];
    expect(oracle.find('accounts', `account:${BOB}`)).toMatchObject({
      rewardTotals: { accrued: unknown(5), reversed: unknown(2), claimed: unknown(4), claimable: unknown(-1) },
    });
  });

  test('is any address in arrays and structs, but no token and not zero, in the order of the arguments', () => {
    const oracle = told(
      ['ProposalCreated', { proposer: BOB, targets: [CAT, ZERO, BOB, ANN] }],
      ['InferenceSettled', { user: ZERO, receipt: receipt({ feeToken: COIN }) }],
      ['PriceSet', { token: COIN }],
      ['PoolCreated', { token: COIN }],
    );
    const addresses = oracle.accounts().map(({ address }) => String(address).toLowerCase());
    expect(addresses).toEqual([BOB, CAT, ANN]);
    expect(only(oracle.inferences())['user']).toEqual(account(ZERO));
  });

  test('has a bond and slashes per role, and a reputation per datanet', () => {
    const row = only(
      told(
        ['Slashed', { account: ANN, role: 2n, amount: 3n }],
        ['BondChanged', { account: ANN, role: 0n, delta: -1n, balance: 9n }],
        ['BondChanged', { account: ANN, role: 0n, delta: 5n, balance: 7n }],
        ['BondChanged', { account: ANN, role: 99n, balance: 1n }],
        ['ReputationChanged', { account: ANN, datanetId: 4n, score: -(2n ** 255n) }],
      ).accounts(),
    );
    expect(row['bonds']).toEqual([
      { chainId: 1, role: 'STAKER', balance: '0', slashed: '3' },
      { chainId: 1, role: 'CONTRIBUTOR', balance: '7', slashed: '0' },
      { chainId: 1, role: 'UNKNOWN', balance: '1', slashed: '0' },
    ]);
    expect(row['reputation']).toMatchObject([{ datanetId: '4', datanet: null, score: String(-(2n ** 255n)) }]);
  });

  test('is one over all chains, or one of a chain alone', () => {
    const oracle = new Oracle();
    for (const chainId of [2, 1])
      for (const block of blocksOf([['CreditPurchased', { user: ANN, creditAmount: BigInt(chainId) }]], chainId))
        oracle.apply(block);
    expect(only(oracle.accounts())).toMatchObject({
      creditsPurchased: '3',
      firstSeen: { block: { chainId: 1 } },
      lastSeen: { block: { chainId: 2 } },
    });
    expect(only(oracle.accounts(2))).toMatchObject({ creditsPurchased: '2', firstSeen: { block: { chainId: 2 } } });
  });
});

test('an event shows its arguments as text, structs as JSON', () => {
  const inputs = [{ datanetId: MAX, datanetVersion: 1n, weightPpm: 2n }];
  const [run, transfer] = told(
    ['TrainingRunRecorded', { runId: RUN, modelId: 3n, runner: ANN, inputs }],
    ['ProposalCreated', { targets: [ANN], signatures: ['a\0"b'] }],
  ).events() as [JsonObject, JsonObject];
  expect(run['subjects']).toEqual([`account:${ANN}`, `datanet:1:${MAX}`, 'model:1:3']);
  expect((run['args'] as JsonObject[]).slice(1)).toEqual([
    { name: 'modelId', type: 'uint256', value: '3' },
    { name: 'runner', type: 'address', value: '0xaAaAaAaaAaAaAaaAaAAAAAAAAaaaAaAaAaaAaaAa' },
    { name: 'configHash', type: 'bytes32', value: `0x${'00'.repeat(32)}` },
    { name: 'evalHash', type: 'bytes32', value: `0x${'00'.repeat(32)}` },
    {
      name: 'inputs',
      type: '(uint256,uint64,uint32)[]',
      value: `[{"datanetId":"${MAX}","datanetVersion":"1","weightPpm":"2"}]`,
    },
  ]);
  const args = Object.fromEntries((transfer['args'] as JsonObject[]).map(({ name, value }) => [name, value]));
  expect(args).toMatchObject({
    targets: '["0xaAaAaAaaAaAaAaaAaAAAAAAAAaaaAaAaAaaAaaAa"]',
    signatures: '["a\uFFFD\\"b"]',
  });
});
