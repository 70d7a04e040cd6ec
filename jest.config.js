/** Every test runs against real parts: test/run/ starts one Postgres for the whole run. */
module.exports = {
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: { '^.+\\.ts$': '@swc/jest' },
  testTimeout: 120_000,
  maxWorkers: 2,
};
