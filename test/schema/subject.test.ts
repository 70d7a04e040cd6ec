import type { EventArgs } from '../../schema/eventDecoder';
import {
  type Subject,
  type SubjectKind,
  subjectId,
  subjectKey,
  subjectKeyHex,
  subjectKinds,
  subjectsOf,
} from '../../schema/subject';
import fc from '../run/fastCheck';
import { anyLogOf, eventNamed, everyEvent } from './anyEvent';

const ana = `0x${'a1'.repeat(20)}`;
const bob = `0x${'b0'.repeat(20)}`;
const usd = `0x${'0d'.repeat(20)}`;
const zero = `0x${'0'.repeat(40)}`;
const pool = `0x${'44'.repeat(32)}`;
const inference = `0x${'1f'.repeat(32)}`;
const none = `0x${'0'.repeat(64)}`;

/** event, arguments that matter (the others are zero), subjects as `kind key`. */
const table: [title: string, event: string, args: EventArgs, subjects: string[]][] = [
  ['an entity and an account', 'DatanetCreated', { datanetId: 7n, owner: ana }, ['datanet 7', `account ${ana}`]],
  ['ids of zero', 'DatanetUpdated', { datanetId: 0n }, ['datanet 0']],
  ['the greatest id', 'DatanetUpdated', { datanetId: 2n ** 256n - 1n }, [`datanet ${2n ** 256n - 1n}`]],
  [
    'both accounts of a transfer, in order',
    'DatanetOwnershipTransferred',
    { datanetId: 1n, from: bob, to: ana },
    ['datanet 1', `account ${bob}`, `account ${ana}`],
  ],
  [
    'an account once',
    'DatanetOwnershipTransferred',
    { datanetId: 1n, from: ana, to: ana },
    ['datanet 1', `account ${ana}`],
  ],
  ['no zero address', 'Transfer', { from: zero, to: ana, value: 5n }, [`account ${ana}`]],
  ['no token', 'PriceSet', { modelId: 3n, token: usd }, ['model 3']],
  [
    'a parent model',
    'ModelRegistered',
    { modelId: 3n, builder: bob, parentModelId: 2n },
    ['model 3', `account ${bob}`, 'model 2'],
  ],
  [
    'no parent where it is 0',
    'ModelRegistered',
    { modelId: 0n, builder: bob, parentModelId: 0n },
    ['model 0', `account ${bob}`],
  ],
  [
    'one model that is its own parent',
    'ModelRegistered',
    { modelId: 2n, builder: bob, parentModelId: 2n },
    ['model 2', `account ${bob}`],
  ],
  [
    'both contributions of a link',
    'ContributionLinked',
    { contributionId: 5n, otherId: 0n, relation: 1 },
    ['contribution 5', 'contribution 0'],
  ],
  [
    'a dispute',
    'DisputeOpened',
    { disputeId: 1n, contributionId: 1n, challenger: ana },
    ['dispute 1', 'contribution 1', `account ${ana}`],
  ],
  ['a beneficiary of zero as nobody', 'DisputeResolved', { disputeId: 4n, beneficiary: zero }, ['dispute 4']],
  [
    'every contribution of a batch',
    'ContributionBatchSubmitted',
    { datanetId: 2n, contributor: ana, firstContributionId: 2n ** 256n - 2n, contentHashes: [pool, pool] },
    ['datanet 2', `account ${ana}`, `contribution ${2n ** 256n - 2n}`, `contribution ${2n ** 256n - 1n}`],
  ],
  [
    'nothing of an empty batch',
    'ContributionBatchSubmitted',
    { datanetId: 2n, contributor: ana, firstContributionId: 9n, contentHashes: [] },
    ['datanet 2', `account ${ana}`],
  ],
  [
    'datanets inside structs of an array',
    'TrainingRunRecorded',
    {
      modelId: 1n,
      runner: bob,
      inputs: [3n, 4n, 3n].map((datanetId) => ({ datanetId, datanetVersion: 1n, weightPpm: 1 })),
    },
    ['model 1', `account ${bob}`, 'datanet 3', 'datanet 4'],
  ],
  [
    'adapters inside a struct, not its token',
    'InferenceSettled',
    {
      inferenceId: inference,
      modelId: 1n,
      user: ana,
      receipt: {
        modelVersion: 1,
        tokensIn: 1n,
        tokensOut: 1n,
        feeToken: usd,
        fee: 1n,
        adapterIds: [8n, 0n, 8n],
        outputHash: none,
      },
    },
    [`inference ${inference}`, 'model 1', `account ${ana}`, 'adapter 8', 'adapter 0'],
  ],
  ['an inference of zero', 'InferenceRefunded', { inferenceId: none }, [`inference ${none}`]],
  [
    'the datanet of a pool of kind 0',
    'PoolCreated',
    { poolId: pool, kind: 0, subjectId: 5n, token: usd },
    [`pool ${pool}`, 'datanet 5'],
  ],
  [
    'the model of a pool of kind 1',
    'PoolCreated',
    { poolId: pool, kind: 1, subjectId: 0n, token: usd },
    [`pool ${pool}`, 'model 0'],
  ],
  ['no subject of other kinds of pool', 'PoolCreated', { poolId: pool, kind: 3, subjectId: 5n }, [`pool ${pool}`]],
  ['no subject of an unknown kind', 'PoolCreated', { poolId: pool, kind: 200, subjectId: 5n }, [`pool ${pool}`]],
  [
    'the inference of a funding',
    'PoolFunded',
    { poolId: pool, ref: inference, funder: bob },
    [`pool ${pool}`, `inference ${inference}`, `account ${bob}`],
  ],
  [
    'no inference where ref is zero',
    'PoolFunded',
    { poolId: pool, ref: none, funder: bob },
    [`pool ${pool}`, `account ${bob}`],
  ],
  [
    'pool, beneficiary, inference and contribution of a reward',
    'RewardAccrued',
    { poolId: pool, beneficiary: ana, ref: inference, contributionId: 6n },
    [`pool ${pool}`, `account ${ana}`, `inference ${inference}`, 'contribution 6'],
  ],
  [
    'no contribution of a reward where it is 0',
    'RewardAccrued',
    { poolId: pool, beneficiary: ana, ref: none, contributionId: 0n },
    [`pool ${pool}`, `account ${ana}`],
  ],
  ['no inference where ref is something else', 'BondChanged', { account: ana, ref: inference }, [`account ${ana}`]],
  [
    'who is paid and where to',
    'RewardClaimed',
    { poolId: pool, beneficiary: ana, to: bob },
    [`pool ${pool}`, `account ${ana}`, `account ${bob}`],
  ],
  [
    'accounts of an array, each once',
    'ProposalCreated',
    { proposer: ana, targets: [bob, zero, ana, bob], values: [], signatures: [], calldatas: [] },
    [`account ${ana}`, `account ${bob}`],
  ],
  ['nobody', 'ConfigSet', { configId: 1n }, []],
];

