import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { asOfIn, asOfText, chainOfPath } from '../../explorer/past/asOf';
import { address } from '../api/fakeChain';
import { rewardFor } from '../api/loop';
import { type Explorer, openExplorer } from './openExplorer';

let explorer: Explorer;
let page: Page;

beforeAll(async () => {
  // 0.12 OPEN in block 3, 0.3 OPEN in block 4
  explorer = await openExplorer([
    [rewardFor(address(0xb1), 12n * 10n ** 16n)],
    [rewardFor(address(0xb1), 3n * 10n ** 17n)],
  ]);
});
afterAll(() => explorer?.close());
afterEach(() => page?.context().close());

const banner = () => page.locator('.banner.past');

test('a block in the URL is one of a chain or of the only chain, and anything else is none', () => {
  const of = (search: string) => asOfIn({ params: new URLSearchParams(search) });
  expect(of('asof=31337:630')).toEqual({ chainId: 31337, number: 630 });
  expect(of('asof=630')).toEqual({ chainId: null, number: 630 });
  expect(of('')).toBeNull();
  for (const wrong of ['-1', 'x', '1:', ':1', '1e3', '99999999999', '1:2:3']) expect(of(`asof=${wrong}`)).toBeNull();
  expect(asOfText({ chainId: 31337, number: 0 })).toBe('31337:0');
  expect(asOfText({ chainId: null, number: 7 })).toBe('7');
  expect(chainOfPath('/datanet:31337:1')).toBe(31337);
  expect(chainOfPath('/account:0xabc')).toBeNull();
  expect(chainOfPath('/rewards')).toBeNull();
});

test('an account as of a past block: what it had earned then, said by a banner, and kept over a reload', async () => {
  page = await explorer.open(`/account:${address(0xb1)}?asof=31337:3`);
  await page.locator('.figures', { hasText: 'Earned0.12 OPEN' }).waitFor();
  await banner().locator('p', { hasText: 'as of block 3' }).waitFor();
  await page.reload();
  await page.locator('.figures', { hasText: 'Earned0.12 OPEN' }).waitFor();
  await page.getByRole('link', { name: 'Back to now' }).click();
  await page.locator('.figures', { hasText: 'Earned0.42 OPEN' }).waitFor();
  expect(await banner().count()).toBe(0);
  expect(new URL(page.url()).search).toBe('');
});

test('lists, things and charts of the past have nothing that came later, and links stay in it', async () => {
  page = await explorer.open('/rewards?asof=31337:3');
  await page.locator('.count', { hasText: '1 reward' }).waitFor();
  await page.locator('tbody tr a').first().click();
  await page.locator('h1', { hasText: '0.12 OPEN' }).waitFor();
  expect(new URL(page.url()).search).toBe('?asof=31337:3');
  await page.goto(`${explorer.harness.api.url}/reward:31337:4-0?asof=31337:3`);
  await page.locator('h1', { hasText: 'Nothing is here' }).waitFor();
  await page.goto(`${explorer.harness.api.url}/?asof=31337:3`);
  await page.locator('.feed li').first().waitFor();
  expect(await page.locator('.feed li').count()).toBe(1);
  expect(await page.locator('.feed').textContent()).not.toContain('0.3 OPEN');
});

test('a list of the past as a file has what was there then, and its name says so', async () => {
  page = await explorer.open('/rewards?asof=31337:3');
  await page.locator('.count', { hasText: '1 reward' }).waitFor();
  const [file] = await Promise.all([page.waitForEvent('download'), page.locator('button', { hasText: 'CSV' }).click()]);
  expect(file.suggestedFilename()).toBe('rewards-at-3.csv');
  const [, ...rows] = (await readFile(await file.path(), 'utf8')).trimEnd().split('\r\n');
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatch(/^reward:31337:3-0,CONTRIBUTOR,0x.{40},120000000000000000,/);
});

test('the way into the past is in the header, and another block is a number away', async () => {
  page = await explorer.open('/rewards');
  await page.locator('.count', { hasText: '2 rewards' }).waitFor();
  await page.getByRole('link', { name: 'Look at this page as of a past block' }).click();
  await banner().locator('p', { hasText: 'as of block 4' }).waitFor();
  await banner().getByLabel('Block', { exact: true }).fill('3');
  await page.keyboard.press('Enter');
  await page.locator('.count', { hasText: '1 reward' }).waitFor();
  expect(new URL(page.url()).search).toBe('?asof=31337:3');
});

test('a block that is not indexed yet is said in words, and so is a page that has no past', async () => {
  page = await explorer.open('/datanets?asof=31337:999');
  await page.locator('[role="alert"]', { hasText: 'above the indexed head' }).waitFor();
  await page.goto(`${explorer.harness.api.url}/status?asof=31337:3`);
  await banner().locator('p', { hasText: 'This page has no past' }).waitFor();
});
