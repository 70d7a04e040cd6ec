import type { Chain } from './chain';
import { decisionOn } from './contributions';
import type { Fact } from './fact';
import { comparePlaces, float, iso, type JsonObject, type Place, ratio } from './json';
import { acceptedIn, feeOf } from './leaderboard';
import { receiptOf } from './models';
import { Purse, tokenId } from './money';
import { actionsOf } from './retention';
import { backings, type Reward, rewardsOf } from './rewards';
import { isWithin, type TimeWindow } from './windows';

const DAY = 86_400_000;
const FEE = 0;

/** Floats to 12 digits; tokens in the order of their ids. */
export function flywheelOf(chains: Chain[], window: TimeWindow): JsonObject {
  const { from, to } = window;
  const within = isWithin(window);
  const now = stageCounts(chains, window);
  const before = stageCounts(chains, { from: from - (to - from), to: from });
  const settled = settledIn(chains, window);
  const paid = settled.filter(({ fact }) => receiptOf(fact).fee > 0n);
  const fees = new Purse();
  for (const { chain, fact } of settled) fees.add(feeToken(fact), feeOf(chain, fact));
  const rewards = chains.flatMap(rewardsOf).filter(({ fact }) => within(fact));
  const contributors = doersIn(chains, 'CONTRIBUTORS', window);
  const payers = doersIn(chains, 'USERS', window);
  const attributed = paid.filter(
    ({ chain, fact }) => chain.where('AttributionCommitted', 'inferenceId', fact.text('inferenceId')).length > 0,
  );
  const stages = Object.keys(now).map((stage) => {
    const [value, previous] = [now[stage] ?? 0, before[stage] ?? 0];
    return { stage, value, previous, gain: previous === 0 ? null : float(value / previous) };
  });
  return {
    from: iso(from / 1000),
    to: iso(to / 1000),
    contributions: now['CONTRIBUTE'] ?? 0,
    accepted: now['ORGANIZE'] ?? 0,
    contributors: contributors.all.size,
    newContributors: contributors.all.size - contributors.again.size,
    models: chains.flatMap((chain) => [...chain.models.values()]).filter(within).length,
    inferences: settled.length,
    payingUsers: payers.all.size,
    newPayingUsers: payers.all.size - payers.again.size,
    fees: fees.json(),
    backing: backings(rewards),
    externalDemand: externalDemand(chains, window, fees),
    attributionCoverage: paid.length === 0 ? null : float(attributed.length / paid.length),
    dataUtilisation: dataUtilisation(chains, window),
    timeToFirstPayout: timeToFirstPayout(chains, to),
    concentration: concentration(rewards, fees),
    stages,
    weakestStage: weakest(stages),
  };
}

function weakest(stages: { stage: string; gain: number | null }[]): string | null {
  const gains = stages.flatMap(({ gain }) => (gain === null ? [] : [gain]));
  return stages.find(({ gain }) => gain === Math.min(...gains))?.stage ?? null;
}

function settledIn(chains: Chain[], window: TimeWindow): { chain: Chain; fact: Fact }[] {
  return chains.flatMap((chain) =>
    [...chain.inferences.values()].filter(isWithin(window)).map((fact) => ({ chain, fact })),
  );
}

function feeToken(settled: Fact): string {
  return tokenId(settled.chainId, receiptOf(settled).feeToken);
}

/** Who did it in the window, and those of them who had done it before. */
function doersIn(chains: Chain[], cohort: 'CONTRIBUTORS' | 'USERS', { from, to }: TimeWindow) {
  const actions = chains.flatMap((chain) => actionsOf(chain, cohort));
  const all = new Set(actions.filter(([, when]) => when >= from && when < to).map(([who]) => who));
  const again = new Set(actions.filter(([who, when]) => all.has(who) && when < from).map(([who]) => who));
  return { all, again };
}

function stageCounts(chains: Chain[], window: TimeWindow): Record<string, number> {
  const count = (factsOf: (chain: Chain) => Fact[]) => chains.flatMap(factsOf).filter(isWithin(window)).length;
  const again = new Set([...doersIn(chains, 'CONTRIBUTORS', window).again, ...doersIn(chains, 'USERS', window).again]);
  return {
    CONTRIBUTE: count((chain) => [...chain.contributions.values()].map(({ fact }) => fact)),
    ORGANIZE: chains.flatMap((chain) => acceptedIn(chain, window)).length,
    BUILD: count((chain) =>
      [...chain.models.values()].flatMap((model) => chain.versions('ModelVersionPublished', model.big('modelId'))),
    ),
    USE: settledIn(chains, window).filter(({ fact }) => receiptOf(fact).fee > 0n).length,
    REWARD: count((chain) =>
      rewardsOf(chain)
        .filter(({ parts }) => (parts[FEE] ?? 0n) > 0n)
        .map(({ fact }) => fact),
    ),
    REPEAT: again.size,
  };
}

