import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { newSeed } from './newSeed';

fc.configureGlobal({ seed: createHash('sha256').update(newSeed).digest().readInt32BE() });

/** fast-check, whose cases are this run's. */
export default fc;
export type { Arbitrary } from 'fast-check';
