import { AbiCoder, id, keccak256 } from 'ethers';
import { contribute, decide, foundDatanet, orderOf, startLoop } from './loop';
import { DAY, named, OPEN, startWorld, type World, word } from './world';

describe.each(['native', 'OpenToken'] as const)('bonds in %s', (bondToken) => {
  let world: World;
  let token: string;
  let datanetId: bigint;
  /** What goes along with a call that takes a bond. */
  const value = (amount: bigint) => (bondToken === 'native' ? amount : 0n);

  beforeAll(async () => {
    world = await startWorld({ bondToken });
    token = await world.read<string>('RiskLedger', 'bondToken');
    datanetId = await foundDatanet(world);
    if (bondToken === 'native') return;
    for (const person of ['carol', 'frank', 'grace', 'dave'] as const) {
      await world.send('deployer', 'OpenToken', 'transfer', [world.account[person], 1_000n * OPEN]);
      await world.send(person, 'OpenToken', 'approve', [world.addresses.RiskLedger, 1_000n * OPEN]);
    }
  });
  afterAll(() => world.close());

  const submit = async (who: 'carol' | 'frank', content: string) => {
    const args = [datanetId, id(content), 1, id(''), 2n * OPEN, ''];
    const events = await world.send(who, 'ContributionRegistry', 'submit', args, value(2n * OPEN));
    return named(events, 'ContributionSubmitted')[0]!['contributionId'] as bigint;
  };
  const bond = (who: 'carol' | 'frank' | 'grace' | 'dave', role: number) =>
    world.read<bigint>('RiskLedger', 'bondOf', world.account[who], role);
  /** All bonds of all people are in the ledger, and nothing else is. */
  const expectBooksToClose = async () => {
    const balances = new Map(
      named(world.seen, 'BondChanged').map((args) => [`${args['account']} ${args['role']}`, args['balance'] as bigint]),
    );
    const booked = [...balances.values()].reduce((total, each) => total + each, 0n);
    expect(await world.balance(world.addresses.RiskLedger, token)).toBe(booked);
  };

  it('an upheld dispute moves the contributor’s bond to the challenger, whose own comes back', async () => {
    const contributionId = await submit('carol', 'copied');
    await decide(world, [contributionId]);
    expect(await bond('carol', 0)).toBe(2n * OPEN);
    const before = await world.balance(world.account.grace, token);
    await world.send('grace', 'ContributionRegistry', 'openDispute', [contributionId], value(OPEN));
    expect(await world.attempt('alice', 'ContributionRegistry', 'releaseBonds', [[contributionId]])).toBe(
      'DisputesOpen',
    );
    const [dispute] = named(world.seen, 'DisputeOpened').slice(-1);
    const resolve = [dispute!['disputeId'], true];
    const events = await world.send('arbiter', 'ContributionRegistry', 'resolveDispute', resolve);
    expect(named(events, 'Slashed')[0]).toMatchObject({ amount: 2n * OPEN, beneficiary: world.account.grace });
    expect(named(events, 'DisputeResolved')[0]).toMatchObject({ upheld: true, slashed: 2n * OPEN });
    const gained = (await world.balance(world.account.grace, token)) - before;
    // Native gas is paid by Grace too.
    expect(gained > 2n * OPEN - OPEN / 10n && gained <= 2n * OPEN).toBe(true);
    expect([await bond('carol', 0), await bond('grace', 4)]).toEqual([0n, 0n]);
    expect(await world.attempt('arbiter', 'ContributionRegistry', 'resolveDispute', resolve)).toBe('AlreadyResolved');
    await expectBooksToClose();
  });

  it('a dispute that is not upheld moves the challenger’s bond to the contributor', async () => {
    const contributionId = await submit('frank', 'honest');
    await decide(world, [contributionId]);
    const before = await world.balance(world.account.frank, token);
    expect(await world.attempt('frank', 'ContributionRegistry', 'openDispute', [contributionId], value(OPEN))).toBe(
      'OwnContribution',
    );
    await world.send('grace', 'ContributionRegistry', 'openDispute', [contributionId], value(OPEN));
    expect(await world.attempt('dave', 'ContributionRegistry', 'openDispute', [contributionId], value(OPEN))).toBe(
      'Disputed',
    );
    const [dispute] = named(world.seen, 'DisputeOpened').slice(-1);
    await world.send('arbiter', 'ContributionRegistry', 'resolveDispute', [dispute!['disputeId'], false]);
    const gained = (await world.balance(world.account.frank, token)) - before;
    expect(gained > OPEN - OPEN / 10n && gained <= OPEN).toBe(true);
    expect(await world.read('ContributionRegistry', 'isAccepted', contributionId)).toBe(true);
    await world.skip(3 * DAY + 1);
    expect(await world.attempt('dave', 'ContributionRegistry', 'openDispute', [contributionId], value(OPEN))).toBe(
      'DisputesClosed',
    );
    await world.send('alice', 'ContributionRegistry', 'releaseBonds', [[contributionId]]);
    expect(await bond('frank', 0)).toBe(0n);
    await expectBooksToClose();
  });

  it('a condemned contribution’s bond funds its datanet’s pool with source SLASH', async () => {
    const contributionId = await submit('carol', 'poison');
    const events = await world.send('arbiter', 'ContributionRegistry', 'condemn', [contributionId, 9]);
    expect(named(events, 'ContributionFinalized')[0]).toMatchObject({ status: 3n, reason: 9n });
    expect(named(events, 'PoolFunded')[0]).toMatchObject({ source: 3n, amount: 2n * OPEN, ref: word(contributionId) });
    expect(await world.balance(world.addresses.RewardLedger, token)).toBe(2n * OPEN);
    await expectBooksToClose();
  });

  it('a rejected contribution’s bond is free at once; an accepted one’s after the time for disputes', async () => {
    const rejected = await submit('carol', 'poor');
    const accepted = await submit('carol', 'fine');
    await decide(world, [rejected], 499_999);
    await decide(world, [accepted], 500_000);
    await world.send('frank', 'ContributionRegistry', 'releaseBonds', [[rejected]]);
    expect(await world.attempt('frank', 'ContributionRegistry', 'releaseBonds', [[accepted]])).toBe('DisputesOpen');
    expect(await bond('carol', 0)).toBe(2n * OPEN);
    await world.skip(3 * DAY + 1);
    await world.send('frank', 'ContributionRegistry', 'releaseBonds', [[accepted]]);
    await expectBooksToClose();
  });

  it('a standing bond stays its time, then comes back; the arbiter takes no more than there is', async () => {
    await world.send('dave', 'RiskLedger', 'postBond', [1, 5n * OPEN], value(5n * OPEN));
    expect(await world.attempt('dave', 'RiskLedger', 'postBond', [0, OPEN], value(OPEN))).toBe('BadRole');
    expect(await world.attempt('dave', 'RiskLedger', 'withdrawBond', [1, OPEN])).toBe('BondStillHeld');
    const punish = (amount: bigint) =>
      world.attempt('arbiter', 'RiskLedger', 'punish', [world.account.dave, 1, amount, 0, datanetId]);
    expect(await punish(6n * OPEN)).toBe('BondTooSmall');
    expect(await punish(2n * OPEN)).toBe('done');
    await world.skip(DAY);
    expect(await world.attempt('dave', 'RiskLedger', 'withdrawBond', [1, 4n * OPEN])).toBe('BondTooSmall');
    expect(await world.attempt('dave', 'RiskLedger', 'withdrawBond', [1, 3n * OPEN])).toBe('done');
    expect(await bond('dave', 1)).toBe(0n);
    await expectBooksToClose();
  });
});

