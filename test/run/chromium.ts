import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { until } from './until';

const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A real Chromium: the machine's own, else the one that comes inside an npm package. The caller closes it. */
export async function launchChromium(): Promise<Browser> {
  const found = installed.find((file) => existsSync(file));
  return chromium.launch({
    executablePath: found ?? (await unpack()),
    // Root can't use the sandbox. Web security stays on: pages are tested with the policies that users meet.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
  });
}

/**
 * Unpacked once per user (it is 180 MB) and moved into place whole: the package itself takes any file at the place for
 * the browser, also one that another test file is still writing.
 */
async function unpack(): Promise<string> {
  const folder = path.join(tmpdir(), `flywheel-chromium-${userInfo().uid}`);
  const browser = path.join(folder, 'chromium');
  if (existsSync(browser)) return browser;
  const lock = `${folder}.lock`;
  await until(() => existsSync(browser) || take(lock), { what: 'unpacking Chromium' });
  if (existsSync(browser)) return browser;
  const fresh = `${folder}.${process.pid}`;
  try {
    mkdirSync(fresh, { recursive: true });
    // The package unpacks into the system's temporary folder, which only a process of its own can be told.
    const program = `require(${JSON.stringify(require.resolve('@sparticuz/chromium'))}).executablePath()`;
    const { status, stderr } = spawnSync(process.execPath, ['-e', program], { env: { ...process.env, TMPDIR: fresh } });
    if (status !== 0) throw new Error(`Chromium could not be unpacked: ${stderr}`);
    rmSync(folder, { recursive: true, force: true });
    await rename(fresh, folder);
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
  return browser;
}

/** A lock older than any unpacking belongs to a run that was killed. */
function take(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    const { mtimeMs } = statSync(lock, { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() };
    if (Date.now() - mtimeMs > 20_000) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}
