import { bloomOf, firstOutsideBloom, mayHoldLogsOf } from '../../indexer/verify/bloom';
import { bloomOf as bloomByOthers } from '../chain/fakeBlock';
import fc from '../run/fastCheck';
import { realBlocks } from './realBlocks';

const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((value) => `0x${Buffer.from(value).toString('hex')}`);
const aLog = fc.record({ address: hex(20), topics: fc.array(hex(32), { maxLength: 4 }) });
const NO_BLOOM = `0x${'00'.repeat(256)}`;

it('has the bits that a real block has', () => {
  const { block, receipts } = realBlocks.find(({ of }) => of.includes('third transaction')) ?? {};
  const logs = (receipts ?? []).flatMap(({ logs: some }) => some as { address: string; topics: string[] }[]);
  expect(logs).toHaveLength(1);
  expect(bloomOf(logs)).toBe(block?.['logsBloom']);
});

it('never rules out a log that is in the block', () => {
  fc.assert(
    fc.property(fc.array(aLog, { minLength: 1, maxLength: 30 }), (logs) => {
      const bloom = bloomOf(logs);
      expect(bloom).toBe(bloomByOthers(logs));
      const addresses = logs.map(({ address }) => address);
      expect(mayHoldLogsOf(bloom, addresses)).toEqual(addresses);
      expect(firstOutsideBloom(bloom, logs)).toBeUndefined();
    }),
    { numRuns: 50 },
  );
});

it('rules out nearly everything else', () => {
  const address = (n: number) => `0x${n.toString(16).padStart(40, '0')}`;
  const bloom = bloomOf([{ address: address(1), topics: [`0x${'01'.repeat(32)}`] }]);
  const strangers = Array.from({ length: 1_000 }, (_, i) => address(i + 2));
  expect(mayHoldLogsOf(bloom, [address(1), ...strangers])).toEqual([address(1)]);
  expect(mayHoldLogsOf(NO_BLOOM, strangers)).toEqual([]);
});

it('names the first log that it rules out: by its address, its signature or another topic', () => {
  const [a, b] = [`0x${'aa'.repeat(20)}`, `0x${'bb'.repeat(20)}`];
  const [one, two] = [`0x${'01'.repeat(32)}`, `0x${'02'.repeat(32)}`];
  const bloom = bloomOf([{ address: a, topics: [one] }]);
  expect(firstOutsideBloom(bloom, [{ address: a, topics: [one] }])).toBeUndefined();
  for (const log of [
    { address: b, topics: [] },
    { address: a, topics: [two] },
  ]) {
    expect(firstOutsideBloom(bloom, [{ address: a, topics: [] }, log])).toBe(log);
    expect(firstOutsideBloom(bloom, [{ address: a, topics: [] }, log], 'signature')).toBe(log);
  }
  const third = { address: a, topics: [one, two] };
  expect(firstOutsideBloom(bloom, [third])).toBe(third);
  expect(firstOutsideBloom(bloom, [third], 'signature')).toBeUndefined();
});

it.each(['0x', '0x00', `${NO_BLOOM}00`, ''])('%s is no bloom and rules nothing out', (bloom) => {
  const address = `0x${'aa'.repeat(20)}`;
  expect(mayHoldLogsOf(bloom, [address])).toEqual([address]);
  expect(firstOutsideBloom(bloom, [{ address, topics: [] }])).toBeUndefined();
});
