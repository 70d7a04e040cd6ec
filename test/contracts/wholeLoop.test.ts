import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Interface, id } from 'ethers';
import { artifactOf, type ContractName, contractAt } from '../../contracts/artifacts';
import { buildModel, contribute, decide, foundDatanet, orderOf, setFeeParams } from './loop';
import { DAY, NATIVE, named, OPEN, startWorld, type World, ZERO_HASH } from './world';

type Profile = { contracts: Record<string, string[]> };
const profile = (name: string) =>
  JSON.parse(readFileSync(path.join(__dirname, `../../schema/profiles/${name}.json`), 'utf8')) as Profile;

/** `Contract.topic0` of the events of an ABI. */
function topicsOf(contract: string, abi: Interface): string[] {
  return abi.fragments.flatMap((fragment) =>
    fragment.type === 'event' ? [`${contract}.${id(fragment.format('sighash'))}`] : [],
  );
}

describe('the contracts and the profiles', () => {
  it.each(Object.entries(profile('openledger-reference').contracts))(
    '%s declares exactly the events of openledger-reference/1',
    (contract, events) => {
      const { abi } = artifactOf(contract as ContractName);
      const declared = new Interface(abi).fragments.filter((fragment) => fragment.type === 'event');
      const expected = new Interface(events).fragments;
      const full = (fragments: typeof declared) => fragments.map((each) => each.format('minimal')).sort();
      expect(full(declared)).toEqual(full([...expected]));
    },
  );

  it.each(['CreditManager', 'OpenToken', 'OpenGovernor'])('%s has the published events', (contract) => {
    const declared = topicsOf(contract, new Interface(artifactOf(contract as ContractName).abi));
    expect(declared).toEqual(
      expect.arrayContaining(topicsOf(contract, new Interface(profile('openledger-public').contracts[contract]!))),
    );
  });
});

describe('the whole loop', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  it('emits every event of openledger-reference/1, of credits, the token and the governor', async () => {
    const { account } = world;
    // Organize.
    await setFeeParams(world);
    const datanetId = await foundDatanet(world);
    await world.send('alice', 'DatanetRegistry', 'updateDatanet', [datanetId, 0, id('{ }'), 'data:,{ }']);
    const other = await foundDatanet(world, 'heidi');
    await world.send('heidi', 'DatanetRegistry', 'transferOwnership', [other, account.alice]);

    // Contribute: one accepted, one rejected, one disputed, one linked, one condemned.
    const good = await contribute(world, 'carol', datanetId, 'good');
    const better = await contribute(world, 'frank', datanetId, 'better');
    const poor = await contribute(world, 'frank', datanetId, 'poor');
    const stolen = await contribute(world, 'grace', datanetId, 'stolen');
    const twice = await contribute(world, 'grace', datanetId, 'good');
    const batch = await world.send(
      'carol',
      'ContributionRegistry',
      'submitBatch',
      [other, [id('b0'), id('b1'), id('b2')], OPEN],
      3n * OPEN,
    );
    const { firstContributionId } = named(batch, 'ContributionBatchSubmitted')[0] as { firstContributionId: bigint };
    await world.send('carol', 'ContributionRegistry', 'link', [firstContributionId, good, 2]);
    await decide(world, [good, better, stolen, firstContributionId]);
    await decide(world, [poor], 100_000);
    const duplicate = await decide(world, [twice]);
    expect(named(duplicate, 'ContributionFinalized')[0]).toMatchObject({ status: 2n, reason: 1n });
    await world.send('heidi', 'ContributionRegistry', 'openDispute', [stolen], OPEN);
    await world.send('arbiter', 'ContributionRegistry', 'resolveDispute', [1, true]);
    await world.send('arbiter', 'ContributionRegistry', 'condemn', [firstContributionId + 1n, 3]);

    // Build.
    const modelId = await buildModel(world, [datanetId, other]);
    const adapter = await world.send('heidi', 'ModelRegistry', 'registerAdapter', [modelId, 1, ZERO_HASH, id('a')]);
    const { adapterId } = named(adapter, 'AdapterRegistered')[0] as { adapterId: bigint };
    await world.send('bob', 'RiskLedger', 'postBond', [2, 5n * OPEN], 5n * OPEN);

    // Use and attribute.
    await world.send('erin', 'CreditManager', 'buyCredits', [], 100n * OPEN);
    const { inferenceId, order } = orderOf(world, { modelId, number: 1, adapterIds: [adapterId] });
    await world.send('settler', 'InferenceLedger', 'settle', [order]);
    const influences = [
      [datanetId, good, 70n, 700_000],
      [other, firstContributionId, 30n, 300_000],
      [datanetId, better, -4n, 0],
    ];
    await world.send('attributor', 'AttributionLedger', 'attribute', [inferenceId, 0, 'ipfs://proof', influences]);
    const revised = [
      [datanetId, good, 20n, 200_000],
      [datanetId, better, 50n, 500_000],
      [other, firstContributionId, 30n, 300_000],
    ];
    await world.send('attributor', 'AttributionLedger', 'revise', [inferenceId, revised, id('reason')]);
    await world.send('erin', 'ModelRegistry', 'recordFeedback', [inferenceId, 5, id('great')]);
    const held = orderOf(world, { modelId, number: 2, hold: true });
    await world.send('settler', 'InferenceLedger', 'settle', [held.order]);
    await world.send('settler', 'InferenceLedger', 'refund', [held.inferenceId, held.fee, 1]);

    // Reward.
    const pool = await world.read<string>('RewardLedger', 'poolIdOf', 0, datanetId, NATIVE);
    await world.send('carol', 'RewardLedger', 'claim', [[pool], account.carol]);
    await world.send('deployer', 'RewardLedger', 'grant', [0, datanetId, NATIVE, OPEN], OPEN);
    await world.provider.send('anvil_setBalance', [world.addresses.EmissionAllocation, '0x21e19e0c9bab2400000']);
    const epoch = await world.read<bigint>('RewardLedger', 'currentEpoch');
    await world.send('treasurer', 'EmissionAllocation', 'release', [0, [datanetId], [10n * OPEN]]);
    await world.skip(DAY);
    const shares = [
      [account.carol, 0, good, 6n * OPEN],
      [account.bob, 4, 0, OPEN],
    ];
    await world.send('epochSettler', 'RewardLedger', 'settleEpoch', [pool, epoch, shares]);

    // Govern.
    await govern(world);

    const wanted = [
      ...Object.keys(profile('openledger-reference').contracts),
      'CreditManager',
      'OpenToken',
      'OpenGovernor',
    ];
    const ofProfiles = {
      ...profile('openledger-public').contracts,
      ...profile('openledger-reference').contracts,
    };
    const expected = wanted.flatMap((contract) =>
      new Interface(ofProfiles[contract]!).fragments.map(
        (fragment) => `${contract}.${(fragment as { name?: string }).name}`,
      ),
    );
    const emitted = new Set(world.seen.map(({ contract, name }) => `${contract}.${name}`));
    expect(expected.filter((name) => !emitted.has(name))).toEqual([]);
  });
});

