import { type ApiHarness, openApi } from '../api/harness';
import { commitPlaced } from '../api/placedChain';
import { randomHistory } from './history';
import { PAYING_STORIES } from './history/paidByWeight';
import { Random } from './history/random';
import type { PlacedBlock } from './log';
import { Chain } from './model/chain';
import { flywheelOf } from './model/flywheel';
import { float, idOf, type Json, type JsonObject } from './model/json';
import { type LeaderboardQuery, leaderboardOf, METRICS } from './model/leaderboard';
import { COHORTS, type RetentionQuery, retentionOf } from './model/retention';
import { type HistoryQuery, rewardHistoryOf, sortedPoints } from './model/rewardHistory';
import { type BucketName, beginningsIn, type TimeWindow } from './model/windows';
import { pretend } from './pretend';

const SEED = process.env['ORACLE_SEED'] ?? 'flywheel';
const CHAINS = [31337, 31338];
const BUCKETS: BucketName[] = ['HOUR', 'DAY', 'WEEK', 'MONTH'];

/** Figures of random windows over random histories of two chains: each answer equals the plain model's. */
describe(`what happened in windows of time (seed ${SEED})`, () => {
  const random = new Random(`${SEED}-series`);
  const blocks = new Map<number, PlacedBlock[]>();
  let chains: Chain[];
  let api: ApiHarness;

  beforeAll(async () => {
    api = await openApi();
    for (const chainId of CHAINS) {
      const history = randomHistory(`${SEED}-series-${chainId}`, {
        logs: 900,
        timestamps: chainId === CHAINS[0] ? 'strict' : 'weak',
        stories: PAYING_STORIES,
      });
      blocks.set(chainId, pretend(chainId, history));
      await commitPlaced(api.database.pool, chainId, blocks.get(chainId) ?? []);
    }
    chains = CHAINS.map((chainId) => new Chain(chainId, blocks.get(chainId) ?? []));
  });
  afterAll(() => api?.close());

  const ask = async (query: string, variables: object): Promise<JsonObject> => {
    const { data, errors } = await api.ask(query, variables as Record<string, unknown>);
    if (errors || !data) {
      throw new Error(
        `${JSON.stringify(variables)}: ${JSON.stringify(errors)} ${JSON.stringify(api.failures.at(-1)?.fields)}`,
      );
    }
    return data as JsonObject;
  };

  const times = () => [...blocks.values()].flat().map(({ timestamp }) => timestamp * 1000);
  /** Between times of blocks, or about them. */
  const anyWindow = (): TimeWindow => {
    const all = times();
    const time = () => random.pick(all) + random.pick([0, 0, 1000, -1000, 500, -90_000_000, 40_000_000]);
    for (;;) {
      const [from, to] = [time(), time()].sort((a, b) => a - b) as [number, number];
      if (from < to) return { from, to };
    }
  };
  const anyChain = (): number | null => random.pick([null, null, ...CHAINS]);
  const asArgs = ({ from, to }: TimeWindow) => ({ from: new Date(from).toISOString(), to: new Date(to).toISOString() });
  const same = (query: object, answered: unknown, expected: unknown) => {
    try {
      expect(answered).toEqual(expected);
    } catch (error) {
      throw new Error(`${JSON.stringify(query)}: ${(error as Error).message}`);
    }
  };

  const anyScope = (): HistoryQuery['scope'] => {
    const chain = random.pick(chains);
    const rewards = chain.of('RewardAccrued');
    const contribution = () => idOf('contribution', chain.chainId, random.pick(rewards).big('contributionId'));
    const account = () => random.pick(rewards).text('beneficiary');
    const datanet = () => idOf('datanet', chain.chainId, BigInt(random.below(8)));
    const model = () => idOf('model', chain.chainId, BigInt(random.below(5)));
    const chainId = anyChain();
    const fields = { account, datanet, model, contribution };
    const names = random
      .shuffle(Object.keys(fields) as (keyof typeof fields)[])
      .slice(0, random.pick([0, 1, 1, 1, 2, 3]));
    return {
      ...Object.fromEntries(names.map((name) => [name, fields[name]()])),
      ...(chainId === null ? {} : { chainId }),
    };
  };

  const HISTORY = `query ($scope: RewardHistoryScope, $bucket: Bucket!, $from: DateTime, $to: DateTime, $by: RewardHistoryDimension) {
    rewardHistory(scope: $scope, bucket: $bucket, from: $from, to: $to, by: $by) {
      bucket total { token { id } amount }
      points { start token { id } role source accrued reversed claimed rewardCount beneficiaryCount } } }`;

  it('rewards by bucket, in any scope, by role and source', async () => {
    let points = 0;
    for (let i = 0; i < 250; i++) {
      const bucket = random.pick(BUCKETS);
      const window = anyWindow();
      if (beginningsIn(bucket, window).length > 400) continue;
      const query: HistoryQuery = { ...window, bucket, by: random.pick([null, 'ROLE', 'SOURCE']), scope: anyScope() };
      const { rewardHistory } = await ask(HISTORY, { ...query, ...asArgs(window) });
      const answered = rewardHistory as { points: JsonObject[]; total: JsonObject[] };
      const total = answered.total.sort((a, b) => (JSON.stringify(a['token']) < JSON.stringify(b['token']) ? -1 : 1));
      const starts = answered.points.map(({ start }) => start as string);
      expect(starts).toEqual([...starts].sort());
      same(query, { ...answered, points: sortedPoints(answered.points), total }, rewardHistoryOf(chains, query));
      points += starts.length;
    }
    expect(points).toBeGreaterThan(500);
  });

  const on = (chainId: number | null) => chains.filter((chain) => (chainId ?? chain.chainId) === chain.chainId);
  const tokens = () =>
    chains.flatMap((chain) =>
      ['native', `0x${'e2'.repeat(20)}`, 'unknown'].map((key) => `token:${chain.chainId}:${key}`),
    );

  const LEADERBOARD = `query ($metric: LeaderboardMetric!, $chainId: Int, $from: DateTime, $to: DateTime, $token: ID, $first: Int!) {
    leaderboard(metric: $metric, chainId: $chainId, from: $from, to: $to, token: $token, first: $first) {
      metric from to entries { rank rankChange subject { id } value token { id } } } }`;

  it('leaderboards of every metric', async () => {
    const listed = new Set<string>();
    let changes = 0;
    for (let i = 0; i < 270; i++) {
      const metric = METRICS[i % METRICS.length] as (typeof METRICS)[number];
      const window = anyWindow();
      const chainId = anyChain();
      const token = /REWARDS|FEES/.test(metric) ? random.pick(tokens()) : null;
      const query: LeaderboardQuery = { ...window, metric, token, first: random.pick([0, 1, 5, 20, 100]) };
      const { leaderboard } = await ask(LEADERBOARD, { ...query, ...asArgs(window), chainId });
      const entries = leaderboardOf(on(chainId), query);
      same({ ...query, chainId }, leaderboard, { metric, ...asArgs(window), entries });
      if (entries.length > 0) listed.add(metric);
      changes += entries.filter(({ rankChange }) => rankChange !== null && rankChange !== 0).length;
    }
    expect([...listed].sort()).toEqual([...METRICS].sort());
    expect(changes).toBeGreaterThan(30);
  });

  const RETENTION = `query ($cohort: Cohort!, $bucket: Bucket!, $chainId: Int, $from: DateTime, $to: DateTime) {
    retention(cohort: $cohort, bucket: $bucket, chainId: $chainId, from: $from, to: $to) {
      cohort bucket rows { start size active } } }`;

  it('who came back', async () => {
    let cameBack = 0;
    for (let i = 0; i < 120; i++) {
      const window = anyWindow();
      const chainId = anyChain();
      const query: RetentionQuery = {
        ...window,
        cohort: random.pick(COHORTS),
        bucket: random.pick(['DAY', 'DAY', 'WEEK', 'MONTH'] as const),
      };
      const { retention } = await ask(RETENTION, { ...query, ...asArgs(window), chainId });
      const { cohort, bucket } = query;
      const rows = retentionOf(on(chainId), query);
      same({ ...query, chainId }, retention, { cohort, bucket, rows });
      cameBack += rows.filter(({ active }) => (active as number[]).slice(1).some((count) => count > 0)).length;
    }
    expect(cameBack).toBeGreaterThan(10);
  });

  const FIGURES = `from to contributions accepted contributors newContributors models inferences payingUsers newPayingUsers
    fees { token { id } amount } backing { token { id } accrued bySource { source amount } feeShare leakShare }
    externalDemand { token { id } share } attributionCoverage dataUtilisation
    timeToFirstPayout { median p90 paid waiting curve { seconds unpaid } }
    concentration { hhi effectiveContributors topPercentShare }
    stages { stage value previous gain } weakestStage`;
  const FLYWHEEL = `query ($chainId: Int, $from: DateTime, $to: DateTime) {
    flywheel(chainId: $chainId, from: $from, to: $to) { ${FIGURES} } }`;
  const FLYWHEELS = `query ($bucket: Bucket!, $chainId: Int, $from: DateTime, $to: DateTime) {
    flywheelHistory(bucket: $bucket, chainId: $chainId, from: $from, to: $to) { ${FIGURES} } }`;

  it('whether the loop turns', async () => {
    const weakest = new Set<Json>();
    for (let i = 0; i < 100; i++) {
      const window = anyWindow();
      const chainId = anyChain();
      const { flywheel } = await ask(FLYWHEEL, { chainId, ...asArgs(window) });
      same({ chainId, ...window }, comparable(flywheel as JsonObject), flywheelOf(on(chainId), window));
      weakest.add((flywheel as JsonObject)['weakestStage'] ?? null);
    }
    expect(weakest.size).toBeGreaterThan(3);
  });

  it('whether it turned, window by window', async () => {
    for (let i = 0; i < 8; i++) {
      const bucket = random.pick(['DAY', 'DAY', 'WEEK', 'MONTH'] as const);
      const window = anyWindow();
      const chainId = anyChain();
      const { flywheelHistory } = await ask(FLYWHEELS, { bucket, chainId, ...asArgs(window) });
      const starts = [...beginningsIn(bucket, window), window.to];
      const windows = starts.slice(0, -1).map((start, k) => ({
        from: Math.max(start, window.from),
        to: starts[k + 1] ?? window.to,
      }));
      same(
        { chainId, bucket, ...window },
        (flywheelHistory as JsonObject[]).map(comparable),
        windows.map((each) => flywheelOf(on(chainId), each)),
      );
    }
  });
});

/** Floats to 12 digits; lists by token in the order of their ids. */
function comparable(answered: JsonObject): JsonObject {
  const rounded = (value: Json): Json => {
    if (typeof value === 'number') return float(value);
    if (Array.isArray(value)) return value.map(rounded);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, rounded(part)]));
  };
  const byToken = (value: Json | undefined) =>
    [...(value as JsonObject[])].sort((a, b) => (JSON.stringify(a['token']) < JSON.stringify(b['token']) ? -1 : 1));
  const { fees, backing, externalDemand } = answered;
  return rounded({
    ...answered,
    fees: byToken(fees),
    backing: byToken(backing),
    externalDemand: byToken(externalDemand),
  }) as JsonObject;
}
