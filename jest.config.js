/**
 * Every test runs against real parts: test/run/ starts one Postgres for the whole run. A worker waits a quarter of its
 * time, for polls, backoffs and programs that start: three keep two cores busy. Limits are for what hangs, not for what is
 * slow: a machine that is busy with other things may take ten times as long.
 */
module.exports = {
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: { '^.+\\.ts$': '@swc/jest' },
  globalSetup: '<rootDir>/test/run/globalSetup.ts',
  globalTeardown: '<rootDir>/test/run/globalTeardown.ts',
  testSequencer: '<rootDir>/test/run/longestFirst.js',
  testTimeout: 300_000,
  maxWorkers: 3,
};
