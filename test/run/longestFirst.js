const { default: Sequencer } = require('@jest/test-sequencer');

/**
 * What takes a minute or more, longest first. In a fresh clone nothing is known of how long a file takes, so Jest goes by
 * its size: a short file that takes three minutes would begin among the last, and one worker end long after the others.
 */
const LONGEST = [
  'indexer/fuzz',
  'indexer/lies/heads',
  'indexer/lies/logs',
  'ranges/poison',
  'indexer/lies/answers',
  'indexer/crashes',
  'indexer/killedInMidStatement',
  'indexer/reorgsAtTheWrongMoment',
  'indexer/staleSegments',
  'indexer/lies/limits',
  'indexer/strainedDatabase',
];

function rank({ path }) {
  const place = LONGEST.findIndex((name) => path.endsWith(`/test/${name}.test.ts`));
  return place === -1 ? LONGEST.length : place;
}

module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    // The others stay in Jest's own order.
    return super.sort(tests).sort((one, other) => rank(one) - rank(other));
  }
};
