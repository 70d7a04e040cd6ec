import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { address, word } from '../api/fakeChain';
import { rewardFor } from '../api/loop';
import { type Explorer, openExplorer } from './openExplorer';

let explorer: Explorer;
let page: Page;
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const PLACES = [
  '/',
  '/datanets',
  '/rewards',
  '/flywheel',
  '/status',
  '/datanet:31337:1',
  '/model:31337:1',
  '/contribution:31337:1',
  `/inference:31337:${word(0x11)}`,
  '/reward:31337:3-0',
  `/account:${address(0xb1)}`,
  `/paths?from=contribution:31337:1&to=account:${address(0xb1)}`,
  '/rewards?asof=31337:3',
];

beforeAll(async () => {
  explorer = await openExplorer([[rewardFor(address(0xb1), 12n * 10n ** 16n)]]);
});
afterAll(() => explorer?.close());
afterEach(() => page.context().close());

/** Until everything that is asked for is there. */
async function settled(path: string): Promise<void> {
  await page.goto(explorer.harness.api.url + path);
  await page.locator('h1').waitFor();
  await page.evaluate('window.scrollTo(0, document.body.scrollHeight)');
  await page.locator('.loading').first().waitFor({ state: 'detached' });
}

test.each(PLACES)('axe finds nothing serious on %s, light or dark', async (path) => {
  page = await explorer.open('/', { bypassCSP: true, reducedMotion: 'reduce' });
  const found: unknown[] = [];
  await settled(path);
  for (const theme of ['light', 'dark']) {
    await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`);
    await page.evaluate(axe);
    const { violations } = (await page.evaluate('axe.run()')) as {
      violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[];
    };
    for (const { id, impact, nodes } of violations) {
      if (impact !== 'serious' && impact !== 'critical') continue;
      found.push({ path, theme, id, html: nodes[0]?.html, why: nodes[0]?.failureSummary });
    }
  }
  expect(found).toEqual([]);
});

test.each([360, 768, 1600])('nothing scrolls sideways at %s px', async (width) => {
  page = await explorer.open('/', { viewport: { width, height: 800 } });
  const wide: string[] = [];
  for (const path of PLACES) {
    await settled(path);
    const over = (await page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    )) as number;
    if (over > 0) wide.push(`${path} by ${over}`);
  }
  expect(wide).toEqual([]);
});

/** Text that is squeezed to a letter a line, or that reaches out of the window and can't be scrolled to. */
const SQUEEZED = `(() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) {
    const { nodeValue, parentElement } = texts.currentNode;
    if (nodeValue.trim().length < 4 || parentElement.closest('svg, .scroll, .hidden, thead, option')) continue;
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    const { width, height, right } = range.getBoundingClientRect();
    const isCut = right > document.documentElement.clientWidth && getComputedStyle(parentElement).textOverflow !== 'ellipsis';
    if (width > 0 && (isCut || (width < 16 && height > 40))) found.push(nodeValue.trim());
  }
  return found;
})()`;

test('at 360 px every word is readable and in the window', async () => {
  page = await explorer.open('/', { viewport: { width: 360, height: 800 } });
  const found: unknown[] = [];
  for (const path of PLACES) {
    await settled(path);
    found.push(...((await page.evaluate(SQUEEZED)) as string[]).map((what) => `${path}: ${what}`));
  }
  expect(found).toEqual([]);
});

test('at 360 px a reward that arrives still says whose it is', async () => {
  page = await explorer.open('/', { viewport: { width: 360, height: 800 } });
  await page.locator('.feed li .who a').first().waitFor({ state: 'visible' });
});

test('dark where the system is dark, and as the switch says from then on', async () => {
  page = await explorer.open('/', { colorScheme: 'dark' });
  const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
  const dark = await ground();
  await page.getByRole('button', { name: 'Switch to light colours' }).click();
  expect(await ground()).not.toBe(dark);
  await page.reload();
  await page.getByRole('button', { name: 'Switch to dark colours' }).click();
  expect(await ground()).toBe(dark);
});

test('by keyboard alone: past the navigation into the page, and to a thing in a list', async () => {
  page = await explorer.open('/datanets');
  await page.locator('tbody tr').waitFor();
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
  await page.keyboard.press('Enter');
  for (let steps = 0; steps < 40; steps++) {
    await page.keyboard.press('Tab');
    if ((await page.evaluate('document.activeElement.textContent')) === 'Solidity audits') break;
  }
  await page.keyboard.press('Enter');
  await page.locator('h1', { hasText: 'Solidity audits' }).waitFor();
  expect(await page.evaluate('document.activeElement.tagName')).toBe('MAIN');
});

test('the menu of a narrow screen opens and leads on', async () => {
  page = await explorer.open('/', { viewport: { width: 360, height: 800 } });
  await page.getByRole('button', { name: 'Menu' }).click();
  await page.getByRole('link', { name: 'Models' }).click();
  await page.locator('h1', { hasText: 'Models' }).waitFor();
});

test('text from chain stays text, on every page that shows it', async () => {
  await explorer.name(word(0xe1), '<img src=x onerror=alert(1)>');
  explorer.complaints.length = 0;
  page = await explorer.open('/datanet:31337:1');
  for (const path of ['/datanet:31337:1', '/datanets', '/', '/rewards', '/search?q=%3Cimg', '/contribution:31337:1']) {
    await settled(path);
    await page.locator('main', { hasText: '<img src=x' }).waitFor();
    expect(await page.locator('main img').count()).toBe(0);
  }
  expect(explorer.complaints).toEqual([]);
  await explorer.name(word(0xe1), 'Solidity audits');
});
