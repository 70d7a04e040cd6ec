import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { schemaText } from '../api/schema';
import { breakingChanges } from './breakingChanges';

/** Beside this checkout's package.json, which is where `npm run check` runs. */
const COMMITTED = 'schema/schema.graphql';

/**
 * Whether the committed SDL, from which clients generate types, is the one that is served, and whether everybody who uses
 * the last commit's, or the last release's, can go on.
 */
function check(): string[] {
  const served = schemaText();
  const drift =
    readFileSync(COMMITTED, 'utf8').trim() === served.trim()
      ? []
      : [`${COMMITTED} is not the served schema: node dist/api/emitSchema.js ${COMMITTED}`];
  const release = git('describe', '--tags', '--abbrev=0');
  const broken = ['HEAD', ...(release ? [release] : [])].flatMap((version) => {
    // Without git, or in a checkout without history, there is nothing to compare with.
    const before = git('show', `${version}:./${COMMITTED}`);
    return before ? breakingChanges(before, served).map((change) => `breaks clients of ${version}: ${change}`) : [];
  });
  return [...drift, ...broken];
}

function git(...args: string[]): string | undefined {
  const { status, stdout } = spawnSync('git', args, { encoding: 'utf8', maxBuffer: 16 << 20 });
  return status === 0 ? stdout.trim() : undefined;
}

const wrong = check();
for (const line of wrong) console.error(line);
process.exitCode = wrong.length > 0 ? 1 : 0;
