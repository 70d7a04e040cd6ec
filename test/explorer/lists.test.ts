import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { address, log, word } from '../api/fakeChain';
import { rewardFor } from '../api/loop';
import { type Explorer, openExplorer } from './openExplorer';

let explorer: Explorer;
let page: Page;

/** 60 rewards of two beneficiaries, 0.01 to 0.6 OPEN. */
const many = Array.from({ length: 60 }, (_, place) =>
  rewardFor(address(place % 3 === 0 ? 0xb5 : 0xb1), BigInt(place + 1) * 10n ** 16n),
);

beforeAll(async () => {
  explorer = await openExplorer([many]);
});
afterAll(() => explorer?.close());
afterEach(() => page.context().close());

const first = () => page.locator('tbody tr').first();

test('a filter stands in the URL, survives a reload, and the back button takes it away', async () => {
  page = await explorer.open('/rewards');
  await page.locator('.count', { hasText: '60 rewards' }).waitFor();
  await page.getByLabel('Beneficiary').fill(address(0xb5));
  await page.keyboard.press('Enter');
  await page.locator('.count', { hasText: '20 rewards' }).waitFor();
  expect(new URL(page.url()).searchParams.get('beneficiary')).toBe(address(0xb5));
  await page.getByLabel('Role').selectOption('STAKER');
  await page.locator('.state', { hasText: 'Nothing fits' }).waitFor();
  await page.goBack();
  await page.reload();
  await page.locator('.count', { hasText: '20 rewards' }).waitFor();
  await page.goBack();
  await page.locator('.count', { hasText: '60 rewards' }).waitFor();
  expect(await page.getByLabel('Beneficiary').inputValue()).toBe('');
});

test('a filter that the API refuses is said in its words, and the page stays', async () => {
  page = await explorer.open('/rewards?beneficiary=nobody');
  await page.locator('[role="alert"]', { hasText: 'beneficiary' }).waitFor();
  await page.locator('a', { hasText: 'Clear filters' }).click();
  await page.locator('.count', { hasText: '60 rewards' }).waitFor();
});

test('a page that is not there leads to the first one', async () => {
  page = await explorer.open('/rewards?role=STAKER&after=rubbish');
  await page.locator('[role="alert"]', { hasText: 'cursor' }).waitFor();
  await page.locator('a', { hasText: 'To the first page' }).click();
  await page.locator('.state', { hasText: 'Nothing fits' }).waitFor();
  expect(new URL(page.url()).search).toBe('?role=STAKER');
});

test('sorted by an amount, up and down', async () => {
  page = await explorer.open('/rewards');
  await page.locator('th a', { hasText: 'Amount' }).click();
  await page.locator('th[aria-sort="descending"]').waitFor();
  await page.locator('tbody tr:first-child', { hasText: '0.6 OPEN' }).waitFor();
  await page.locator('th a', { hasText: 'Amount' }).click();
  await page.locator('th[aria-sort="ascending"]').waitFor();
  await page.locator('tbody tr:first-child', { hasText: '0.01 OPEN' }).waitFor();
  expect(new URL(page.url()).search).toBe('?sort=amount');
});

test('pages lead on and back again', async () => {
  page = await explorer.open('/rewards');
  await first().waitFor();
  const newest = await first().locator('a').first().getAttribute('href');
  for (const text of ['0.35 OPEN', '0.1 OPEN']) {
    await page.locator('.paging a', { hasText: 'Next' }).click();
    await page.locator('tbody tr:first-child', { hasText: text }).waitFor();
  }
  expect(await page.locator('.paging a', { hasText: 'Next' }).count()).toBe(0);
  for (const text of ['0.35 OPEN', '0.6 OPEN']) {
    await page.locator('.paging a', { hasText: 'Previous' }).click();
    await page.locator('tbody tr:first-child', { hasText: text }).waitFor();
  }
  expect(await first().locator('a').first().getAttribute('href')).toBe(newest);
});

test('the filtered list as a file: every row of every page, amounts to the last unit', async () => {
  page = await explorer.open(`/rewards?beneficiary=${address(0xb5)}`);
  await page.locator('.count', { hasText: '20 rewards' }).waitFor();
  const [file] = await Promise.all([page.waitForEvent('download'), page.locator('button', { hasText: 'CSV' }).click()]);
  expect(file.suggestedFilename()).toBe('rewards.csv');
  const lines = (await readFile(await file.path(), 'utf8')).trimEnd().split('\r\n');
  expect(lines).toHaveLength(21);
  expect(lines[0]).toMatch(/^id,role,beneficiary,amount,token,decimals,backed by fee,/);
  expect(lines.at(-1)).toMatch(/^reward:31337:3-0,CONTRIBUTOR,0x.{40},10000000000000000,token:31337:native,18,/);
});

test('a name that is a formula is none in the file', async () => {
  const created = {
    datanetId: 2n,
    owner: address(0xa1),
    transactionId: word(0xd2),
    dataType: 0n,
    metadataHash: word(0xe7),
    metadataURI: 'ipfs://x',
  };
  await explorer.chain.extend([[log('DatanetRegistry', 'DatanetCreated', created)]]);
  await explorer.name(word(0xe7), '=HYPERLINK("https://bad.example","paid, ""really""")');
  page = await explorer.open('/datanets');
  await page.locator('.count', { hasText: '2 datanets' }).waitFor();
  const [file] = await Promise.all([page.waitForEvent('download'), page.locator('button', { hasText: 'CSV' }).click()]);
  const text = await readFile(await file.path(), 'utf8');
  expect(text).toContain(`datanet:31337:2,"'=HYPERLINK(""https://bad.example"",""paid, """"really"""""")"`);
});
