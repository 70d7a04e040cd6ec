import { openFakeChain } from '../api/fakeChain';
import { openApi } from '../api/harness';
import { loopOnce, rewardFor } from '../api/loop';
import { follow, hasTold, isLive } from '../api/stream';

const beneficiary = `0x${'b1'.padStart(40, '0')}`;
const rewards = `subscription ($finality: Finality!) {
  rewards(finality: $finality) { cursor op id at { event block { number hash finality } } }
}`;

test('a repair below finality takes back what was told as final, and what is there instead comes once that is final', async () => {
  const harness = await openApi({ limits: { progressMs: 300 } });
  const chain = await openFakeChain(harness.database.pool);
  await chain.extend(loopOnce);
  const streams = ['PENDING', 'SAFE', 'FINALIZED'].map((finality) => follow(harness.socket(), rewards, { finality }));
  const [pending, safe, final] = streams as [(typeof streams)[0], (typeof streams)[0], (typeof streams)[0]];
  await Promise.all(streams.map(isLive));
  const first = loopOnce.length + 1;
  await chain.extend([[rewardFor(beneficiary, 1n)], [rewardFor(beneficiary, 2n)], [rewardFor(beneficiary, 3n)]], {
    safe: first + 1,
    finalized: first,
  });
  const reward = (op: string, block: number) => `${op} reward:31337:${block}-0 RewardAccrued`;
  await Promise.all([hasTold(pending, 3), hasTold(safe, 2), hasTold(final, 1)]);
  expect(final.told()).toEqual([reward('APPLY', first)]);

  // What was stored of all three was not what the chain holds.
  await chain.repair(3, [[rewardFor(beneficiary, 4n)], [rewardFor(beneficiary, 5n)]]);
  await Promise.all([hasTold(pending, 8), hasTold(safe, 4), hasTold(final, 2)]);
  expect(pending.told().slice(3)).toEqual([
    reward('RETRACT', first + 2),
    reward('RETRACT', first + 1),
    reward('RETRACT', first),
    reward('APPLY', first),
    reward('APPLY', first + 1),
  ]);
  expect(safe.told().slice(2)).toEqual([reward('RETRACT', first + 1), reward('RETRACT', first)]);
  expect(final.told().slice(1)).toEqual([reward('RETRACT', first)]);

  await chain.extend([[]], { safe: first + 1, finalized: first + 1 });
  await Promise.all([hasTold(safe, 6), hasTold(final, 4)]);
  const told = [reward('APPLY', first), reward('APPLY', first + 1)];
  expect([safe.told().slice(4), final.told().slice(2)]).toEqual([told, told]);
  await harness.close();
  expect(harness.failures).toEqual([]);
});
