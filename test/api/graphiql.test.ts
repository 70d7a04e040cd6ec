import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse, validate } from 'graphql';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { buildApiSchema } from '../../api/schema';
import { launchChromium } from '../run/chromium';
import { address, type FakeChain, openFakeChain } from './fakeChain';
import { type ApiHarness, openApi } from './harness';
import { loopOnce, rewardFor } from './loop';

const asBrowser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

let harness: ApiHarness;
let chain: FakeChain;
let url = '';
beforeAll(async () => {
  harness = await openApi();
  url = `${harness.api.url}/graphql`;
  chain = await openFakeChain(harness.database.pool);
  await chain.extend([...loopOnce, [rewardFor(address(0xb1), 12n * 10n ** 16n)]]);
});
afterAll(() => harness.close());

test('whoever opens /graphql in a browser gets a page, anyone else an answer', async () => {
  const page = await fetch(url, { headers: asBrowser });
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(page.headers.get('vary')).toMatch(/^accept\b/);
  expect(page.headers.get('content-security-policy')).not.toMatch(/unsafe|http|\*/);
  expect((await fetch(url)).status).toBe(400);
  const query = `${url}?query={__typename}`;
  const asked = await fetch(query, { headers: { ...asBrowser, 'apollo-require-preflight': '1' } });
  expect([asked.status, await asked.json()]).toEqual([200, { data: { __typename: 'Query' } }]);
  expect((await fetch(url, { method: 'POST', headers: { ...asBrowser, 'content-type': 'text/plain' } })).status).toBe(
    415,
  );
});

test('its files are named by their contents and may be kept for ever', async () => {
  const page = await (await fetch(url, { headers: asBrowser })).text();
  const names = [...page.matchAll(/(?:src|href)="(\/[^"]*)"/g)].map(([, name]) => name as string);
  expect(names.filter((name) => name.startsWith('/graphiql/')).length).toBeGreaterThanOrEqual(2);
  for (const name of names) {
    const file = await fetch(new URL(name, url), { headers: { 'accept-encoding': 'gzip' } });
    expect([name, file.status]).toEqual([name, 200]);
    if (name.startsWith('/graphiql/')) expect(file.headers.get('cache-control')).toMatch(/immutable/);
  }
});

test.each(['rewards', 'status', 'live'])('the example %s is of this schema', (name) => {
  const file = path.resolve(__dirname, `../../api/graphiql/examples/${name}.graphql`);
  expect(validate(buildApiSchema(), parse(readFileSync(file, 'utf8')))).toEqual([]);
});

describe('in a browser', () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  /** What the browser's console and its policies complained about. */
  let complaints: string[];
  let hosts: Set<string>;

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    complaints = [];
    hosts = new Set();
    context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: 'dark' });
    // A machine at work on other things may take its time.
    context.setDefaultTimeout(90_000);
    page = await context.newPage();
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => void hosts.add(new URL(request.url()).host));
    page.on('websocket', (socket) => void hosts.add(new URL(socket.url()).host));
    await page.goto(url);
    await page.locator('.graphiql-query-editor', { hasText: 'query NewestRewards' }).waitFor();
  });
  afterEach(async () => {
    expect(complaints).toEqual([]);
    expect([...hosts].filter(Boolean)).toEqual([new URL(url).host]);
    await context.close();
  });

  const answer = (text: string) => page.locator('.graphiql-response .CodeMirror', { hasText: text }).waitFor();
  const run = () => page.locator('.graphiql-execute-button').click();

  test('answers the example that it opens with', async () => {
    await run();
    await answer('"totalCount": 1');
    await answer('120000000000000000');
  });

  test('explains the fields of the schema, and completes their names', async () => {
    await page.locator('button[aria-label="Show Documentation Explorer"]').click();
    await page.locator('.graphiql-doc-explorer', { hasText: 'Query' }).waitFor();
    await page.locator('.graphiql-doc-explorer a', { hasText: /^Query$/ }).click();
    await page.locator('.graphiql-doc-explorer', { hasText: 'attributionGraph' }).waitFor();
    await page.locator('.graphiql-query-editor .CodeMirror').click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('\n{ leaderb');
    await page.locator('.CodeMirror-hints', { hasText: 'leaderboard' }).waitFor();
  });

  test('opens its dialogs without an exception to its policy', async () => {
    for (const name of ['Open settings dialog', 'Open short keys dialog']) {
      await page.locator(`button[aria-label="${name}"]`).click();
      await page.locator('.graphiql-dialog').waitFor();
      await page.keyboard.press('Escape');
      await page.locator('.graphiql-dialog').waitFor({ state: 'detached' });
    }
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).not.toBe('rgba(0, 0, 0, 0)');
  });

  test('follows a subscription', async () => {
    await page.locator('.graphiql-tab', { hasText: 'LiveRewards' }).click();
    await page.locator('.graphiql-query-editor', { hasText: 'subscription LiveRewards' }).waitFor();
    await run();
    await page.locator('.graphiql-execute-button[aria-label^="Stop"]').waitFor();
    // It has begun: what is committed from here on comes.
    await answer('PROGRESS');
    await chain.extend([[rewardFor(address(0xb5), 5n * 10n ** 17n)]]);
    await answer('500000000000000000');
  });

  test('runs what its editor holds, however lately it came there', async () => {
    // Between two pictures: sooner than anybody could, and than GraphiQL reads its editor.
    await page.evaluate(`(async () => {
      const tabs = [...document.querySelectorAll('.graphiql-tab button')];
      tabs.find((tab) => tab.textContent === 'LiveRewards').click();
      await new Promise(requestAnimationFrame);
      document.querySelector('.graphiql-execute-button').click();
    })()`);
    await answer('PROGRESS');
  });
});
