import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../chromium';
import { openEconomy } from '../economy/openEconomy';
import { load, machineLine } from '../machine';
import type { Bench } from '../part';
import { ask, ours } from '../serving/servers';
import { count, median, percentile, printTable } from '../table';

const COLD_LOADS = 7;
const ROWS = 1_000;
const SCROLL_FRAMES = 180;
const SCROLL_BY_PX = 60;
const LIMIT_MS = 60_000;
/** At 60 frames a second one of these was not drawn in time. */
const LATE_MS = 25;

/** Runs before the page's own scripts; a page's policy does not hold for it. */
const WATCH_PAINTS = `new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.largestPaint = { at: entry.startTime, of: entry.element?.tagName };
}).observe({ type: 'largest-contentful-paint', buffered: true })`;

const SCROLL = `new Promise((done) => {
  const frames = [];
  let before;
  const step = (now) => {
    if (before !== undefined) frames.push(now - before);
    before = now;
    if (frames.length === ${SCROLL_FRAMES}) return done(frames);
    window.scrollBy(0, ${SCROLL_BY_PX});
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})`;

interface Paint {
  at: number;
  of: string;
}

/** What a reader waits for: the largest contentful paint of cold loads, and the frames of a long list that is scrolled. */
export async function explorer(bench: Bench): Promise<void> {
  const databaseUrl = await openEconomy(bench.serverUrl, bench.options.rewards);
  const server = await ours(databaseUrl, bench.folder).start();
  const browser = await launchChromium();
  try {
    const url = `http://127.0.0.1:${server.port}`;
    const { datanets, rewards } = (await ask(
      server.port,
      server.path,
      '{ datanets(first: 1) { nodes { id } } rewards(first: 1) { nodes { id } } }',
      {},
    )) as Record<'datanets' | 'rewards', { nodes: { id: string }[] }>;
    const places = ['/', '/rewards', `/${datanets.nodes[0]!.id}`, `/${rewards.nodes[0]!.id}`, '/flywheel'];
    const rows: string[][] = [];
    for (const place of places) {
      const paints: Paint[] = [];
      for (let round = 0; round < COLD_LOADS; round++) paints.push(await coldLoad(browser, url + place));
      const times = paints.map(({ at }) => at);
      rows.push([place, ...[median(times), Math.max(...times)].map((ms) => `${ms.toFixed(0)} ms`), paints[0]!.of]);
    }
    const frames = await scroll(browser, `${url}/rewards?size=${ROWS}`);
    console.log(`\n${machineLine()}, load ${load()}`);
    console.log(
      `explorer: ${count(bench.options.rewards)} rewards, Chromium without a GPU, ${COLD_LOADS} cold loads\n`,
    );
    printTable(['largest contentful paint', 'median', 'worst', 'of'], rows);
    console.log('');
    printTable(
      [`${count(ROWS)} rows, scrolled`, 'median frame', 'p95', 'worst', 'late frames'],
      [
        [
          `${SCROLL_BY_PX} px a frame`,
          ...[median(frames), percentile(frames, 95), Math.max(...frames)].map((ms) => `${ms.toFixed(1)} ms`),
          `${frames.filter((ms) => ms > LATE_MS).length} of ${frames.length}`,
        ],
      ],
    );
  } finally {
    await browser.close();
    await server.child.close();
  }
}

/** In a context of its own: nothing is cached. */
async function coldLoad(browser: Browser, url: string): Promise<Paint> {
  return withPage(browser, async (page) => {
    await page.addInitScript(WATCH_PAINTS);
    await page.goto(url);
    await page.locator('h1').waitFor();
    await page.locator('.loading').first().waitFor({ state: 'detached' });
    // The observer hears of a paint with the frame after it.
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    return (await page.evaluate('window.largestPaint')) as Paint;
  });
}

/** Milliseconds between frames while the whole list goes by. */
async function scroll(browser: Browser, url: string): Promise<number[]> {
  return withPage(browser, async (page) => {
    await page.goto(url);
    await page
      .locator('tbody tr')
      .nth(ROWS - 1)
      .waitFor();
    return (await page.evaluate(SCROLL)) as number[];
  });
}

async function withPage<Result>(browser: Browser, use: (page: Page) => Promise<Result>): Promise<Result> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  context.setDefaultTimeout(LIMIT_MS);
  try {
    return await use(await context.newPage());
  } finally {
    await context.close();
  }
}
