import { allowedBlocks } from '../../indexer/rpc/rangeLimits';
import { RangeSize } from '../../indexer/rpc/rangeSize';
import { isRateLimit } from '../../indexer/rpc/rateLimit';
import { providerLimits, rateLimits, unknownLimits } from '../chain/providerLimits';

it.each(providerLimits)('$provider: $message', ({ message, blocks }) => {
  expect(allowedBlocks(message)).toBe(blocks);
  expect(isRateLimit({ code: -32000, message })).toBe(false);
});

it.each(unknownLimits)('says nothing of blocks: %s', (message) => {
  expect(allowedBlocks(message)).toBeUndefined();
  expect(isRateLimit({ code: -32005, message })).toBe(false);
});

it.each(rateLimits)('is of too many requests, not of too much: %s', (message) => {
  expect(isRateLimit({ code: -32005, message })).toBe(true);
});

describe('the size of a range', () => {
  it('doubles until it is refused, and then stays at what was answered, for a while', () => {
    const size = new RangeSize();
    while (size.blocks < 5_000) size.answered(size.blocks, 0);
    const refused = size.blocks;
    size.refused(refused, 'too much');
    expect(size.blocks).toBe(refused / 2);
    const asked: number[] = [];
    for (let i = 0; i < 200; i++) {
      asked.push(size.blocks);
      // A limit that is not said, somewhere between the two.
      if (size.blocks > 0.7 * refused) size.refused(size.blocks, 'too much');
      else size.answered(size.blocks, 0);
    }
    expect(asked.filter((blocks) => blocks > 0.7 * refused).length).toBeLessThan(12);
    expect(Math.max(...asked.filter((blocks) => blocks <= 0.7 * refused))).toBeGreaterThan(0.6 * refused);
  });

  it('halves where the same size was answered before: the chain is denser here; and comes back later', () => {
    const size = new RangeSize(1_000);
    for (let i = 0; i < 20; i++) size.answered(size.blocks, 0);
    expect(size.blocks).toBe(1_000);
    for (const half of [500, 250, 125]) {
      size.refused(size.blocks, 'query returned more than 10000 results');
      expect(size.blocks).toBe(half);
    }
    for (let i = 0; i < 60; i++) size.answered(size.blocks, 0);
    expect(size.blocks).toBe(1_000);
  });

  it('comes to about five thousand logs, however dense the chain is', () => {
    for (const logsPerBlock of [0.5, 3, 40, 700]) {
      const size = new RangeSize();
      for (let i = 0; i < 20; i++) size.answered(size.blocks, Math.round(size.blocks * logsPerBlock));
      expect(size.blocks * logsPerBlock).toBeGreaterThan(2_500);
      expect(size.blocks * logsPerBlock).toBeLessThanOrEqual(5_000);
    }
  });

  it('never exceeds what the network file or the endpoint allows', () => {
    const size = new RangeSize(7);
    expect(size.blocks).toBe(7);
    for (let i = 0; i < 5; i++) size.answered(size.blocks, 0);
    expect(size.blocks).toBe(7);
    size.refused(7, 'eth_getLogs is limited to a 5 range');
    for (let i = 0; i < 5; i++) size.answered(size.blocks, 0);
    expect(size.blocks).toBe(5);
  });

  it('goes below one block for nobody', () => {
    const size = new RangeSize();
    for (let i = 0; i < 20; i++) size.refused(size.blocks, 'no');
    expect(size.blocks).toBe(1);
    size.answered(1, 1_000_000);
    expect(size.blocks).toBe(1);
  });

  it('stays below half of a count at which answers were cut off', () => {
    const size = new RangeSize();
    size.answered(300, 1_000);
    size.truncated(300, 1_000);
    size.answered(size.blocks, size.blocks * 4);
    expect(size.blocks * 4).toBeLessThanOrEqual(500);
  });
});
