// Runs every test, or those that jest's arguments name. Files that fail are run once more, one after the other and with the
// same seeds: a fault fails again, what stumbled over a busy machine is named as such, to be mended, and holds up nobody's
// change.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

/** More have not stumbled: they are broken. */
const MOST_AGAIN = 3;

const folder = mkdtempSync(join(tmpdir(), 'flywheel-ci-'));

/** What jest says of its run (`--json`), undefined where it came to no end; `isGreen` is whether the command succeeded. */
function runTests(args) {
  const file = join(folder, 'results.json');
  rmSync(file, { force: true });
  const { status } = spawnSync('npm', ['test', '--', ...args, '--json', `--outputFile=${file}`], { stdio: 'inherit' });
  try {
    return { isGreen: status === 0, results: JSON.parse(readFileSync(file, 'utf8')) };
  } catch {
    return { isGreen: false, results: undefined };
  }
}

const failedFiles = ({ testResults }) =>
  testResults.filter(({ status }) => status === 'failed').map(({ name }) => name);
const passedOf = ({ testResults }, files) =>
  testResults
    .filter(({ name }) => !files.includes(name))
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'passed').length;
// A file that could not even be loaded has failed as much as a test in it.
const failedOf = ({ numFailedTests, numRuntimeErrorTestSuites }) => numFailedTests + numRuntimeErrorTestSuites;

let { isGreen, results } = runTests(process.argv.slice(2));
let passed = results ? passedOf(results, []) : 0;
const stumbled = results ? failedFiles(results) : [];
if (results && stumbled.length > 0 && stumbled.length <= MOST_AGAIN) {
  const said = (files) => files.map((name) => relative(process.cwd(), name)).join(', ');
  console.log(`\nOnce more, alone: ${said(stumbled)}`);
  passed = passedOf(results, stumbled);
  ({ isGreen, results } = runTests(['--runInBand', '--runTestsByPath', ...stumbled]));
  if (results) {
    passed += passedOf(results, []);
    const mended = stumbled.filter((name) => !failedFiles(results).includes(name));
    if (mended.length > 0) console.log(`Passed only when run again, and to be mended: ${said(mended)}`);
  }
}
rmSync(folder, { recursive: true, force: true });
console.log(`${passed} passed, ${results ? failedOf(results) : 'some'} failed`);
process.exitCode = isGreen ? 0 : 1;
