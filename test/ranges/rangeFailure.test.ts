import { type FetchableJob, fetchJob } from '../../indexer/ranges/fetchJob';
import {
  afterAttempt,
  blocksToTry,
  failureText,
  type RangeFailure,
  retryDelayMs,
} from '../../indexer/ranges/rangeFailure';
import { AppError } from '../../schema/appError';

const failure = (change: Partial<RangeFailure> = {}): RangeFailure => ({
  fromBlock: 537,
  blocks: 1,
  isolates: true,
  reason: "the logs of block 537 can't be had",
  attempts: 4,
  sinceMs: Date.UTC(2026, 10, 22, 19),
  ...change,
});

describe('when a range is tried again', () => {
  test.each<[number, boolean, number, number]>([
    [1, true, 0, 500],
    [1, true, 1, 1_000],
    [2, true, 1, 2_000],
    [6, true, 1, 32_000],
    [7, true, 1, 60_000],
    [7, true, 0, 30_000],
    [1_000_000, true, 1, 60_000],
    [4, false, 1, 8_000],
    [5, false, 1, 10_000],
    [1_000_000, false, 1, 10_000],
  ])('attempt %i failed (the node answers: %s), chance %f: after %i ms', (attempts, isolates, random, delayMs) => {
    expect(retryDelayMs({ attempts, isolates }, random)).toBe(delayMs);
  });
});

