import { RateWindow, type Sample } from '../../start/progress/rateWindow';

function windowOf(samples: [seconds: number, blocks: number, events: number][]): RateWindow {
  const window = new RateWindow();
  for (const [seconds, blocks, events] of samples) window.add({ atMs: seconds * 1_000, blocks, events } as Sample);
  return window;
}

/** Ten blocks and five hundred events a second. */
const steady = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i): [number, number, number] => [
    from + i,
    (from + i) * 10,
    (from + i) * 500,
  ]);

describe('the rate of the last seconds', () => {
  it('is not known before it was watched for three seconds and something moved', () => {
    const nothing = { blocksPerSecond: null, eventsPerSecond: null, secondsLeft: null };
    expect(windowOf([]).estimate(9_000, 100)).toEqual(nothing);
    expect(windowOf([[0, 0, 0]]).estimate(9_000, 100)).toEqual(nothing);
    expect(windowOf(steady(0, 2)).estimate(2_000, 100)).toEqual(nothing);
  });

  it('with nothing left there is no time left, known or not', () => {
    expect(windowOf([]).estimate(0, 0).secondsLeft).toBe(0);
    expect(windowOf(steady(0, 9)).estimate(9_000, -3).secondsLeft).toBe(0);
  });

  it('promises what is left at the recent rate, not at that of the beginning', () => {
    const window = windowOf([[0, 0, 0], [1, 100_000, 0], ...steady(100, 160).map(shifted)]);
    expect(window.estimate(160_000, 600)).toEqual({ blocksPerSecond: 10, eventsPerSecond: 500, secondsLeft: 60 });
    function shifted([seconds, blocks, events]: [number, number, number]): [number, number, number] {
      return [seconds, blocks + 100_000, events];
    }
  });

  it('falls while nothing moves, so that the time left grows instead of standing there', () => {
    const window = windowOf(steady(0, 20));
    const at = (seconds: number) => window.estimate(seconds * 1_000, 1_000).secondsLeft as number;
    expect(at(20)).toBe(100);
    expect(at(40)).toBe(200);
    expect(at(200)).toBe(1_000);
  });

  it('has steps that are further apart than the window', () => {
    expect(
      windowOf([
        [0, 0, 0],
        [60, 600, 0],
        [120, 1_200, 0],
      ]).estimate(120_000, 600).secondsLeft,
    ).toBe(60);
  });

  it('begins anew when a reorg takes blocks away', () => {
    const window = windowOf([...steady(0, 20), [21, 5, 9_000]]);
    expect(window.estimate(21_000, 100).secondsLeft).toBeNull();
  });

  it('is of what was watched: a start in the middle of history counts from there', () => {
    expect(
      windowOf([
        [0, 1e6, 0],
        [10, 1_000_100, 0],
      ]).estimate(10_000, 50).secondsLeft,
    ).toBe(5);
  });
});

describe('what is fetched already', () => {
  it('costs its events where it is denser than what was applied', () => {
    // 50 events a block so far; the next 100 blocks hold 200 each: 20,000 events at 500 a second, then 100 usual blocks.
    const { secondsLeft } = windowOf(steady(0, 20)).estimate(20_000, 200, { blocks: 100, events: 20_000 });
    expect(secondsLeft).toBe(40 + 10);
  });

  it('takes less where it is sparser, and never less than nothing', () => {
    const window = windowOf(steady(0, 20));
    expect(window.estimate(20_000, 200, { blocks: 100, events: 1_000 }).secondsLeft).toBe(2 + 10);
    expect(window.estimate(20_000, 100, { blocks: 100, events: 0 }).secondsLeft).toBe(0);
    expect(window.estimate(20_000, 100, { blocks: 5_000, events: 0 }).secondsLeft).toBeGreaterThanOrEqual(0);
  });

  it('changes little where events were never what took the time', () => {
    const window = windowOf([
      ...steady(0, 20),
      ...Array.from({ length: 40 }, (_, i): [number, number, number] => [21 + i, 210 + 10 * i, 10_000 + i]),
    ]);
    const plain = window.estimate(60_000, 1_000).secondsLeft as number;
    const dense = window.estimate(60_000, 1_000, { blocks: 100, events: 100 }).secondsLeft as number;
    expect(plain).toBeCloseTo(100);
    expect(dense - plain).toBeLessThan(1);
  });
});
