import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../run/chromium';
import { address, type FakeChain, openFakeChain, word } from './fakeChain';
import { type ApiHarness, openApi } from './harness';
import { loopOnce, rewardFor } from './loop';

let harness: ApiHarness;
let chain: FakeChain;
let browser: Browser;
let page: Page;
/** What the browser's console and its policies complained about. */
const complaints: string[] = [];

beforeAll(async () => {
  harness = await openApi();
  chain = await openFakeChain(harness.database.pool);
  await chain.extend([...loopOnce, [rewardFor(address(0xb1), 12n * 10n ** 16n)]]);
  await harness.database.pool.query(
    `insert into document (hash, uri, state, name, uri_digest)
     values (decode($1, 'hex'), '', 'fetched', 'Solidity audits', '')
     on conflict (hash, uri_digest) do update set name = excluded.name, state = excluded.state`,
    [word(0xe1).slice(2)],
  );
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await harness.close();
});
beforeEach(async () => {
  page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(harness.api.url);
  await page.locator('#live', { hasText: 'live' }).waitFor();
});
afterEach(() => page.close());

test('shows how far the chains are and the newest rewards', async () => {
  expect(await page.locator('h1').textContent()).toMatch(/^Who gets paid when intelligence creates value/);
  await page.locator('#sync', { hasText: 'in sync' }).waitFor();
  expect(await page.locator('#chains').textContent()).toMatch(/fake-31337[\s\S]*Indexed\s*3/);
  expect(await page.locator('#rewards li').textContent()).toMatch(/0\.12 OPEN[\s\S]*contributor/);
  expect(await page.locator('#rewards li .why').textContent()).toContain('contribution 1 of Solidity audits');
  // Nobody shall take a demo for the real thing.
  expect(await page.locator('#chains').textContent()).toContain('made up');
  expect(await page.locator('.hero').textContent()).toMatch(/openledger-reference\/1. It is ours/);
  expect(complaints).toEqual([]);
});

test('a reward comes by itself; one that a reorg takes back is struck through; its replacement comes', async () => {
  await chain.extend([[rewardFor(address(0xb5), 5n * 10n ** 17n)]]);
  await page.locator('#rewards li', { hasText: '0.5 OPEN' }).waitFor();
  await chain.reorg(1, [[rewardFor(address(0xb5), 25n * 10n ** 16n)]]);
  await page.locator('#rewards li.retracted', { hasText: 'taken back by a reorg' }).waitFor();
  await page.locator('#rewards li', { hasText: '0.25 OPEN' }).waitFor();
  expect(await page.locator('#rewards li.retracted').textContent()).toContain('0.5 OPEN');
  await page.locator('#chains', { hasText: '1, deepest 1 block' }).waitFor();
});

test('the stream goes on from its cursor over a restart of the server', async () => {
  const port = Number(new URL(harness.api.url).port);
  const before = await page.locator('#rewards li').count();
  await harness.api.close();
  await page.locator('#live', { hasText: 'reconnecting' }).waitFor();
  await chain.extend([[rewardFor(address(0xb6), 77n * 10n ** 16n)]]);
  await harness.start({ port });
  await page.locator('#rewards li', { hasText: '0.77 OPEN' }).waitFor();
  expect(await page.locator('#rewards li').count()).toBe(before + 1);
  complaints.length = 0;
});

test('finds by name and shows the card of what was found, its links leading on', async () => {
  await page.fill('#text', 'solid');
  await page.keyboard.press('Enter');
  await page.locator('#results a', { hasText: 'Solidity audits' }).click();
  await page.locator('#detail', { hasText: 'contribution count' }).waitFor();
  await page.locator('#detail a', { hasText: 'contribution:31337:1' }).click();
  await page.locator('#detail h2', { hasText: 'contribution:31337:1' }).waitFor();
  await page.locator('#detail', { hasText: 'paid' }).waitFor();
  expect(complaints).toEqual([]);
});

test.each([
  ['datanet:31337:1', 'Solidity audits'],
  ['contribution:31337:1', 'content hash'],
  ['model:31337:1', 'inference count'],
  [`inference:31337:${word(0x11)}`, '1 OPEN'],
  [`pool:31337:${word(0xf1)}`, 'funded by source'],
  [`inference:31337:${word(0x11)}`, 'refunded0 OPEN'],
  [`pool:31337:${word(0xf1)}`, 'OPENclaimed'],
  ['reward:31337:3-0', '0.12 OPEN'],
  ['reward:31337:3-0', 'backingfee 0.09 OPENemission 0.03 OPEN'],
  ['influence:31337:2-2', 'weight'],
  [`account:${address(0xb1)}`, 'reward totals'],
  ['event:31337:3-0', 'beneficiary ='],
  ['token:31337:native', 'OPEN'],
  ['datanet:31337:99', 'nothing with this id'],
])('the card of %s', async (id, text) => {
  await page.goto(`${harness.api.url}/#${id}`);
  await page.locator('#detail .fields', { hasText: text }).waitFor({ timeout: 10_000 });
  expect(await page.locator('#detail .error').count()).toBe(0);
});

test('no width makes it scroll sideways, and text from chain stays text', async () => {
  await harness.database.pool.query("update document set name = '<img src=x onerror=alert(1)>' where name is not null");
  for (const width of [360, 768, 1600]) {
    await page.setViewportSize({ width, height: 800 });
    await page.goto(`${harness.api.url}/#datanet:31337:1`);
    await page.locator('#detail', { hasText: '<img' }).waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  }
  expect(await page.locator('#detail img').count()).toBe(0);
});
