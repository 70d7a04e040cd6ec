import type { Page } from 'playwright-core';
import { address, log, word } from '../api/fakeChain';
import { rewardFor } from '../api/loop';
import { type Explorer, openExplorer } from './openExplorer';

const split = log('InferenceLedger', 'FeeSplit', {
  inferenceId: word(0x11),
  platform: 10n ** 17n,
  model: 4n * 10n ** 17n,
  stakers: 2n * 10n ** 17n,
  contributors: 3n * 10n ** 17n,
});
let explorer: Explorer;
let page: Page;

beforeAll(async () => {
  explorer = await openExplorer([[rewardFor(address(0xb1), 12n * 10n ** 16n)]]);
  page = await explorer.open();
});
afterAll(() => explorer?.close());

/** The ledger of the page, looked at: it comes when it is. */
async function ledger(path: string) {
  await explorer.go(page, path);
  const heading = page.locator('h2, h3', { hasText: /add up\?/ });
  await heading.scrollIntoViewIfNeeded();
  const books = page.locator('.books');
  await books.locator('.ledger').first().waitFor();
  return books;
}

test('an answer whose fee was not split yet has money that waits, and the event behind that is named', async () => {
  const books = await ledger(`/inference:31337:${word(0x11)}`);
  await books.locator('.verdict.waits', { hasText: 'They wait: 1 OPEN1 event is behind it' }).waitFor();
  await books.locator('summary').click();
  await books.locator('.evidence a', { hasText: 'InferenceSettled' }).waitFor();
});

test.each([
  [`/pool:31337:${word(0xf1)}`, /It adds up/],
  [`/account:${address(0xb1)}`, /It adds up/],
])('%s shows both sides of its books', async (path, verdict) => {
  const books = await ledger(path);
  await books.locator('.verdict', { hasText: verdict }).waitFor();
});

test('the books of an answer: its fee in, its shares out, each side the same', async () => {
  await explorer.chain.extend([[split]]);
  const books = await ledger(`/inference:31337:${word(0x11)}`);
  const rows = await books.locator('tr').allTextContents();
  expect(rows.find((row) => row.startsWith('Answers'))).toMatch(/fees in, shares out1 OPEN1 OPEN0 OPEN$/);
  expect(rows.at(-1)).toMatch(/^Both sides2 OPEN2 OPENequal$/);
});

test('the status says whether everything on a chain adds up, and which events are behind what does not', async () => {
  const books = await ledger('/status');
  await books.locator('.verdict.good').waitFor();
  const { chain } = explorer;
  // Out of a pool that was never funded.
  await chain.extend([[rewardFor(address(0xb1), 10n ** 20n)]]);
  const broken = await ledger('/status');
  await broken.locator('.verdict.bad', { hasText: 'It does not add up' }).waitFor();
  await broken.locator('summary', { hasText: /event/ }).click();
  await broken.locator('.evidence').first().waitFor();
});

test('the ways between two things: each a chain of links, with its weight and its money', async () => {
  await explorer.go(page, `/paths?from=contribution:31337:1&to=account:${address(0xb1)}`);
  const ways = page.locator('.paths li');
  await ways.first().waitFor();
  await page
    .locator('.paths li', { hasText: /influenced100 %/ })
    .first()
    .waitFor();
  await ways.first().locator('a.stop', { hasText: 'Contribution 1' }).click();
  await page.locator('h1', { hasText: 'Contribution 1' }).waitFor();
});

test('both ends are asked for, an address is an account, and what leads nowhere is said', async () => {
  await explorer.go(page, '/paths');
  await page.locator('.state', { hasText: 'Say both ends' }).waitFor();
  await page.getByRole('textbox', { name: 'From' }).fill(address(0xb1));
  await page.getByRole('textbox', { name: 'To' }).fill('datanet:31337:1');
  await page.keyboard.press('Enter');
  await page.locator('.paths li').first().waitFor();
  expect(new URL(page.url()).searchParams.get('from')).toBe(`account:${address(0xb1)}`);
  await page.reload();
  await page.locator('.paths li').first().waitFor();
  await explorer.go(page, `/paths?from=datanet:31337:99&to=account:${address(0xb1)}`);
  await page.locator('.state', { hasText: 'does not exist' }).waitFor();
  await explorer.go(page, '/paths?from=nonsense&to=datanet:31337:1');
  await page.locator('[role="alert"]').waitFor();
});
