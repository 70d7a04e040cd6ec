import type { Page } from 'playwright-core';
import { address, word } from '../api/fakeChain';
import { rewardFor } from '../api/loop';
import { type Explorer, openExplorer } from './openExplorer';

let explorer: Explorer;
let page: Page;

beforeAll(async () => {
  explorer = await openExplorer([[rewardFor(address(0xb1), 12n * 10n ** 16n)]]);
  page = await explorer.open();
});
afterAll(() => explorer?.close());

test('home: the question, the loop with its counts, what backs rewards, and the newest of them', async () => {
  await explorer.go(page, '/');
  expect(await page.locator('h1').textContent()).toBe('Who gets paid when intelligence creates value?');
  await page.locator('.loop li', { hasText: /contribute1/ }).waitFor();
  expect(await page.locator('.loop li').count()).toBe(6);
  expect(await page.locator('.money').textContent()).toMatch(/0\.12 OPEN.*75\.0 % backed by fees against 25\.0 % leak/);
  const row = page.locator('.feed li');
  expect(await row.textContent()).toMatch(/contributor\+0\.12 OPEN.*for contribution 1 of Solidity audits/);
  expect(await row.locator('.backing').getAttribute('aria-label')).toBe(
    'Backed by fee 75.0 % (0.09), emission 25.0 % (0.03)',
  );
  expect(await page.locator('.fresh li').first().textContent()).toContain('1 contribution');
  expect(await page.locator('.fresh').first().textContent()).not.toContain('1 contributions');
  // Nobody shall take our events for OpenLedger's.
  expect(await page.locator('footer').textContent()).toMatch(/openledger-reference\/1. It is ours/);
  expect(explorer.complaints).toEqual([]);
});

test.each([
  ['/datanet:31337:1', 'h1', 'Solidity audits'],
  ['/datanet:31337:1', '.figures', '0.12 OPEN'],
  ['/contribution:31337:1', '.life', 'It went all the way'],
  ['/contribution:31337:1', '.figures', '0.12 OPEN'],
  ['/contribution:31337:1', '.facts', 'Bond<0.000001 OPEN'],
  ['/model:31337:1', '.figures', 'Inferences11 user'],
  ['/model:31337:1', 'table', '1 OPEN'],
  [`/inference:31337:${word(0x11)}`, '.receipt', 'Fee paid1 OPEN'],
  [`/inference:31337:${word(0x11)}`, 'table', '100 %'],
  [`/pool:31337:${word(0xf1)}`, '.figures', 'Funded0.4 OPEN'],
  ['/reward:31337:3-0', 'h1', '0.12 OPEN'],
  ['/reward:31337:3-0', '.steps', 'Accrued'],
  [`/account:${address(0xb1)}`, '.figures', 'Earned0.12 OPEN'],
  [`/account:${address(0xb3)}`, '.figures', 'Fees paid1 OPEN'],
  ['/influence:31337:2-2', '.facts', 'Weight100 %'],
  ['/event:31337:3-0', '.facts', 'beneficiary'],
  ['/token:31337:native', '.facts', 'OPEN'],
  ['/flywheel', 'h1', 'Is the loop turning?'],
  ['/flywheel', '.multiples', 'contribute'],
  ['/search?q=solid', '.results', 'Solidity audits'],
  ['/datanet:31337:99', 'h1', 'Nothing is here'],
  ['/account:nobody', 'h1', 'Nothing is here'],
  ['/datanet:x:1', 'h1', 'Nothing is here'],
  ['/contribution:31337:first', 'h1', 'Nothing is here'],
  ['/inference:31337:0x12', 'h1', 'Nothing is here'],
  ['/nowhere/at/all', 'h1', 'Nothing is here'],
])('%s says in %s: %s', async (path, where, text) => {
  explorer.complaints.length = 0;
  await explorer.go(page, path);
  await page.locator(where, { hasText: text }).first().waitFor();
  expect(await page.locator('[role="alert"]').count()).toBe(0);
  // The status of a page that isn't there, or can't be, is in the console, as it should be.
  expect(explorer.complaints.filter((text) => !/status of 40[04]/.test(text))).toEqual([]);
});

test('the status says how far the chain is, that it is made up, and goes on by itself', async () => {
  await explorer.go(page, '/status');
  await page.locator('section', { hasText: /fake-31337[\s\S]*made up[\s\S]*Indexed3/ }).waitFor();
  await explorer.chain.extend([[]]);
  await page.locator('.facts', { hasText: 'Indexed4' }).waitFor();
});

test('search suggests while one writes, and the keyboard alone opens what was found', async () => {
  await explorer.go(page, '/');
  await page.keyboard.press('Tab');
  await page.locator('.hero input').focus();
  // At once: a slow machine would ask for a part of it, and then again.
  await page.keyboard.insertText('solid');
  await page.locator('[role="option"]', { hasText: 'Solidity audits' }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.locator('h1', { hasText: 'Solidity audits' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/datanet:31337:1');
  await page.goBack();
  await page.locator('h1', { hasText: 'Who gets paid' }).waitFor();
});

test('links of the page that there was before lead to the same things', async () => {
  await explorer.go(page, '/#contribution:31337:1');
  await page.locator('h1', { hasText: 'Contribution 1' }).waitFor();
});

test('the attribution graph is a picture, a table and a file, and its sliders stand in the URL', async () => {
  await explorer.go(page, `/inference:31337:${word(0x11)}`);
  const graph = page.locator('.attribution');
  await graph.scrollIntoViewIfNeeded();
  await graph.locator('svg.graph').waitFor();
  await graph.locator('summary').click();
  expect(await graph.locator('tbody').textContent()).toContain('Contribution 1influenced');
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    graph.locator('button', { hasText: 'Image' }).click(),
  ]);
  expect(file.suggestedFilename()).toBe('attribution-graph.svg');
  await graph.locator('input[type="range"]').first().fill('3');
  await page.waitForURL(/depth=3/);
  await page.reload();
  await page.locator('.attribution').scrollIntoViewIfNeeded();
  await page.locator('.attribution output', { hasText: /^3$/ }).waitFor();
});