describe('what is known of a range that fails', () => {
  const attempt = { fromBlock: 537, blocks: 400, isolates: true, reason: 'no', atMs: 5_000 };

  it('counts the attempts at one block, since the first of them', () => {
    const once = afterAttempt(undefined, attempt);
    expect(once).toMatchObject({ attempts: 1, sinceMs: 5_000 });
    const twice = afterAttempt(once, { ...attempt, blocks: 50, reason: 'still no', atMs: 9_000 });
    expect(twice).toMatchObject({ attempts: 2, sinceMs: 5_000, reason: 'still no', blocks: 50 });
  });

  it('begins anew behind what could be stored', () => {
    const further = afterAttempt(failure(), { ...attempt, fromBlock: 600 });
    expect(further).toMatchObject({ attempts: 1, fromBlock: 600, sinceMs: 5_000 });
  });

  it('is tried with fewer blocks, unless the node is gone altogether', () => {
    expect(blocksToTry(undefined)).toBe(Number.POSITIVE_INFINITY);
    expect(blocksToTry(failure({ blocks: 1_000 }))).toBe(125);
    expect(blocksToTry(failure({ blocks: 7 }))).toBe(1);
    expect(blocksToTry(failure({ blocks: 1_000, isolates: false }))).toBe(1_000);
  });

  it('is said after the third attempt: which blocks, since when, why, and what to do', () => {
    expect(failureText(failure({ attempts: 2 }))).toBeUndefined();
    expect(failureText(failure())).toBe(
      "block 537 can't be fetched since 2026-11-22T19:00:00Z (4 attempts): the logs of block 537 can't be had. All " +
        'blocks before are indexed; it is tried again at least once a minute. Check the endpoint, or add another that ' +
        'has these blocks',
    );
    expect(failureText(failure({ blocks: 40 }))).toMatch(/^blocks 537 to 576 can't be fetched/);
  });
});

describe('a job whose block 537 fails', () => {
  let stored: [number, number][];
  let asked: [number, number][];
  let isHealed: boolean;
  let nodeAnswers: boolean;
  let isDatabaseGone: boolean;
  let isWanted: boolean;
  let job: FetchableJob;
  beforeEach(() => {
    stored = [];
    asked = [];
    isHealed = false;
    nodeAnswers = true;
    isDatabaseGone = false;
    isWanted = true;
    job = {
      data: { chainId: 1, fromBlock: 0, toBlock: 999 },
      async updateData(data) {
        this.data = data;
      },
    };
  });

  const refuse = (fromBlock: number, toBlock: number, error: Error) => {
    if (!isHealed && fromBlock <= 537 && toBlock >= 537) throw error;
  };
  const fetcher = {
    async gap() {
      const next = (stored.at(-1)?.[1] ?? -1) + 1;
      return next > 999 ? undefined : { fromBlock: next, toBlock: 999 };
    },
    async fetch(fromBlock: number, toBlock: number) {
      asked.push([fromBlock, toBlock]);
      if (!isDatabaseGone) refuse(fromBlock, toBlock, new AppError('RETRY', 'no'));
      return { fromBlock, toBlock };
    },
    async store({ fromBlock, toBlock }: { fromBlock: number; toBlock: number }) {
      if (isDatabaseGone) refuse(fromBlock, toBlock, new Error('no database'));
      stored.push([fromBlock, toBlock]);
      return isWanted;
    },
    nodeAnswers: async () => nodeAnswers,
  };
  const attempt = () => fetchJob(job, fetcher).catch((error: Error) => error.message);

  async function untilAlone(): Promise<number> {
    for (let attempts = 1; attempts < 50; attempts++) {
      await attempt();
      if (job.data.failure?.fromBlock === 537 && job.data.failure.blocks === 1) return attempts;
    }
    throw new Error('never alone');
  }

  it('keeps what is before it and narrows down to it within a few attempts', async () => {
    expect(await untilAlone()).toBeLessThan(12);
    expect(stored.at(-1)?.[1]).toBe(536);
    expect(stored[0]?.[0]).toBe(0);
  });

  it('is asked for alone from then on, and never again what is stored', async () => {
    await untilAlone();
    asked.length = 0;
    expect(await attempt()).toBe('no');
    expect(await attempt()).toBe('no');
    expect(asked).toEqual([
      [537, 537],
      [537, 537],
    ]);
  });

  it('goes on behind it when the node gives it, with pieces that grow', async () => {
    await untilAlone();
    isHealed = true;
    asked.length = 0;
    expect(await attempt()).toBeUndefined();
    expect(asked.slice(0, 3)).toEqual([
      [537, 537],
      [538, 539],
      [540, 543],
    ]);
    expect(asked.length).toBeLessThan(12);
    expect(stored.at(-1)?.[1]).toBe(999);
  });

  it('is fetched while the piece before it is stored', async () => {
    isHealed = true;
    job.data.failure = { fromBlock: 0, blocks: 100, isolates: false, reason: '', attempts: 1, sinceMs: 0 };
    const whileStored: number[] = [];
    const store = async (piece: { fromBlock: number; toBlock: number }) => {
      whileStored.push(asked.at(-1)?.[0] ?? -1);
      return fetcher.store(piece);
    };
    await fetchJob(job, { ...fetcher, store });
    expect(stored.map(([fromBlock]) => fromBlock)).toEqual([0, 100, 300, 700]);
    expect(asked).toEqual(stored);
    expect(whileStored).toEqual([100, 300, 700, 700]);
  });

  it('is not what was fetched ahead where somebody else stored that meanwhile', async () => {
    isHealed = true;
    job.data.failure = { fromBlock: 0, blocks: 100, isolates: false, reason: '', attempts: 1, sinceMs: 0 };
    const store = async (piece: { fromBlock: number; toBlock: number }) => {
      await fetcher.store(piece);
      if (piece.fromBlock === 0) stored.push([100, 149]);
      return true;
    };
    await fetchJob(job, { ...fetcher, store });
    expect(stored.map(([fromBlock]) => fromBlock)).toEqual([0, 100, 150, 550]);
  });

  it('is left where nobody wants it any more', async () => {
    isHealed = true;
    isWanted = false;
    job.data.failure = { fromBlock: 0, blocks: 100, isolates: false, reason: '', attempts: 1, sinceMs: 0 };
    expect(await attempt()).toBeUndefined();
    expect(stored).toEqual([[0, 99]]);
  });

  it.each([['node'], ['database']])('of a %s that is gone keeps the size', async (gone) => {
    nodeAnswers = gone !== 'node';
    isDatabaseGone = gone === 'database';
    await attempt();
    await attempt();
    expect(asked).toEqual([
      [0, 999],
      [0, 999],
    ]);
    expect(job.data.failure).toMatchObject({ attempts: 2, isolates: false, blocks: 1_000 });
  });
});
