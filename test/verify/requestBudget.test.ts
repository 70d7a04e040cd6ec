import type { Transport } from '../../indexer/rpc/transport';
import { RequestBudget, withinBudget } from '../../indexer/verify/requestBudget';
import fc from '../run/fastCheck';

/** A clock that only waiting moves. */
function virtualBudget(perSecond: number) {
  let nowMs = 0;
  const budget = new RequestBudget(
    perSecond,
    undefined,
    () => nowMs,
    async (ms) => {
      nowMs += ms;
    },
  );
  return { budget, nowMs: () => nowMs };
}

it('never lets more calls out than the time gone by allows, but for one batch', async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 200 }), sizes, async (perSecond, batches) => {
      const { budget, nowMs } = virtualBudget(perSecond);
      let sent = 0;
      for (const calls of batches) {
        await budget.spend(calls);
        // What went out before has been waited for.
        expect(nowMs() + 1e-6).toBeGreaterThanOrEqual((sent * 1_000) / perSecond);
        sent += calls;
      }
    }),
  );
});

it('allows what it says: no call waits for longer than those before it cost', async () => {
  const { budget, nowMs } = virtualBudget(5);
  for (let i = 0; i < 26; i++) await budget.spend(1);
  expect(nowMs()).toBeCloseTo(5_000);
});

it.each([
  [0.2, 1],
  [1, 1],
  [5, 5],
  [7.5, 7],
  [10_000, 100],
])('at %d calls a second, a batch holds %i', (perSecond, batch) => {
  expect(virtualBudget(perSecond).budget.batch).toBe(batch);
});

it('counts the calls of a batch one by one', async () => {
  const { budget, nowMs } = virtualBudget(10);
  const sent: number[] = [];
  const transport: Transport = {
    label: 'a node',
    send: async (calls) => {
      sent.push(calls.length);
      return calls.map(() => ({ result: null }));
    },
    close: async () => undefined,
  };
  const within = withinBudget(transport, budget);
  const call = { method: 'eth_blockNumber', params: [] };
  await within.send([call, call, call, call]);
  await within.send([call]);
  expect(sent).toEqual([4, 1]);
  expect(nowMs()).toBeCloseTo(400);
});

it('who waits for it stops waiting at the end of the program', async () => {
  const ending = new AbortController();
  const budget = new RequestBudget(0.001, ending.signal);
  await budget.spend(1);
  const waiting = budget.spend(1);
  ending.abort();
  await expect(waiting).rejects.toThrow();
});
