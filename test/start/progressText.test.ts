import { type ChainProgress, progressSentence, progressText, timeLeft } from '../../start/progress/progressText';

const chain = (change: Partial<ChainProgress> = {}): ChainProgress => ({
  name: 'openledger',
  doneBlocks: 432_100,
  allBlocks: 1_000_000,
  error: null,
  eventsPerSecond: 8_014.4,
  blocksPerSecond: 210.2,
  secondsLeft: 2_702,
  ...change,
});

describe('the line of progress', () => {
  test.each<[string, number, ChainProgress[], string]>([
    [
      'a wide terminal shows everything',
      140,
      [chain()],
      'openledger [##########--------------] 43 %  8,014 events/s  210 blocks/s  about 45 min left  432,100 of 1,000,000 blocks',
    ],
    [
      '80 columns hold the bar, both rates and the time left',
      80,
      [chain()],
      'openledger [#####--------] 43 %  8,014 events/s  210 blocks/s  about 45 min left',
    ],
    ['60 columns hold one rate', 60, [chain()], 'openledger [###----] 43 %  8,014 events/s  about 45 min left'],
    ['40 columns do without the bar', 40, [chain()], 'openledger 43 %  about 45 min left'],
    ['20 columns cut the end off', 20, [chain()], 'openledger 43 %  ab…'],
    [
      'before a rate is known it says so',
      80,
      [chain({ doneBlocks: 0, eventsPerSecond: null, blocksPerSecond: null, secondsLeft: null })],
      'openledger [------------------------] 0 %  ? events/s  ? blocks/s  ? left',
    ],
    [
      'a slow rate has a decimal',
      100,
      [chain({ eventsPerSecond: 0, blocksPerSecond: 0.26, secondsLeft: 3e6 })],
      'openledger [##########--------------] 43 %  0 events/s  0.3 blocks/s  about 35 d left',
    ],
    [
      'done is 100 % and nothing left',
      80,
      [chain({ doneBlocks: 1_000_000, secondsLeft: 0 })],
      'openledger [########################] 100 %  8,014 events/s  210 blocks/s  done',
    ],
    [
      'almost done is not 100 %, and the bar is not full',
      80,
      [chain({ doneBlocks: 999_999, secondsLeft: 0.2 })],
      'openledger [###############-] 99 %  8,014 events/s  210 blocks/s  about 1 s left',
    ],
    [
      'a chain that begins in the future is not past 100 %',
      80,
      [chain({ doneBlocks: 0, allBlocks: 0, secondsLeft: 0 })],
      'openledger [########################] 100 %  8,014 events/s  210 blocks/s  done',
    ],
    ['without a head', 80, [chain({ allBlocks: null })], 'openledger: asking for the head'],
    [
      'a chain that waits says why, as far as the line goes',
      50,
      [chain({ error: 'http://127.0.0.1:1 can\u0027t be reached: \u001b[31mconnect ECONNREFUSED' })],
      "openledger waits: http://127.0.0.1:1 can't be rea…",
    ],
    ['no chain yet', 80, [], 'Indexing starts'],
    [
      'of several chains the slowest',
      120,
      [
        chain({ name: 'fast', secondsLeft: 4 }),
        chain({ name: 'slow' }),
        chain({ name: 'done', doneBlocks: 1_000_000 }),
      ],
      'slow (slowest of 3) [##########--------------] 43 %  8,014 events/s  210 blocks/s  about 45 min left',
    ],
    [
      'of several chains first the one of which nothing is known',
      120,
      [chain({ name: 'slow' }), chain({ name: 'unknown', secondsLeft: null })],
      'unknown (slowest of 2) [##########--------------] 43 %  8,014 events/s  210 blocks/s  ? left',
    ],
    [
      'of several chains before all the one that stands still',
      120,
      [chain({ secondsLeft: null }), chain({ name: 'broken', error: 'no node answers' })],
      'broken waits: no node answers',
    ],
  ])('%s', (_, columns, chains, line) => {
    expect(progressText(chains, columns)).toBe(line);
  });

  it('never wraps, whatever the terminal and the numbers', () => {
    for (let columns = 1; columns < 200; columns++) {
      for (const secondsLeft of [null, 0, 5, 5_000, 5e7, Number.POSITIVE_INFINITY]) {
        const chains = [chain({ secondsLeft, eventsPerSecond: 1e7, name: 'a chain with a long name' }), chain()];
        expect([...progressText(chains, columns)].length).toBeLessThanOrEqual(columns);
      }
    }
  });

  it('holds nothing that a terminal would obey', () => {
    const line = progressText([chain({ name: 'a\rb', error: '\u001b[2J\n\u0007\u202egone' })], 80);
    expect(line).toBe('a b waits:  [2J gone');
  });
});

test.each<[number | null, string]>([
  [null, '? left'],
  [Number.NaN, '? left'],
  [Number.POSITIVE_INFINITY, '? left'],
  [-5, 'done'],
  [0, 'done'],
  [0.1, 'about 1 s left'],
  [89.4, 'about 89 s left'],
  [90, 'about 2 min left'],
  [5_399, 'about 90 min left'],
  [5_400, 'about 2 h left'],
  [130_000, 'about 2 d left'],
])('%s seconds are %s', (seconds, text) => {
  expect(timeLeft(seconds)).toBe(text);
});

test('a log line speaks of one chain at any length', () => {
  expect(progressSentence(chain())).toBe('Indexing openledger: 43 %, about 45 min left');
  expect(progressSentence(chain({ allBlocks: null }))).toBe('openledger: asking for the head');
  expect(progressSentence(chain({ error: 'no node answers' }))).toBe('openledger waits: no node answers');
});
