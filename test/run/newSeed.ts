import { randomBytes } from 'node:crypto';

/**
 * For what is random anew in every run. Where TEST_SEED is set it is that in every file, so that a whole run, or what
 * failed in it, can be played again (.ci/run).
 */
export const newSeed = process.env['TEST_SEED'] ?? randomBytes(4).toString('hex');