describe('what an event names', () => {
  it.each(table)('is %s (%s)', (_, event, args, expected) => {
    const { decoder } = eventNamed(event);
    const zeros = Object.fromEntries(decoder.params.map(({ name, type }) => [name, zeroOf(type)]));
    const found = subjectsOf(decoder, { ...zeros, ...args });
    expect(found.map(({ kind, key }) => `${kind} ${key}`)).toEqual(expected);
  });

  it('is each thing once, with a key that its bytes hold', () => {
    const anyNamed = fc
      .constantFrom(...everyEvent)
      .chain((event) => anyLogOf(event).map((log) => ({ event, args: event.decoder.decode(log.topics, log.data) })));
    fc.assert(
      fc.property(anyNamed, ({ event, args }) => {
        const subjects = subjectsOf(event.decoder, args);
        const keys = subjects.map((subject) => subjectKeyHex(subject).slice(2));
        expect(new Set(keys).size).toBe(subjects.length);
        expect(keys.map(subjectOfKey)).toEqual(subjects);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the key of a subject', () => {
  it.each<[Subject, string]>([
    [{ kind: 'datanet', key: '0' }, '02'],
    [{ kind: 'datanet', key: '1' }, '0201'],
    [{ kind: 'contribution', key: '255' }, '03ff'],
    [{ kind: 'model', key: '256' }, '040100'],
    [{ kind: 'adapter', key: '4096' }, '051000'],
    [{ kind: 'dispute', key: String(2n ** 256n - 1n) }, `08${'ff'.repeat(32)}`],
    [{ kind: 'account', key: ana }, `01${'a1'.repeat(20)}`],
    [{ kind: 'inference', key: none }, `06${'00'.repeat(32)}`],
    [{ kind: 'pool', key: pool }, `07${'44'.repeat(32)}`],
  ])('of %j is %s', (subject, hex) => {
    expect(subjectKeyHex(subject)).toBe(`0x${hex}`);
    expect(subjectKey(subject).toString('hex')).toBe(hex);
  });

  it('is public with the chain, but for accounts, which are the same on every chain', () => {
    expect(subjectId(1612, { kind: 'datanet', key: '7' })).toBe('datanet:1612:7');
    expect(subjectId(1612, { kind: 'pool', key: pool })).toBe(`pool:1612:${pool}`);
    expect(subjectId(1612, { kind: 'account', key: ana })).toBe(`account:${ana}`);
  });
});

function zeroOf(type: string) {
  if (type.endsWith('[]')) return [];
  if (type === 'address') return zero;
  if (type === 'bytes32') return none;
  return type === 'string' ? '' : type === 'bool' ? false : /int(8|16|32)$/.test(type) ? 0 : 0n;
}

/** The way back from a key. */
function subjectOfKey(hex: string): Subject {
  const [kind] = Object.entries(subjectKinds).find(([, code]) => code === Number(hex.slice(0, 2)))!;
  const rest = hex.slice(2);
  const isHex = kind === 'account' || kind === 'inference' || kind === 'pool';
  return { kind: kind as SubjectKind, key: isHex ? `0x${rest}` : String(BigInt(`0x${rest || '0'}`)) };
}
