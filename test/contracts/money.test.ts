import { id } from 'ethers';
import { buildModel, contribute, decide, foundDatanet, orderOf, setFeeParams, startLoop } from './loop';
import { DAY, type Decoded, NATIVE, named, OPEN, type Person, startWorld, type World } from './world';

const SPENDERS = ['CreditManager', 'InferenceLedger', 'RewardLedger'] as const;
const sum = (events: Decoded[], field = 'amount') =>
  events.reduce((total, args) => total + (args[field] as bigint), 0n);

/** What the RewardLedger owes by its events: funded less claimed, per token of the pool. */
function owed(world: World, token: string): bigint {
  const pools = new Map(named(world.seen, 'PoolCreated').map((args) => [args['poolId'], args['token']]));
  const of = (name: string) => sum(named(world.seen, name).filter((args) => pools.get(args['poolId']) === token));
  return of('PoolFunded') - of('RewardClaimed');
}

describe('the money', () => {
  let world: World;
  let loop: Awaited<ReturnType<typeof startLoop>>;
  let snapshot: string;
  let seenBefore: number;

  beforeAll(async () => {
    world = await startWorld();
    loop = await startLoop(world);
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    snapshot = (await world.provider.send('evm_snapshot', [])) as string;
    seenBefore = world.seen.length;
  });
  afterEach(async () => {
    await world.provider.send('evm_revert', [snapshot]);
    world.seen.length = seenBefore;
  });

  const settle = (options: Partial<Parameters<typeof orderOf>[1]> & { number: number }, value = 0n) => {
    const made = orderOf(world, { modelId: loop.modelId, ...options });
    return world.send('settler', 'InferenceLedger', 'settle', [made.order], value).then((events) => ({
      ...made,
      events,
    }));
  };
  const attribute = (inferenceId: string, firstPpm = 600_001) =>
    world.send('attributor', 'AttributionLedger', 'attribute', [
      inferenceId,
      0,
      '',
      [
        [loop.datanetId, loop.first, 6n, firstPpm],
        [loop.datanetId, loop.second, 4n, 1_000_000 - firstPpm],
      ],
    ]);
  const datanetPool = (token = NATIVE) => world.read<string>('RewardLedger', 'poolIdOf', 0, loop.datanetId, token);
  const held = () => Promise.all(SPENDERS.map((name) => world.balance(world.addresses[name])));

  it('in equals money out: a fee is its legs to the last wei, whatever the fee and the parameters', async () => {
    const cases: [platform: number, model: number, stakers: number, tokensIn: number][] = [
      [1_000, 3_000, 1_000, 1],
      [0, 0, 0, 999],
      [3_333, 3_333, 3_333, 777],
      [10_000, 0, 0, 31],
      [1, 9_998, 1, 12_345],
    ];
    let number = 100;
    for (const [platform, model, stakers, tokensIn] of cases) {
      await setFeeParams(world, platform, model, stakers);
      const { events, fee, inferenceId } = await settle({ number: number++, tokensIn });
      const [split] = named(events, 'FeeSplit') as Record<string, bigint>[];
      expect(split!['platform']! + split!['model']! + split!['stakers']! + split!['contributors']!).toBe(fee);
      expect(split!['model']).toBe((fee * BigInt(model)) / 10_000n);
      expect(sum(named(events, 'CreditConsumed'), 'creditAmount')).toBe(fee * 1_000n);
      const attributed = await attribute(inferenceId, 333_333);
      expect(sum(named([...events, ...attributed], 'PoolFunded'))).toBe(fee);
    }
    const [credits, ledger, rewards] = await held();
    const bought = sum(named(world.seen, 'CreditPurchased'), 'amountPaid');
    expect(credits! + ledger! + rewards!).toBe(bought);
    expect(ledger).toBe(0n);
    expect(rewards).toBe(owed(world, NATIVE));
  });

  it('rewards are what the protocol expects of them: floors of the weights, and the legs', async () => {
    const { events, inferenceId } = await settle({ number: 1 });
    const [split] = named(events, 'FeeSplit') as Record<string, bigint>[];
    expect(named(events, 'RewardAccrued').map((args) => [args['role'], args['amount']])).toEqual([
      [1n, split!['model']],
      [3n, split!['platform']],
    ]);
    const rewards = named(await attribute(inferenceId), 'RewardAccrued');
    expect(rewards.map((args) => [args['contributionId'], args['amount']])).toEqual([
      [loop.first, (split!['contributors']! * 600_001n) / 1_000_000n],
      [loop.second, (split!['contributors']! * 399_999n) / 1_000_000n],
    ]);
  });

  it('nobody claims twice, nor what is another’s; a claim really pays', async () => {
    const { inferenceId } = await settle({ number: 1 });
    await attribute(inferenceId);
    const pool = await datanetPool();
    const stranger = '0x00000000000000000000000000000000000000aa';
    const claims = await world.send('carol', 'RewardLedger', 'claim', [[pool], stranger]);
    expect(await world.balance(stranger)).toBe(named(claims, 'RewardClaimed')[0]!['amount']);
    expect(await world.attempt('carol', 'RewardLedger', 'claim', [[pool], stranger])).toBe('NothingToClaim');
    expect(await world.attempt('frank', 'RewardLedger', 'claim', [[pool, pool], stranger])).toBe('NothingToClaim');
    expect(await world.attempt('grace', 'RewardLedger', 'claim', [[pool], stranger])).toBe('NothingToClaim');
    expect((await held())[2]).toBe(owed(world, NATIVE));
  });

  it('a fee in an ERC-20 moves that token alone, from the user’s allowance to the pools and out again', async () => {
    const { OpenToken, InferenceLedger, RewardLedger } = world.addresses;
    const { erin, treasury, dave } = world.account;
    const price = [loop.modelId, OpenToken, 2n * OPEN, 6n * OPEN, OPEN / 10n];
    await world.send('dave', 'ModelRegistry', 'setPrice', price);
    await world.send('deployer', 'OpenToken', 'transfer', [erin, 100n * OPEN]);
    const order = { number: 7, token: OpenToken, payment: 'direct' } as const;
    const made = orderOf(world, { modelId: loop.modelId, ...order });
    expect(await world.attempt('settler', 'InferenceLedger', 'settle', [made.order])).toBe(
      'ERC20InsufficientAllowance',
    );
    await world.send('erin', 'OpenToken', 'approve', [InferenceLedger, 100n * OPEN]);
    const native = await held();
    const { inferenceId, fee } = await settle(order);
    await attribute(inferenceId);
    expect(await world.balance(erin, OpenToken)).toBe(100n * OPEN - fee);
    expect(await world.balance(RewardLedger, OpenToken)).toBe(fee);
    for (const [person, kind, subject] of [
      ['treasury', 2, 0],
      ['dave', 1, loop.modelId],
      ['carol', 0, loop.datanetId],
      ['frank', 0, loop.datanetId],
    ] as [Person, number, bigint | number][]) {
      const pool = await world.read('RewardLedger', 'poolIdOf', kind, subject, OpenToken);
      await world.send(person, 'RewardLedger', 'claim', [[pool], world.account[person]]);
    }
    expect(await world.balance(treasury, OpenToken)).toBeGreaterThan(0n);
    expect(await world.balance(dave, OpenToken)).toBeGreaterThan(0n);
    // What is left is the stakers' leg and at most a few units that rounding left in the datanet's pool.
    const stakers = await world.read('RewardLedger', 'poolIdOf', 3, 0, OpenToken);
    const { available } = await world.read<{ available: bigint }>('RewardLedger', 'pools', stakers);
    const rest = (await world.balance(RewardLedger, OpenToken)) - available;
    expect(rest).toBeGreaterThanOrEqual(0n);
    expect(rest).toBeLessThan(2n);
    expect(await held()).toEqual(native);
  });

  it('native OPEN that comes with the call must be the fee exactly', async () => {
    const { order, fee } = orderOf(world, { modelId: loop.modelId, number: 8, payment: 'direct' });
    expect(await world.attempt('settler', 'InferenceLedger', 'settle', [order], fee - 1n)).toBe('WrongValue');
    expect(await world.attempt('settler', 'InferenceLedger', 'settle', [order], fee)).toBe('done');
    expect(await world.attempt('settler', 'InferenceLedger', 'settle', [order], fee)).toBe('BadInferenceId');
  });

  it('refunds a held fee, in parts, and splits what is left by the parameters of the settlement', async () => {
    const { inferenceId, fee } = await settle({ number: 3, hold: true });
    await setFeeParams(world, 10_000, 0, 0);
    const before = await world.balance(world.account.erin);
    await world.send('settler', 'InferenceLedger', 'refund', [inferenceId, fee / 4n, 2]);
    expect(await world.balance(world.account.erin)).toBe(before + fee / 4n);
    expect(await world.attempt('settler', 'InferenceLedger', 'refund', [inferenceId, fee, 2])).toBe('RefundTooLarge');
    const [split] = named(await world.send('settler', 'InferenceLedger', 'split', [inferenceId]), 'FeeSplit') as Record<
      string,
      bigint
    >[];
    const rest = fee - fee / 4n;
    expect(split!['model']).toBe((rest * 3n) / 10n);
    expect(split!['platform']! + split!['model']! + split!['stakers']! + split!['contributors']!).toBe(rest);
    expect(await world.attempt('settler', 'InferenceLedger', 'split', [inferenceId])).toBe('AlreadySplit');
  });

  it('after the split only the contributors leg is refundable, until it is attributed, and the split is stated anew', async () => {
    const { inferenceId, fee, events } = await settle({ number: 4 });
    const leg = named(events, 'FeeSplit')[0]!['contributors'] as bigint;
    expect(await world.attempt('settler', 'InferenceLedger', 'refund', [inferenceId, leg + 1n, 1])).toBe(
      'RefundTooLarge',
    );
    const refunded = await world.send('settler', 'InferenceLedger', 'refund', [inferenceId, leg / 2n, 1]);
    const [split] = named(refunded, 'FeeSplit') as Record<string, bigint>[];
    expect(split!['platform']! + split!['model']! + split!['stakers']! + split!['contributors']!).toBe(fee - leg / 2n);
    await attribute(inferenceId);
    expect(await world.attempt('settler', 'InferenceLedger', 'refund', [inferenceId, 1n, 1])).toBe('RefundTooLarge');
    expect((await held())[2]).toBe(owed(world, NATIVE));
  });

  it('attributes to the last wei over several datanets, each funded for what it owes', async () => {
    const other = await foundDatanet(world);
    const third = await contribute(world, 'grace', other, 'third');
    await decide(world, [third]);
    const modelId = await buildModel(world, [loop.datanetId, other]);
    const { inferenceId, events } = await settle({ number: 5, modelId, tokensIn: 1_237 });
    const leg = named(events, 'FeeSplit')[0]!['contributors'] as bigint;
    const influences = [
      [loop.datanetId, loop.first, 1n, 333_333],
      [other, third, 1n, 333_333],
      [loop.datanetId, loop.second, 1n, 333_334],
    ];
    const attributed = await world.send('attributor', 'AttributionLedger', 'attribute', [
      inferenceId,
      1,
      '',
      influences,
    ]);
    const funded = named(attributed, 'PoolFunded');
    expect(funded).toHaveLength(2);
    expect(sum(funded)).toBe(leg);
    expect(funded[1]!['amount']).toBe((leg * 333_333n) / 1_000_000n);
    expect(leg - sum(named(attributed, 'RewardAccrued'))).toBeLessThan(3n);
  });

  it('a revision moves rewards that are unclaimed, within the datanet, and refuses the rest', async () => {
    const { inferenceId } = await settle({ number: 6 });
    await attribute(inferenceId);
    const all = [[loop.datanetId, loop.second, 1n, 1_000_000]];
    const revised = await world.send('attributor', 'AttributionLedger', 'revise', [inferenceId, all, id('why')]);
    expect(named(revised, 'RewardReversed')).toHaveLength(2);
    expect(named(revised, 'RewardAccrued').map((args) => args['beneficiary'])).toEqual([world.account.frank]);
    const { carol, frank } = world.account;
    const pool = await datanetPool();
    expect(await world.read('RewardLedger', 'claimable', pool, carol)).toBe(0n);
    await world.send('frank', 'RewardLedger', 'claim', [[pool], frank]);
    const back = [[loop.datanetId, loop.first, 1n, 1_000_000]];
    expect(await world.attempt('attributor', 'AttributionLedger', 'revise', [inferenceId, back, id('why')])).toBe(
      'NothingToReverse',
    );
    expect((await held())[2]).toBe(owed(world, NATIVE));
  });

  it('never accrues more than a pool holds, nor to a stranger, nor an epoch twice or early', async () => {
    const pool = await datanetPool();
    const { carol, grace } = world.account;
    await world.send('grace', 'RewardLedger', 'grant', [0, loop.datanetId, NATIVE, OPEN], OPEN);
    const epoch = await world.read<bigint>('RewardLedger', 'currentEpoch');
    const settleEpoch = (shares: unknown[]) =>
      world.attempt('epochSettler', 'RewardLedger', 'settleEpoch', [pool, epoch, shares]);
    expect(await settleEpoch([])).toBe('EpochNotOver');
    await world.skip(DAY);
    expect(await settleEpoch([[carol, 0, loop.first, OPEN + 1n]])).toBe('PoolTooSmall');
    expect(await settleEpoch([[grace, 0, loop.first, OPEN]])).toBe('NotEntitled');
    expect(await settleEpoch([[grace, 4, 0, OPEN]])).toBe('NotEntitled');
    expect(await settleEpoch([[carol, 0, loop.first, OPEN / 2n]])).toBe('done');
    expect(await settleEpoch([])).toBe('AlreadySettled');
    const settled = named(world.seen, 'EpochSettled')[0]!;
    expect([settled['feeAmount'], settled['emissionAmount'], settled['carried']]).toEqual([0n, 0n, OPEN / 2n]);
  });

  it('emissions are transfers from the allocation: within its epoch’s limit and what is left of it', async () => {
    const allocation = world.addresses.EmissionAllocation;
    const release = (amount: bigint) =>
      world.attempt('treasurer', 'EmissionAllocation', 'release', [0, [loop.datanetId], [amount]]);
    expect(await release(OPEN)).toBe('AllocationTooSmall');
    await world.provider.send('anvil_setBalance', [allocation, `0x${(10_001n * OPEN).toString(16)}`]);
    expect(await release(10_001n * OPEN)).toBe('AboveLimit');
    expect(await release(9_999n * OPEN)).toBe('done');
    expect(await release(2n * OPEN)).toBe('AboveLimit');
    await world.skip(DAY);
    expect(await release(3n * OPEN)).toBe('AllocationTooSmall');
    expect(await release(2n * OPEN)).toBe('done');
    expect(await world.balance(allocation)).toBe(0n);
    expect(named(world.seen, 'PoolFunded').every((args) => args['source'] === 1n || args['source'] === 0n)).toBe(true);
  });
});
