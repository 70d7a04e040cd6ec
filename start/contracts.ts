import path from 'node:path';
import { compileAll, isCurrent, units } from '../contracts/compile';

// npm run contracts: compiles what changed; with --check it only says whether anything did, for npm run check.
const root = process.cwd();
if (process.argv.includes('--check')) {
  const stale = units(root).filter((unit) => !isCurrent(unit, root));
  for (const { artifacts } of stale) {
    console.error(`${path.relative(root, artifacts)} was not made from the sources as they are: npm run contracts`);
  }
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  const compiled = compileAll(root);
  console.log(compiled.length > 0 ? `Compiled ${compiled.join(', ')}.` : 'The artifacts are up to date.');
}
