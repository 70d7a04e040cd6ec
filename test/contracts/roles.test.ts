import { id } from 'ethers';
import type { ContractName } from '../../contracts/artifacts';
import { contribute, orderOf, startLoop } from './loop';
import { NATIVE, OPEN, type Person, startWorld, type World, word } from './world';

const OFFICERS: Person[] = ['arbiter', 'settler', 'attributor', 'treasurer', 'epochSettler'];
type Call = [contract: ContractName, method: string, args: unknown[]];

describe('no role can do another’s work', () => {
  let world: World;
  let loop: Awaited<ReturnType<typeof startLoop>>;

  beforeAll(async () => {
    world = await startWorld();
    loop = await startLoop(world);
  });
  afterAll(() => world.close());

  const ours: [officer: Person, calls: () => Call[]][] = [
    [
      'arbiter',
      () => [
        ['ContributionRegistry', 'resolveDispute', [1, true]],
        ['ContributionRegistry', 'condemn', [loop.first, 1]],
        ['RiskLedger', 'punish', [world.account.dave, 1, 1, 0, loop.datanetId]],
        ['RewardLedger', 'reverse', [[word(1), world.account.carol, word(1), 0, loop.first, 1], 2]],
      ],
    ],
    [
      'settler',
      () => [
        ['InferenceLedger', 'settle', [orderOf(world, { modelId: loop.modelId, number: 1 }).order]],
        ['InferenceLedger', 'split', [word(1)]],
        ['InferenceLedger', 'refund', [word(1), 1, 1]],
      ],
    ],
    [
      'attributor',
      () => [
        ['AttributionLedger', 'attribute', [word(1), 0, '', [[loop.datanetId, loop.first, 1, 1_000_000]]]],
        ['AttributionLedger', 'commit', [word(1), 0, word(1), 1, '']],
        ['AttributionLedger', 'record', [word(1), [], []]],
        ['AttributionLedger', 'revise', [word(1), [], word(1)]],
      ],
    ],
    ['treasurer', () => [['EmissionAllocation', 'release', [0, [loop.datanetId], [1]]]]],
    ['epochSettler', () => [['RewardLedger', 'settleEpoch', [word(1), 1, []]]]],
  ];

  it.each(ours)('what is the %s’s is refused to every other officer and to strangers', async (officer, calls) => {
    for (const [contract, method, args] of calls()) {
      for (const other of [...OFFICERS.filter((each) => each !== officer), 'deployer', 'heidi'] as Person[]) {
        expect([method, other, await world.attempt(other, contract, method, args)]).toEqual([
          method,
          other,
          'NotAllowed',
        ]);
      }
    }
  });

  it('what only contracts of the loop may call is refused to everyone else', async () => {
    const { carol } = world.account;
    const calls: Call[] = [
      ['RiskLedger', 'escrow', [carol, 0, word(1), 0]],
      ['RiskLedger', 'release', [carol, 0, word(1)]],
      ['RiskLedger', 'slash', [carol, 0, word(loop.first), carol]],
      ['RiskLedger', 'slashToPool', [carol, 0, word(loop.first), 0, loop.datanetId]],
      ['RiskLedger', 'changeReputation', [carol, loop.datanetId, word(1), 1]],
      ['RewardLedger', 'fund', [0, loop.datanetId, NATIVE, 0, word(1), carol, 0]],
      ['RewardLedger', 'fund', [0, loop.datanetId, NATIVE, 1, word(1), carol, 0]],
      ['RewardLedger', 'fund', [0, loop.datanetId, NATIVE, 3, word(1), carol, 0]],
      ['RewardLedger', 'accrue', [[]]],
      ['CreditManager', 'spend', [carol, 0]],
      ['InferenceLedger', 'fundDatanets', [word(1), [], []]],
      ['InferenceLedger', 'setFeeParams', [[1, 1, 1, 9_997, 4_000_000_000]]],
    ];
    for (const [contract, method, args] of calls) {
      for (const person of [...OFFICERS, 'carol'] as Person[]) {
        expect([method, await world.attempt(person, contract, method, args)]).toEqual([method, 'NotAllowed']);
      }
    }
    expect(await world.attempt('carol', 'RewardLedger', 'fund', [0, 1, NATIVE, 2, word(1), carol, 0])).toBe(
      'BadSource',
    );
  });

  it('what is an owner’s, a curator’s, a builder’s, a contributor’s or a user’s is theirs alone', async () => {
    const { datanetId, first, modelId } = loop;
    const pending = await contribute(world, 'carol', datanetId, 'pending');
    const own = await contribute(world, 'alice', datanetId, 'alice’s own');
    const { order, inferenceId } = orderOf(world, { modelId, number: 50 });
    await world.send('settler', 'InferenceLedger', 'settle', [order]);
    const calls: [who: Person, refusal: string, ...Call][] = [
      ['bob', 'NotOwner', 'DatanetRegistry', 'updateDatanet', [datanetId, 2, id(''), '']],
      ['bob', 'NotOwner', 'DatanetRegistry', 'transferOwnership', [datanetId, world.account.bob]],
      ['bob', 'NotOwner', 'DatanetRegistry', 'setCurator', [datanetId, world.account.bob, true, 99]],
      ['carol', 'NotCurator', 'DatanetRegistry', 'publishVersion', [datanetId, id(''), 1, id('')]],
      ['carol', 'NotCurator', 'ContributionRegistry', 'score', [[pending], 1, [1_000_000], id('')]],
      ['alice', 'OwnContribution', 'ContributionRegistry', 'score', [[own], 1, [1_000_000], id('')]],
      ['alice', 'BadScore', 'ContributionRegistry', 'score', [[pending], 1, [1_000_001], id('')]],
      ['alice', 'BadRound', 'ContributionRegistry', 'score', [[pending], 2, [1_000_000], id('')]],
      ['alice', 'NotScored', 'ContributionRegistry', 'finalize', [[pending]]],
      ['carol', 'NotCurator', 'ContributionRegistry', 'finalize', [[pending]]],
      ['alice', 'WrongStatus', 'ContributionRegistry', 'finalize', [[first]]],
      ['frank', 'NotContributor', 'ContributionRegistry', 'link', [pending, first, 1]],
      ['carol', 'NotCurator', 'ContributionRegistry', 'link', [pending, first, 0]],
      ['heidi', 'NotBuilder', 'ModelRegistry', 'publishVersion', [modelId, word(0), id(''), 0]],
      ['heidi', 'NotBuilder', 'ModelRegistry', 'setPrice', [modelId, NATIVE, 0, 0, 0]],
      ['heidi', 'NotBuilder', 'ModelRegistry', 'recordTrainingRun', [id('r'), modelId, id(''), id(''), []]],
      ['dave', 'BadWeights', 'ModelRegistry', 'recordTrainingRun', [id('r'), modelId, id(''), id(''), []]],
      [
        'dave',
        'NoSuchDatanetVersion',
        'ModelRegistry',
        'recordTrainingRun',
        [id('r'), modelId, id(''), id(''), [[datanetId, 2, 1_000_000]]],
      ],
      ['heidi', 'NotUser', 'ModelRegistry', 'recordFeedback', [inferenceId, 5, id('')]],
      ['erin', 'BadRating', 'ModelRegistry', 'recordFeedback', [inferenceId, 6, id('')]],
    ];
    for (const [who, refusal, contract, method, args] of calls) {
      expect([who, method, await world.attempt(who, contract, method, args)]).toEqual([who, method, refusal]);
    }
    expect(await world.attempt('erin', 'ModelRegistry', 'recordFeedback', [inferenceId, 5, id('')])).toBe('done');
    expect(await world.attempt('erin', 'ModelRegistry', 'recordFeedback', [inferenceId, 5, id('')])).toBe(
      'AlreadyRated',
    );
  });

  it('an attribution must be of a settled inference, name accepted contributions, and weigh 1,000,000 ppm', async () => {
    const { datanetId, first, second, modelId } = loop;
    const pending = await contribute(world, 'carol', datanetId, 'not decided');
    const attribute = (inferenceId: string, influences: unknown[]) =>
      world.attempt('attributor', 'AttributionLedger', 'attribute', [inferenceId, 0, '', influences]);
    const whole = [[datanetId, first, 1, 1_000_000]];
    expect(await attribute(word(60), whole)).toBe('NotSettled');
    const held = orderOf(world, { modelId, number: 60, hold: true });
    await world.send('settler', 'InferenceLedger', 'settle', [held.order]);
    expect(await attribute(word(60), whole)).toBe('NotSplit');
    await world.send('settler', 'InferenceLedger', 'split', [word(60)]);
    expect(await attribute(word(60), [])).toBe('NoLeaves');
    expect(await attribute(word(60), [[datanetId, pending, 1, 1_000_000]])).toBe('BadInfluence');
    expect(await attribute(word(60), [[datanetId + 1n, first, 1, 1_000_000]])).toBe('BadInfluence');
    expect(await attribute(word(60), [[datanetId, first, 1, 999_999]])).toBe('BadWeights');
    expect(
      await attribute(word(60), [
        [datanetId, first, 1, 1_000_000],
        [datanetId, second, 1, 1],
      ]),
    ).toBe('BadWeights');
    expect(await attribute(word(60), whole)).toBe('done');
    expect(await attribute(word(60), whole)).toBe('AlreadyCommitted');
  });

  it('a contribution needs its bond, a curator a weight, fee parameters a sum of 10,000 and no past', async () => {
    const submit = [loop.datanetId, id('cheap'), 1, id(''), OPEN - 1n, ''];
    expect(await world.attempt('grace', 'ContributionRegistry', 'submit', submit, OPEN - 1n)).toBe('BondTooSmall');
    submit[4] = OPEN;
    expect(await world.attempt('grace', 'ContributionRegistry', 'submit', submit, 0n)).toBe('WrongValue');
    const curator = [loop.datanetId, world.account.grace, true, 0];
    expect(await world.attempt('alice', 'DatanetRegistry', 'setCurator', curator)).toBe('CuratorWithoutWeight');
    const soon = (await world.now()) + 1_000;
    const set = (params: unknown[]) => world.attempt('deployer', 'InferenceLedger', 'setFeeParams', [params]);
    expect(await set([1, 1, 1, 9_996, soon])).toBe('BadFeeParams');
    expect(await set([1, 1, 1, 9_997, soon - 2_000])).toBe('BadFeeParams');
    expect(await set([1, 1, 1, 9_997, soon])).toBe('done');
  });
});
