import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { address, openFakeChain } from '../api/fakeChain';
import { loopOnce, rewardFor } from '../api/loop';
import { type Explorer, openExplorer } from './openExplorer';

let explorer: Explorer;
let page: Page;

beforeAll(async () => {
  explorer = await openExplorer([[rewardFor(address(0xb1), 12n * 10n ** 16n)]]);
  const other = await openFakeChain(explorer.harness.database.pool, 31338);
  await other.extend([...loopOnce, [rewardFor(address(0xb1), 3n * 10n ** 17n)]]);
});
afterAll(() => explorer?.close());
afterEach(() => page?.context().close());

async function savedRows(): Promise<string[]> {
  const [file] = await Promise.all([page.waitForEvent('download'), page.locator('button', { hasText: 'CSV' }).click()]);
  return (await readFile(await file.path(), 'utf8')).trimEnd().split('\r\n').slice(1);
}

test('a list of several chains as a file has the rows of each', async () => {
  page = await explorer.open('/rewards');
  await page.locator('.count', { hasText: '2 rewards' }).waitFor();
  const ids = (await savedRows()).map((row) => row.split(',')[0]);
  expect(ids.sort()).toEqual(['reward:31337:3-0', 'reward:31338:3-0']);
});

test('the past of one chain is a file of that chain alone', async () => {
  page = await explorer.open('/rewards?asof=31338:3');
  await page.locator('.count', { hasText: '1 reward' }).waitFor();
  expect((await savedRows()).map((row) => row.split(',')[0])).toEqual(['reward:31338:3-0']);
});

test('every page of a thing is of its own chain, and home, flywheel and status are of both', async () => {
  page = await explorer.open('/datanet:31338:1');
  await page.locator('h1', { hasText: 'Solidity audits' }).waitFor();
  await explorer.go(page, '/status');
  for (const chainId of ['31337', '31338']) await page.locator('main', { hasText: chainId }).waitFor();
  for (const place of ['/', '/flywheel', `/account:${address(0xb1)}`]) {
    await explorer.go(page, place);
    await page.locator('h1').waitFor();
    await page.locator('.loading').first().waitFor({ state: 'detached' });
    expect(await page.locator('[role="alert"]').count()).toBe(0);
  }
  expect(explorer.complaints).toEqual([]);
});