describe('stakers, trust and proofs', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  it('a staker’s share of the staking pool is bounded by the stake', async () => {
    const loop = await startLoop(world);
    await world.send('grace', 'RiskLedger', 'postBond', [2, 3n * OPEN], 3n * OPEN);
    await world.send('heidi', 'RiskLedger', 'postBond', [2, OPEN], OPEN);
    const { order, fee } = orderOf(world, { modelId: loop.modelId, number: 1 });
    await world.send('settler', 'InferenceLedger', 'settle', [order]);
    const pool = await world.read('RewardLedger', 'poolIdOf', 3, 0, `0x${'0'.repeat(40)}`);
    const epoch = await world.read<bigint>('RewardLedger', 'currentEpoch');
    await world.skip(DAY);
    const leg = fee / 10n;
    const settle = (ofGrace: bigint, ofHeidi: bigint) =>
      world.attempt('epochSettler', 'RewardLedger', 'settleEpoch', [
        pool,
        epoch,
        [
          [world.account.grace, 2, 0, ofGrace],
          [world.account.heidi, 2, 0, ofHeidi],
        ],
      ]);
    expect(await settle((leg * 3n) / 4n, leg / 4n + 1n)).toBe('NotEntitled');
    expect(await settle((leg * 3n) / 4n, leg / 4n)).toBe('done');

    // Reputation earns trust: after enough accepted work no bond is asked for.
    const { datanetId } = loop;
    const free = [datanetId, [id('free')], 0n];
    expect(await world.attempt('carol', 'ContributionRegistry', 'submitBatch', free)).toBe('BondTooSmall');
    const many = Array.from({ length: 30 }, (_, i) => id(`work ${i}`));
    const batch = await world.send('carol', 'ContributionRegistry', 'submitBatch', [datanetId, many, OPEN], 30n * OPEN);
    const first = named(batch, 'ContributionBatchSubmitted')[0]!['firstContributionId'] as bigint;
    await decide(
      world,
      many.map((_, i) => first + BigInt(i)),
    );
    expect(await world.attempt('carol', 'ContributionRegistry', 'submitBatch', free)).toBe('done');
  });

  it('records the leaves of a commitment only with their proofs, each once', async () => {
    const datanetId = await foundDatanet(world);
    const one = await contribute(world, 'carol', datanetId, 'one');
    const two = await contribute(world, 'frank', datanetId, 'two');
    await decide(world, [one, two]);
    await world.send('alice', 'DatanetRegistry', 'publishVersion', [datanetId, id(''), 2, id('')]);
    const { order, inferenceId } = orderOf(world, { modelId: 1n, number: 2 });
    await world.send('settler', 'InferenceLedger', 'settle', [order]);
    const leaf = (contributionId: bigint, who: 'carol' | 'frank', ppm: number) =>
      keccak256(
        keccak256(
          AbiCoder.defaultAbiCoder().encode(
            ['bytes32', 'uint256', 'uint256', 'address', 'int256', 'uint32'],
            [inferenceId, datanetId, contributionId, world.account[who], -3n, ppm],
          ),
        ),
      );
    const [a, b] = [leaf(one, 'carol', 250_000), leaf(two, 'frank', 750_000)];
    const root = keccak256(a < b ? a + b.slice(2) : b + a.slice(2));
    await world.send('attributor', 'AttributionLedger', 'commit', [inferenceId, 2, root, 2, 'ipfs://proofs']);
    const record = (contributionId: bigint, ppm: number, proof: string[]) => {
      const influence = [[datanetId, contributionId, -3n, ppm]];
      return world.attempt('attributor', 'AttributionLedger', 'record', [inferenceId, influence, [proof]]);
    };
    expect(await record(one, 250_001, [b])).toBe('BadProof');
    expect(await record(one, 250_000, [b])).toBe('done');
    expect(await record(one, 250_000, [b])).toBe('BadProof');
    expect(named(world.seen, 'RewardAccrued').filter((args) => args['contributionId'] === one)).toHaveLength(0);
    expect(await record(two, 750_000, [a])).toBe('done');
    expect(named(world.seen, 'RewardAccrued').filter((args) => args['contributionId'] === one)).toHaveLength(1);
    expect(await record(two, 750_000, [a])).toBe('AlreadyComplete');
  });
});
