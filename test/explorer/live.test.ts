import type { Page } from 'playwright-core';
import { address } from '../api/fakeChain';
import { rewardFor } from '../api/loop';
import { startTcpProxy } from '../run/tcpProxy';
import { type Explorer, openExplorer } from './openExplorer';

let explorer: Explorer;
let page: Page;

beforeAll(async () => {
  explorer = await openExplorer([[rewardFor(address(0xb1), 12n * 10n ** 16n)]]);
});
afterAll(() => explorer?.close());
beforeEach(async () => {
  page = await explorer.open();
  await page.locator('.feed li').first().waitFor();
});
afterEach(() => page.context().close());

/** Shows what waits until the row is there: what comes is announced first. */
async function showUntil(text: string): Promise<void> {
  const row = page.locator('.feed li', { hasText: text });
  await page.locator('.fresh-rows').click();
  await row.waitFor();
}

test('a reward announces itself; one that a reorg takes back is struck through and leaves; its replacement comes', async () => {
  const before = await page.locator('.feed li').count();
  await explorer.chain.extend([[rewardFor(address(0xb5), 5n * 10n ** 17n)]]);
  await page.locator('.fresh-rows', { hasText: '1 new' }).waitFor();
  expect(await page.locator('.feed li').count()).toBe(before);
  await showUntil('0.5 OPEN');
  await explorer.chain.reorg(1, [[rewardFor(address(0xb5), 25n * 10n ** 16n)]]);
  await page.locator('.feed li.retracted', { hasText: 'taken back by a reorg' }).waitFor();
  // All at once: it leaves soon.
  const [text, ...lines] = (await page.evaluate(`(() => {
    const row = document.querySelector('.feed li.retracted');
    const lineOf = (each) => getComputedStyle(each).textDecorationLine;
    return [row.textContent, lineOf(row), ...['.what', '.amount', '.why'].map((part) => lineOf(row.querySelector(part)))];
  })()`)) as string[];
  expect(text).toContain('0.5 OPEN');
  // A line through the row would go through the reason too.
  expect(lines).toEqual(['none', 'line-through', 'line-through', 'none']);
  await showUntil('0.25 OPEN');
  await page.locator('.feed li.retracted').waitFor({ state: 'detached' });
  await page.goto(`${explorer.harness.api.url}/status`);
  await page.locator('.facts', { hasText: /Reorgs1, the deepest 1 block/ }).waitFor();
});

test('the feed goes on from its cursor over a restart of the server, and a banner says that we are offline', async () => {
  const network = await startTcpProxy(explorer.harness.api.url);
  await page.goto(network.url);
  await page.locator('.feed li').first().waitFor();
  const before = await page.locator('.feed li').count();
  await explorer.harness.api.close();
  await page.locator('.banner', { hasText: 'Offline' }).waitFor();
  await explorer.chain.extend([[rewardFor(address(0xb6), 77n * 10n ** 16n)]]);
  await explorer.harness.start();
  network.lead(explorer.harness.api.url);
  await page.locator('.fresh-rows', { hasText: '1 new' }).waitFor();
  await page.locator('.banner').waitFor({ state: 'detached' });
  await showUntil('0.77 OPEN');
  expect(await page.locator('.feed li').count()).toBe(before + 1);
  await network.close();
});

test('a paused feed announces nothing until it is resumed', async () => {
  await page.locator('button', { hasText: 'Pause' }).click();
  await explorer.chain.extend([[rewardFor(address(0xb7), 33n * 10n ** 16n)]]);
  await page.locator('.loop li', { hasText: 'reward' }).waitFor();
  expect(await page.locator('.fresh-rows').count()).toBe(0);
  await page.locator('button', { hasText: 'Resume' }).click();
  await page.locator('.fresh-rows').waitFor();
});

test('what is pending becomes final while the page is open', async () => {
  await page.locator('.feed li .finality.pending').first().waitFor();
  await explorer.harness.database.pool.query(
    'update chain set finalized_number = indexed_number, finalized_hash = indexed_hash, finalized_timestamp = indexed_timestamp',
  );
  await explorer.chain.extend([[]]);
  await page.locator('.feed li .finality.finalized').first().waitFor();
});
