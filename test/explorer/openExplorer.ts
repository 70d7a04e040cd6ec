import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { type FakeChain, openFakeChain, word } from '../api/fakeChain';
import { type ApiHarness, openApi } from '../api/harness';
import { loopOnce } from '../api/loop';
import type { HistoryLog } from '../oracle/log';
import { launchChromium } from '../run/chromium';

export interface Explorer {
  harness: ApiHarness;
  chain: FakeChain;
  /** What the consoles, the pages' policies and uncaught errors complained about. */
  complaints: string[];
  /** A page of its own at `path`, live. */
  open(path?: string, options?: BrowserContextOptions): Promise<Page>;
  /** Another place on the same page, loaded anew. */
  go(page: Page, path: string): Promise<void>;
  /** What the document behind a metadata hash names. */
  name(metadataHash: string, name: string): Promise<void>;
  close(): Promise<void>;
}

/** The explorer as it was built last, over a chain on which one loop was turned, in a real browser. */
export async function openExplorer(more: HistoryLog[][] = []): Promise<Explorer> {
  const harness = await openApi();
  const chain = await openFakeChain(harness.database.pool);
  await chain.extend([...loopOnce, ...more]);
  const browser: Browser = await launchChromium();
  const complaints: string[] = [];
  const explorer: Explorer = {
    harness,
    chain,
    complaints,
    async open(path = '/', options = {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
      // A machine at work on other things may take its time.
      context.setDefaultTimeout(90_000);
      const page = await context.newPage();
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      await explorer.go(page, path);
      return page;
    },
    async go(page, path) {
      await page.goto(harness.api.url + path);
      await page.locator('.sync', { hasText: 'in sync' }).waitFor();
    },
    async name(metadataHash, name) {
      await harness.database.pool.query(
        `insert into document (hash, uri, state, name, uri_digest)
         values (decode($1, 'hex'), '', 'fetched', $2, '')
         on conflict (hash, uri_digest) do update set name = excluded.name, state = excluded.state`,
        [metadataHash.slice(2), name],
      );
    },
    async close() {
      await browser.close();
      await harness.close();
    },
  };
  await explorer.name(word(0xe1), 'Solidity audits');
  return explorer;
}
