import { Interface, id, keccak256, toUtf8Bytes } from 'ethers';
import { networkOf } from '../../demo/network';
import { rpcTo, toHex } from '../../demo/rpc';
import { parseNetworkFile } from '../../schema/networkFile';
import { profiles } from '../../schema/profiles';
import { type BuiltHistory, buildOn, HISTORY_SECONDS } from './builtHistory';

const DAY = 86_400;
const NATIVE = `0x${'0'.repeat(40)}`;
const DEFAULT_EVENTS = 5_000;

/** The default history, judged by the logs of its chain alone. */
describe('the demo’s history looks like an economy', () => {
  let built: BuiltHistory;
  const all = <T>(name: string): (T & { at: number })[] =>
    built.events.filter((event) => event.name === name).map(({ args, at }) => ({ ...(args as T), at }));

  beforeAll(async () => {
    built = await buildOn(1, DEFAULT_EVENTS);
  });
  afterAll(() => built.close());

  it('has as many events as were asked for, over sixty days, and no call reverted', async () => {
    expect(built.events.length).toBeGreaterThan(DEFAULT_EVENTS * 0.98);
    expect(built.events.length).toBeLessThan(DEFAULT_EVENTS * 1.02);
    expect(built.history.reverted).toEqual([]);
    expect(built.history.isNew).toBe(true);
    const [first, last] = [built.events[0]!.at, built.events.at(-1)!.at];
    expect(last - first).toBeGreaterThan(HISTORY_SECONDS - DAY);
    const block = await rpcTo(built.url).call<{ timestamp: string }>('eth_getBlockByNumber', ['latest', false]);
    expect(Number(block.timestamp)).toBe(built.history.endsAt);
    for (let day = 3; day < 60; day++) {
      const from = built.history.startsAt + day * DAY;
      expect(built.events.some(({ at }) => at >= from && at < from + DAY)).toBe(true);
    }
  });

  it('has every kind of event of the loop, of credits, the token and the governor', () => {
    const { contracts: reference } = profiles['openledger-reference']!;
    const { CreditManager, OpenToken, OpenGovernor } = profiles['openledger-public']!.contracts;
    const wanted = Object.entries({ ...reference, CreditManager, OpenToken, OpenGovernor }).flatMap(([contract, abi]) =>
      new Interface(abi!).fragments.map((fragment) => `${contract}.${(fragment as { name?: string }).name}`),
    );
    const seen = new Set(built.events.map(({ contract, name }) => `${contract}.${name}`));
    expect(wanted.filter((each) => !seen.has(each))).toEqual([]);
    expect(seen.size).toBe(wanted.length);
  });

  /** What contributors and curators earned through each datanet's pool in native OPEN, the highest first. */
  const earnings = (): [datanetId: bigint, amount: bigint][] => {
    const pools = new Map(all<Pool>('PoolCreated').map((pool) => [pool.poolId, pool]));
    const sums = new Map<bigint, bigint>();
    for (const { poolId, amount } of all<{ poolId: string; amount: bigint }>('RewardAccrued')) {
      const { kind, subjectId, token } = pools.get(poolId)!;
      if (kind === 0n && token === NATIVE) sums.set(subjectId, (sums.get(subjectId) ?? 0n) + amount);
    }
    return [...sums].sort(([, a], [, b]) => (b > a ? 1 : b < a ? -1 : 0));
  };
  const total = (rows: [bigint, bigint][]) => rows.reduce((sum, [, amount]) => sum + amount, 0n);

  it('the top three datanets earn over half, and a long tail earns little', () => {
    const rows = earnings();
    expect(total(rows.slice(0, 3)) * 2n).toBeGreaterThan(total(rows));
    expect(rows.length).toBeGreaterThanOrEqual(8);
    const tail = rows.slice(-Math.floor(rows.length / 2));
    expect(total(tail) * 10n).toBeLessThan(total(rows));
    expect(all('DatanetCreated').length).toBeGreaterThan(rows.length);
  });

  it('one datanet, and only one, lives on emissions alone', () => {
    const pools = new Map(all<Pool>('PoolCreated').map((pool) => [pool.poolId, pool]));
    const sources = new Map<bigint, Set<bigint>>();
    for (const { poolId, source } of all<{ poolId: string; source: bigint }>('PoolFunded')) {
      const { kind, subjectId } = pools.get(poolId)!;
      if (kind === 0n) sources.set(subjectId, (sources.get(subjectId) ?? new Set()).add(source));
    }
    const paid = new Set(earnings().map(([datanetId]) => datanetId));
    const onEmissions = [...paid].filter((datanetId) => [...sources.get(datanetId)!].join() === '1');
    expect(onEmissions).toHaveLength(1);
    expect([...sources.values()].some((set) => set.has(0n) && set.has(1n))).toBe(true);
    // It isn't among the rich.
    expect(
      earnings()
        .slice(0, 3)
        .map(([datanetId]) => datanetId),
    ).not.toContain(onEmissions[0]);
  });

  const submissions = () => [
    ...all<{ contributor: string; contributionId: bigint }>('ContributionSubmitted').map((each) => ({
      ...each,
      ids: [each.contributionId],
    })),
    ...all<{ contributor: string; firstContributionId: bigint; contentHashes: string[] }>(
      'ContributionBatchSubmitted',
    ).map((each) => ({ ...each, ids: each.contentHashes.map((_, i) => each.firstContributionId + BigInt(i)) })),
  ];

  it('contributors come back after being paid', () => {
    const paidAt = new Map<string, number>();
    for (const { beneficiary, at } of all<{ beneficiary: string }>('RewardClaimed')) {
      if (!paidAt.has(beneficiary)) paidAt.set(beneficiary, at);
    }
    const paid = new Set(submissions().map(({ contributor }) => contributor));
    const returned = new Set(
      submissions()
        .filter(({ contributor, at }) => at > (paidAt.get(contributor) ?? Number.POSITIVE_INFINITY))
        .map(({ contributor }) => contributor),
    );
    const everPaid = [...paid].filter((contributor) => paidAt.has(contributor)).length;
    expect(returned.size).toBeGreaterThanOrEqual(5);
    expect(returned.size * 2).toBeGreaterThan(everPaid);
  });

  it('the median first payout takes days', () => {
    const contributors = new Map(
      submissions().flatMap(({ contributor, ids }) => ids.map((each) => [each, contributor])),
    );
    const acceptedAt = new Map<string, number>();
    for (const { contributionId, status, at } of all<{ contributionId: bigint; status: bigint }>(
      'ContributionFinalized',
    )) {
      const contributor = contributors.get(contributionId)!;
      if (status === 1n && !acceptedAt.has(contributor)) acceptedAt.set(contributor, at);
    }
    const waits: number[] = [];
    const known = new Set<string>();
    for (const { beneficiary, at } of all<{ beneficiary: string }>('RewardAccrued')) {
      const accepted = acceptedAt.get(beneficiary);
      if (accepted === undefined || at < accepted || known.has(beneficiary)) continue;
      known.add(beneficiary);
      waits.push(at - accepted);
    }
    const median = waits.sort((a, b) => a - b)[Math.floor(waits.length / 2)]!;
    expect(waits.length).toBeGreaterThan(10);
    expect(median).toBeGreaterThan(2 * DAY);
    expect(median).toBeLessThan(21 * DAY);
  });

  it('datanets and models carry documents whose hash is right', () => {
    type Described = { metadataHash: string; metadataURI: string };
    const described = [...all<Described>('DatanetCreated'), ...all<Described>('ModelRegistered')];
    const names = described.map(({ metadataHash, metadataURI }) => {
      const prefix = 'data:application/json,';
      expect(metadataURI.startsWith(prefix)).toBe(true);
      const document = decodeURIComponent(metadataURI.slice(prefix.length));
      expect(keccak256(toUtf8Bytes(document))).toBe(metadataHash);
      return (JSON.parse(document) as { name: string }).name;
    });
    expect(new Set(names).size).toBe(names.length);
  });

  it('its network file is a valid one, and names every contract where it is', async () => {
    const file = parseNetworkFile(networkOf(built.url, built.history), {}, profiles);
    const [chain] = file.chains;
    expect(chain!.chainId).toBe(31337);
    const addresses = chain!.contracts.map(({ address }) => String(address));
    const codes = await rpcTo(built.url).batch<string>(
      addresses.map((address) => ({ method: 'eth_getCode', params: [address, 'latest'] })),
    );
    expect(codes.every((code) => code.length > 100)).toBe(true);
    const logs = await rpcTo(built.url).call<{ topics: string[] }[]>('eth_getLogs', [
      { fromBlock: '0x0', toBlock: toHex(1_000_000), address: addresses },
    ]);
    // Approvals are the only logs that no profile has.
    const approvals = logs.filter(({ topics }) => topics[0] === id('Approval(address,address,uint256)'));
    expect(logs.length - approvals.length).toBe(built.events.length);
  });
});

interface Pool {
  poolId: string;
  kind: bigint;
  subjectId: bigint;
  token: string;
}
