import { Interface, type Result } from 'ethers';
import type { LoopEvent } from '../../bench/chain/cast';
import { logEncoderOf } from '../../bench/chain/encodeLog';
import { loopEvents } from '../../bench/chain/loopEvents';
import { profiles } from '../../schema/profiles';

const EVENTS = 20_000;

function told(): LoopEvent[] {
  const events: LoopEvent[] = [];
  for (const story of loopEvents()) {
    events.push(...story);
    if (events.length >= EVENTS) return events;
  }
  return events;
}

describe("the benchmark's economy", () => {
  const events = told();
  const named = (name: string) => events.filter(({ event }) => event === name).map(({ values }) => values);

  it('tells the same story every time', () => {
    const json = (list: LoopEvent[]) => JSON.stringify(list, (_, v) => (typeof v === 'bigint' ? String(v) : v));
    expect(json(told())).toBe(json(events));
  });

  it('lets no contribution that was rejected influence or earn anything', () => {
    const rejected = new Set(
      named('ContributionFinalized')
        .filter(([, status]) => status === 2)
        .map(([id]) => id),
    );
    expect(rejected.size).toBeGreaterThan(0);
    expect(named('InfluenceRecorded').filter(([, , id]) => rejected.has(id))).toEqual([]);
    expect(named('RewardAccrued').filter(([, , , , id]) => rejected.has(id))).toEqual([]);
  });

  it('lets nobody claim more of a pool than accrued before', () => {
    const claimable = new Map<string, bigint>();
    for (const { event, values } of events) {
      const key = `${values[0]} ${values[1]}`;
      if (event === 'RewardAccrued') claimable.set(key, (claimable.get(key) ?? 0n) + (values[5] as bigint));
      if (event !== 'RewardClaimed') continue;
      const left = (claimable.get(key) ?? 0n) - (values[3] as bigint);
      expect(left).toBeGreaterThanOrEqual(0n);
      claimable.set(key, left);
    }
    expect(named('RewardClaimed').length).toBeGreaterThan(100);
  });

  it('encodes every event as ethers does', () => {
    const seen = new Set<string>();
    for (const { contract, event, values } of events) {
      if (seen.has(event) && event !== 'ContributionBatchSubmitted') continue;
      seen.add(event);
      const abi = new Interface(profiles['openledger-reference']!.contracts[contract]!);
      const fragment = abi.getEvent(event)!.format('full');
      const expected = abi.encodeEventLog(event, values as unknown as Result);
      expect({ event, ...logEncoderOf(fragment)(values) }).toEqual({ event, ...expected });
    }
    expect(seen.size).toBe(17);
  });
});
