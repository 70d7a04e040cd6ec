import { startTestPostgres, type TestPostgres } from './postgres';

declare global {
  var testPostgres: TestPostgres | undefined;
}

/** Workers are started after this and inherit the environment. */
export default async function globalSetup(): Promise<void> {
  globalThis.testPostgres = await startTestPostgres();
  process.env.FLYWHEEL_TEST_POSTGRES = globalThis.testPostgres.url;
  process.env.FLYWHEEL_TEST_COPY = globalThis.testPostgres.strategy;
}
