/** Every test runs against real parts: test/run/ starts one Postgres for the whole run. */
module.exports = {
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: { '^.+\\.ts$': '@swc/jest' },
  globalSetup: '<rootDir>/test/run/globalSetup.ts',
  globalTeardown: '<rootDir>/test/run/globalTeardown.ts',
  testTimeout: 120_000,
  maxWorkers: 2,
};
