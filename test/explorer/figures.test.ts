import type { Page } from 'playwright-core';
import { address, log, word } from '../api/fakeChain';
import { rewardFor } from '../api/loop';
import type { HistoryLog } from '../oracle/log';
import { type Explorer, openExplorer } from './openExplorer';

const OTHER_TOKEN = address(0xe7);
const accepted = (contributionId: bigint): HistoryLog =>
  log('ContributionRegistry', 'ContributionFinalized', {
    contributionId,
    status: 1n,
    datanetVersion: 1n,
    scorePpm: 900_000n,
    reason: 0n,
  });
const submitted = (contributionId: bigint, contributor: string): HistoryLog =>
  log('ContributionRegistry', 'ContributionSubmitted', {
    contributionId,
    datanetId: 1n,
    contributor,
    contentHash: word(Number(contributionId)),
    sizeBytes: 1n,
    licenseId: word(1),
    bond: 0n,
    uri: 'ipfs://data',
  });
let explorer: Explorer;
let page: Page;

beforeAll(async () => {
  explorer = await openExplorer([[accepted(1n)]]);
  page = await explorer.open();
});
afterAll(() => explorer?.close());

test('where data was accepted and nobody was paid yet, those who wait are counted', async () => {
  await explorer.go(page, '/flywheel');
  const payouts = page.locator('section', { hasText: 'Time to the first payout' });
  await payouts.locator('.state', { hasText: 'Nobody was paid yet. 1 contributor waits.' }).waitFor();
});

test('a first payout in the block of the first acceptance took no time, which is not none', async () => {
  const contributor = address(0xb5);
  await explorer.chain.extend([[submitted(2n, contributor), accepted(2n), rewardFor(contributor, 10n ** 16n)]]);
  await explorer.go(page, '/');
  await page.locator('.money', { hasText: /To a first payout0 s/ }).waitFor();
});

test('a reward in another token than the fee is compared with nothing', async () => {
  const amount = 3n * 10n ** 17n;
  await explorer.chain.extend([
    [
      log('InferenceLedger', 'FeeSplit', {
        inferenceId: word(0x11),
        platform: 0n,
        model: 0n,
        stakers: 0n,
        contributors: amount,
      }),
      log('RewardLedger', 'PoolCreated', { poolId: word(0xf7), kind: 0n, subjectId: 1n, token: OTHER_TOKEN }),
      log('RewardLedger', 'RewardAccrued', {
        poolId: word(0xf7),
        beneficiary: address(0xb1),
        ref: word(0x11),
        role: 0n,
        contributionId: 1n,
        amount,
        epoch: 1n,
      }),
    ],
  ]);
  await explorer.go(page, '/reward:31337:5-2');
  const verdict = page.locator('.why .verdict');
  await verdict.waitFor();
  expect(await verdict.textContent()).toBe('The steps give 0.3 OPEN; the pool pays another token.');
});

test('points of a chart that read the same are one row of its table', async () => {
  // One of hundreds is paid at once: the share of those who wait is 100 % before and after it.
  const many = Array.from({ length: 400 }, (_, i) => BigInt(i + 3));
  await explorer.chain.extend([many.flatMap((id) => [submitted(id, address(0x1000 + Number(id))), accepted(id)])]);
  await explorer.go(page, '/flywheel');
  const payouts = page.locator('section', { hasText: 'Time to the first payout' });
  await payouts.locator('p', { hasText: '400 still wait' }).waitFor();
  await payouts.locator('summary').click();
  expect(await payouts.locator('tbody tr').allTextContents()).toEqual(['0 s100 %', '20 s0 %']);
});
