import type { Page } from 'playwright-core';
import { address } from '../api/fakeChain';
import { rewardFor } from '../api/loop';
import { type Explorer, openExplorer } from './openExplorer';

let explorer: Explorer;
let page: Page;

/** 1,050 rewards: 0.0001 to 0.105 OPEN. */
const many = Array.from({ length: 1_050 }, (_, place) => rewardFor(address(0xb1), BigInt(place + 1) * 10n ** 14n));

beforeAll(async () => {
  explorer = await openExplorer([many]);
});
afterAll(() => explorer?.close());
afterEach(() => page?.context().close());

const rows = () => page.locator('tbody tr');

test('a thousand rows at once: every one of them once and in order, and then the rest', async () => {
  page = await explorer.open('/rewards?size=1000');
  await page.locator('.count', { hasText: '1,050 rewards' }).waitFor();
  await rows().nth(999).waitFor();
  const hrefs = (await page.evaluate(
    '[...document.querySelectorAll("tbody tr td:first-child a")].map((link) => link.getAttribute("href"))',
  )) as string[];
  expect(hrefs).toHaveLength(1_000);
  expect(hrefs[0]).toBe('/reward:31337:3-1049');
  expect(hrefs).toEqual(hrefs.map((_, place) => `/reward:31337:3-${1049 - place}`));
  expect(await page.locator('.growing').count()).toBe(0);
  await page.locator('.paging a', { hasText: 'Next' }).click();
  await page.locator('tbody tr:first-child a[href="/reward:31337:3-49"]').waitFor();
  expect(await rows().count()).toBe(50);
  await page.locator('.paging a', { hasText: 'Previous' }).click();
  await page.locator('tbody tr:first-child a[href="/reward:31337:3-1049"]').waitFor();
  expect(await rows().count()).toBe(1_000);
});

test('an order by amount holds over the parts of a long page', async () => {
  page = await explorer.open('/rewards?size=1000&sort=amount');
  await rows().nth(999).waitFor();
  expect(await rows().first().locator('a').first().getAttribute('href')).toBe('/reward:31337:3-0');
  expect(await rows().last().locator('a').first().getAttribute('href')).toBe('/reward:31337:3-999');
});

test('rows that came since are announced and leave what is read where it is, until they are asked for', async () => {
  page = await explorer.open('/rewards');
  await page.locator('.count', { hasText: '1,050 rewards' }).waitFor();
  const newest = () => rows().first().locator('a').first().getAttribute('href');
  const before = await newest();
  await explorer.chain.extend([[rewardFor(address(0xb5), 10n ** 16n), rewardFor(address(0xb6), 10n ** 16n)]]);
  await page.locator('.fresh-rows', { hasText: '2 new' }).waitFor();
  expect(await newest()).toBe(before);
  await page.locator('.fresh-rows').click();
  await page.locator('.count', { hasText: '1,052 rewards' }).waitFor();
  await page.locator('.fresh-rows').waitFor({ state: 'detached' });
  expect(await newest()).toBe('/reward:31337:4-1');
});

test('a long export says how far it is and can be given up', async () => {
  page = await explorer.open('/rewards');
  await page.locator('.count', { hasText: 'rewards' }).waitFor();
  let answered = 0;
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/graphql', async (route) => {
    const isPage = route.request().postData()?.includes('RewardList');
    if (isPage && ++answered > 3) await held;
    await route.continue().catch(() => undefined);
  });
  let downloads = 0;
  page.on('download', () => downloads++);
  await page.locator('button', { hasText: 'CSV' }).click();
  await page.locator('.export', { hasText: /300 of 1,0\d\d/ }).waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.locator('button', { hasText: 'CSV' }).waitFor();
  release();
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  expect(downloads).toBe(0);
});