/** One proposal that changes the fee split and is carried out, one that is taken back. */
async function govern(world: World): Promise<void> {
  const { addresses, account, provider } = world;
  const votes = 20_000n * OPEN;
  await world.send('deployer', 'OpenToken', 'approve', [addresses.GovernanceToken, votes]);
  await world.send('deployer', 'GovernanceToken', 'depositFor', [account.alice, votes]);
  await world.send('alice', 'GovernanceToken', 'delegate', [account.alice]);
  await world.skip(1);
  const effectiveAt = (await world.now()) + 30 * DAY;
  const ledger = contractAt('InferenceLedger', addresses.InferenceLedger, provider).interface;
  const data = ledger.encodeFunctionData('setFeeParams', [[500, 3_000, 1_000, 5_500, effectiveAt]]);
  const proposal = [[addresses.InferenceLedger], [0], [data]];
  const proposed = await world.send('alice', 'OpenGovernor', 'propose', [...proposal, 'More for contributors']);
  const { proposalId } = named(proposed, 'ProposalCreated')[0] as { proposalId: bigint };
  await world.send('alice', 'OpenGovernor', 'propose', [...proposal, 'A mistake']);
  await world.send('alice', 'OpenGovernor', 'cancel', [...proposal, id('A mistake')]);
  await world.skip(DAY + 1);
  await world.send('alice', 'OpenGovernor', 'castVoteWithReason', [proposalId, 1, 'data is the product']);
  await world.skip(3 * DAY);
  await world.send('bob', 'OpenGovernor', 'queue', [...proposal, id('More for contributors')]);
  expect(await world.attempt('bob', 'OpenGovernor', 'execute', [...proposal, id('More for contributors')])).toBe(
    'TooEarly',
  );
  await world.skip(DAY);
  const executed = await world.send('bob', 'OpenGovernor', 'execute', [...proposal, id('More for contributors')]);
  expect(named(executed, 'FeeParamsSet')[0]).toMatchObject({ contributorsBps: 5_500n });
}
