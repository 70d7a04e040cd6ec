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
  it('grows while answers are small, bit by bit once it was refused', () => {
    const size = new RangeSize();
    const first = size.blocks;
    size.answered(size.blocks, 0);
    expect(size.blocks).toBe(2 * first);
    size.refused(size.blocks, 'too much');
    expect(size.blocks).toBe(first);
    size.answered(size.blocks, 0);
    const step = size.blocks - first;
    size.answered(size.blocks, 0);
    expect(size.blocks).toBe(first + 2 * step);
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
