import { LogPack } from '../../indexer/store/logPack';
import { ContractSet, type Decoding, type RawLog } from '../../schema/contractSet';
import { type Profile, profiles } from '../../schema/profiles';
import { eventNamed, logOf, wordOf } from './anyEvent';

const home = `0x${'aB'.repeat(20)}`;
const other = `0x${'cd'.repeat(20)}`;
const ana = `0x${'a1'.repeat(20)}`;
const hash = `0x${'77'.repeat(32)}`;

const reference = (contract: string, address = home, startBlock = 0) => ({
  profile: 'openledger-reference',
  contract,
  address,
  startBlock,
});

function logAt(address: string, blockNumber: number, event: string, values: unknown[]): RawLog {
  const { topics, data } = logOf(eventNamed(event).fragment, values);
  return { blockNumber, logIndex: 3, transactionHash: hash, address: address.toLowerCase(), topics, data };
}
const refunded = (block: number, address = home) => logAt(address, block, 'InferenceRefunded', [hash, 5n, 1]);
const transferred = (block: number, address = home) =>
  logAt(address, block, 'DatanetOwnershipTransferred', [1n, ana, ana]);
const batch = (firstId: bigint, count: number) =>
  logAt(home, 9, 'ContributionBatchSubmitted', [1n, ana, firstId, Array(count).fill(hash), 2n]);

function decode(set: ContractSet, log: RawLog): Decoding {
  const [packed] = LogPack.of([log]);
  return set.decode(packed!);
}

/** What became of a log, in a word or two. */
function told(decoding: Decoding): string {
  if (decoding.kind === 'event') return `${decoding.type.contract}.${decoding.type.decoder.name}`;
  return decoding.kind === 'undecoded' ? `undecoded: ${decoding.reason}` : 'absent';
}

