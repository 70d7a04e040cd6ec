/**
 * Every test runs against real parts: test/run/ starts one Postgres for the whole run. A worker waits a quarter of its
 * time, for polls, backoffs and programs that start: three keep two cores busy.
 */
module.exports = {
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: { '^.+\\.ts$': '@swc/jest' },
  globalSetup: '<rootDir>/test/run/globalSetup.ts',
  globalTeardown: '<rootDir>/test/run/globalTeardown.ts',
  testSequencer: '<rootDir>/test/run/longestFirst.js',
  testTimeout: 120_000,
  maxWorkers: 3,
};
