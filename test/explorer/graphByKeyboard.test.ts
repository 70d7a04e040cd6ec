import type { Page } from 'playwright-core';
import { nextStop } from '../../explorer/charts/nextStop';
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

test('an arrow leads to the nearest node in its direction, and nowhere where there is none', () => {
  const at = (key: string, x: number, y: number) => ({ key, x, y });
  const from = at('from', 0, 0);
  const stops = [from, at('right', 50, 0), at('aside', 20, 40), at('left', -90, 1), at('below', 0, 30)];
  const key = (direction: readonly [number, number]) => nextStop(stops, from, direction)?.key;
  expect([key([1, 0]), key([-1, 0]), key([0, 1]), key([0, -1])]).toEqual(['right', 'left', 'below', undefined]);
});

const focused = () => page.evaluate('document.activeElement?.getAttribute("data-stop")') as Promise<string | null>;

test.each([
  ['sankey', `/inference:31337:${word(0x11)}`, 'ArrowLeft'],
  ['force', '/datanet:31337:1', 'ArrowRight'],
])('nodes of the %s are reached by one Tab and the arrows, light up, and open with Enter', async (_, path, arrow) => {
  await explorer.go(page, path);
  const picture = page.locator('.attribution section');
  await page.locator('h2', { hasText: 'Attribution graph' }).scrollIntoViewIfNeeded();
  await picture.locator('svg.graph').waitFor();
  await picture.focus();
  await page.keyboard.press('Tab');
  const root = await focused();
  expect(root).toContain(path.slice(1));
  await picture.locator('svg.some-lit').waitFor();
  for (const each of [arrow, 'ArrowLeft', 'ArrowUp', 'ArrowDown', 'ArrowRight']) {
    if ((await focused()) !== root) break;
    await page.keyboard.press(each);
  }
  const next = await focused();
  expect(next).not.toBe(root);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => decodeURIComponent(url.pathname) !== path);
  expect(String(next)).toContain(decodeURIComponent(new URL(page.url()).pathname).slice(1));
  // One stop alone: whoever doesn't want the picture is out of it with the next Tab.
  await page.goBack();
  await picture.locator('svg.graph').waitFor();
  expect(await picture.locator('[tabindex="0"]').count()).toBe(1);
});