function externalDemand(chains: Chain[], window: TimeWindow, fees: Purse): JsonObject[] {
  const lately = isWithin({ from: window.from - 90 * DAY, to: window.to });
  const rewarded = new Set(
    chains.flatMap((chain) => chain.of('RewardAccrued').filter(lately)).map((fact) => fact.text('beneficiary')),
  );
  const external = new Purse();
  for (const { chain, fact } of settledIn(chains, window)) {
    if (!rewarded.has(fact.text('user'))) external.add(feeToken(fact), feeOf(chain, fact));
  }
  return fees.json().flatMap(({ token }) => {
    const { id } = token as { id: string };
    const all = fees.amounts.get(id) ?? 0n;
    return all > 0n ? [{ token: { id }, share: signedRatio(external.amounts.get(id) ?? 0n, all) }] : [];
  });
}

function signedRatio(part: bigint, whole: bigint): number {
  return part < 0n ? -ratio(-part, whole) : ratio(part, whole);
}

function dataUtilisation(chains: Chain[], window: TimeWindow): number | null {
  let [accepted, used] = [0, 0];
  for (const chain of chains) {
    for (const { id } of chain.contributions.values()) {
      const { status, finalized } = decisionOn(chain, id);
      if (status !== 'ACCEPTED' || !finalized || finalized.block.timestamp * 1000 >= window.to) continue;
      accepted++;
      if (chain.weighty('contributionId', id).some(isWithin(window))) used++;
    }
  }
  return accepted === 0 ? null : float(used / accepted);
}

function timeToFirstPayout(chains: Chain[], to: number): JsonObject | null {
  const first = (facts: { fact: Fact; place: Place }[]) =>
    facts.reduce<Place | null>((best, { place }) => (best && comparePlaces(best, place) <= 0 ? best : place), null);
  const decisions = new Map<string, { fact: Fact; place: Place }[]>();
  for (const chain of chains) {
    for (const fact of chain.of('ContributionFinalized')) {
      const submission = chain.contributions.get(String(fact.big('contributionId')));
      if (!submission || fact.big('status') !== 1n) continue;
      const { contributor } = submission;
      decisions.set(contributor, [...(decisions.get(contributor) ?? []), { fact, place: fact.place() }]);
    }
  }
  const rewards = chains.flatMap((chain) => chain.of('RewardAccrued'));
  const durations: { seconds: number; isPaid: boolean }[] = [];
  for (const [contributor, accepted] of decisions) {
    const since = first(accepted) as Place;
    if (since.timestamp * 1000 >= to) continue;
    const until = first(
      rewards
        .filter((fact) => fact.text('beneficiary') === contributor && comparePlaces(fact.place(), since) > 0)
        .map((fact) => ({ fact, place: fact.place() })),
    );
    const isPaid = until !== null && until.timestamp * 1000 < to;
    durations.push({ seconds: (isPaid ? until.timestamp : to / 1000) - since.timestamp, isPaid });
  }
  if (durations.length === 0) return null;
  // The product limit, factor by factor, as a fraction.
  let [left, of] = [1n, 1n];
  const points: { seconds: number; left: bigint; of: bigint }[] = [];
  const times = new Set(durations.filter(({ isPaid }) => isPaid).map(({ seconds }) => seconds));
  for (const time of [...times].sort((a, b) => a - b)) {
    const atRisk = durations.filter(({ seconds }) => seconds >= time).length;
    const paid = durations.filter(({ seconds, isPaid }) => isPaid && seconds === time).length;
    left *= BigInt(atRisk - paid);
    of *= BigInt(atRisk);
    points.push({ seconds: time, left, of });
  }
  const paid = durations.filter(({ isPaid }) => isPaid).length;
  return {
    median: points.find((point) => point.left * 2n <= point.of)?.seconds ?? null,
    p90: points.find((point) => point.left * 10n <= point.of)?.seconds ?? null,
    paid,
    waiting: durations.length - paid,
    curve: points.map((point) => ({ seconds: point.seconds, unpaid: ratio(point.left, point.of) })),
  };
}

function concentration(rewards: Reward[], fees: Purse): JsonObject | null {
  const most = [...fees.amounts]
    .filter(([, amount]) => amount > 0n)
    .sort(([a, x], [b, y]) => (x === y ? (tokenOrder(a) < tokenOrder(b) ? -1 : 1) : x > y ? -1 : 1))[0];
  if (!most) return null;
  const got = new Map<string, bigint>();
  for (const { fact, token, amount } of rewards) {
    if (token !== most[0] || fact.big('role') !== 0n || amount === 0n) continue;
    got.set(fact.text('beneficiary'), (got.get(fact.text('beneficiary')) ?? 0n) + amount);
  }
  const amounts = [...got.values()].sort((a, b) => (a > b ? -1 : 1));
  const all = amounts.reduce((sum, amount) => sum + amount, 0n);
  if (all === 0n) return null;
  const squares = amounts.reduce((sum, amount) => sum + amount * amount, 0n);
  const top = amounts.slice(0, Math.ceil(amounts.length / 100)).reduce((sum, amount) => sum + amount, 0n);
  return {
    hhi: ratio(squares, all * all),
    effectiveContributors: ratio(all * all, squares),
    topPercentShare: ratio(top, all),
  };
}

/** By chain, then by address, the native one being zero. */
function tokenOrder(id: string): string {
  return id.replace('native', `0x${'00'.repeat(20)}`);
}
