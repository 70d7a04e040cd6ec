import type { EmbeddedPostgres } from '../../db/embedded';
import { startTestPostgres } from './postgres';

declare global {
  var testPostgres: EmbeddedPostgres | undefined;
}

/** Workers are started after this and inherit the environment. */
export default async function globalSetup(): Promise<void> {
  globalThis.testPostgres = await startTestPostgres();
  process.env.FLYWHEEL_TEST_POSTGRES = globalThis.testPostgres.url;
}