describe('the contracts of a chain', () => {
  it('decode the events of each contract at its address, whatever case it is written in', () => {
    const set = new ContractSet([reference('DatanetRegistry'), reference('InferenceLedger', other)], profiles);
    expect(set.addresses).toEqual([home.toLowerCase(), other]);
    expect(decode(set, refunded(12, other))).toMatchObject({ kind: 'event', type: { contract: 'InferenceLedger' } });
    expect(told(decode(set, transferred(12)))).toBe('DatanetRegistry.DatanetOwnershipTransferred');
  });

  it('know nothing of other addresses', () => {
    const set = new ContractSet([reference('DatanetRegistry')], profiles);
    expect(told(decode(set, transferred(1, other)))).toBe('absent');
  });

  it('may share an address: each event is that of the contract that has it', () => {
    const set = new ContractSet(
      [
        reference('DatanetRegistry'),
        reference('InferenceLedger', home.toLowerCase()),
        { profile: 'openledger-public', contract: 'OpenToken', address: home, startBlock: 0 },
      ],
      profiles,
    );
    expect(set.addresses).toEqual([home.toLowerCase()]);
    expect(told(decode(set, refunded(1)))).toBe('InferenceLedger.InferenceRefunded');
    expect(told(decode(set, transferred(1)))).toBe('DatanetRegistry.DatanetOwnershipTransferred');
    expect(told(decode(set, logAt(home, 1, 'Transfer', [ana, ana, 1n])))).toBe('OpenToken.Transfer');
  });

  it('leave undecoded what no contract at that address emits', () => {
    const set = new ContractSet([reference('DatanetRegistry'), reference('InferenceLedger', other)], profiles);
    expect(told(decode(set, refunded(1)))).toMatch(/^undecoded: no event of this address has topic0 0x/);
    expect(told(decode(set, { ...transferred(1), topics: [wordOf(1)] }))).toMatch(
      /^undecoded: no event of this address/,
    );
    expect(told(decode(set, { ...transferred(1), topics: [] }))).toMatch(/^undecoded: .*anonymous/);
  });

  it('leave undecoded an event with other topics than its own, as ERC-721 has the Transfer of ERC-20', () => {
    const set = new ContractSet(
      [{ profile: 'openledger-public', contract: 'OpenToken', address: home, startBlock: 0 }],
      profiles,
    );
    const { topics, ...log } = logAt(home, 1, 'Transfer', [ana, ana, 1n]);
    const nft = { ...log, topics: [...topics, wordOf(5)], data: '0x' };
    expect(told(decode(set, nft))).toBe('undecoded: Transfer has 3 topics, this log 4');
  });

  describe('with start blocks', () => {
    const set = new ContractSet(
      [reference('DatanetRegistry', home, 10), reference('InferenceLedger', home, 20)],
      profiles,
    );

    it.each<[string, RawLog, string | RegExp]>([
      ['before it', transferred(9), 'absent'],
      ['from it on', transferred(10), 'DatanetRegistry.DatanetOwnershipTransferred'],
      ['of the later one, before it', refunded(19), 'absent'],
      ['of the later one, from it on', refunded(20), 'InferenceLedger.InferenceRefunded'],
      ['unknown, before both', { ...refunded(9), topics: [wordOf(1)] }, 'absent'],
      ['unknown, after the first', { ...refunded(10), topics: [wordOf(1)] }, /^undecoded/],
      ['anonymous, before both', { ...refunded(9), topics: [] }, 'absent'],
      ['anonymous, after the first', { ...refunded(10), topics: [] }, /^undecoded/],
      ['malformed, before its start', { ...refunded(19), data: '0x' }, 'absent'],
      ['malformed, from its start on', { ...refunded(20), data: '0x' }, /^undecoded: InferenceRefunded needs 64 bytes/],
    ])('a log %s', (_, log, expected) => {
      if (typeof expected === 'string') expect(told(decode(set, log))).toBe(expected);
      else expect(told(decode(set, log))).toMatch(expected);
    });
  });

  it('take the one that fits of two contracts that share a topic0', () => {
    const shared: Record<string, Profile> = {
      tokens: {
        profile: 'tokens',
        version: 1,
        contracts: {
          Coin: ['event Transfer(address indexed from, address indexed to, uint256 value)'],
          Thing: ['event Transfer(address indexed from, address indexed to, uint256 indexed id)'],
        },
      },
    };
    const at = (contract: string, startBlock = 0) => ({ profile: 'tokens', contract, address: home, startBlock });
    const { topics, ...log } = logAt(home, 5, 'Transfer', [ana, ana, 1n]);
    const coin = { ...log, topics };
    const thing = { ...log, topics: [...topics, wordOf(1)], data: '0x' };
    for (const contracts of [
      [at('Coin'), at('Thing')],
      [at('Thing'), at('Coin')],
    ]) {
      const set = new ContractSet(contracts, shared);
      expect(told(decode(set, coin))).toBe('Coin.Transfer');
      expect(told(decode(set, thing))).toBe('Thing.Transfer');
      expect(told(decode(set, { ...log, topics: topics.slice(0, 1) }))).toMatch(/^undecoded: Transfer has \d topics/);
    }
    // Only one of them has begun: the other's form is undecoded, for it is that contract's topic0.
    const set = new ContractSet([at('Coin'), at('Thing', 6)], shared);
    expect(told(decode(set, thing))).toMatch(/^undecoded/);
  });

  it('decode a batch whose last id is the greatest there is, and none that passes it', () => {
    const set = new ContractSet([reference('ContributionRegistry')], profiles);
    const max = 2n ** 256n - 1n;
    expect(told(decode(set, batch(max, 1)))).toBe('ContributionRegistry.ContributionBatchSubmitted');
    expect(told(decode(set, batch(max - 2n, 3)))).toBe('ContributionRegistry.ContributionBatchSubmitted');
    expect(told(decode(set, batch(max, 0)))).toBe('ContributionRegistry.ContributionBatchSubmitted');
    expect(told(decode(set, batch(0n, 0)))).toBe('ContributionRegistry.ContributionBatchSubmitted');
    expect(told(decode(set, batch(max, 2)))).toBe('undecoded: the ids of its batch pass 2^256 - 1');
    expect(told(decode(set, batch(max - 2n, 4)))).toBe('undecoded: the ids of its batch pass 2^256 - 1');
  });

  it('list every event that they may emit, and refuse a contract that no profile has', () => {
    const set = new ContractSet([reference('RiskLedger')], profiles);
    expect(set.eventTypes.map(({ decoder }) => decoder.name)).toEqual(['BondChanged', 'Slashed', 'ReputationChanged']);
    expect(() => new ContractSet([reference('Nothing')], profiles)).toThrow(TypeError);
    expect(() => new ContractSet([{ ...reference('RiskLedger'), profile: 'no' }], profiles)).toThrow(TypeError);
  });
});
