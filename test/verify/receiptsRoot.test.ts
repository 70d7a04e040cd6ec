import { concat, encodeRlp } from 'ethers';
import { encodeReceipt, receiptsRoot } from '../../indexer/verify/receiptsRoot';
import { EMPTY_TRIE_ROOT } from '../../indexer/verify/trieRoot';
import { realBlocks } from './realBlocks';

const real = realBlocks.flatMap(({ receipts, ...rest }) => (receipts ? [{ receipts, ...rest }] : []));
const deposit = real.find(({ of }) => of.includes('after Canyon'))?.receipts[0] as Record<string, unknown>;
const NO_BLOOM = `0x${'00'.repeat(256)}`;

it.each(real)('the root of the receipts is the one in the header of $of', ({ receipts, receiptsRoot: expected }) => {
  expect(receiptsRoot(receipts)).toBe(expected);
});

it('without receipts it is the well-known root of nothing', () => {
  expect(receiptsRoot([])).toBe(EMPTY_TRIE_ROOT);
});

// Encoded by ethers, which shares no code with the encoding under test.
describe.each([0, 1, 2, 3, 4])('a receipt of type %i', (type) => {
  const log = { address: `0x${'aa'.repeat(20)}`, topics: [`0x${'01'.repeat(32)}`], data: '0xbeef' };
  const receipt = { type: `0x${type}`, status: '0x1', cumulativeGasUsed: '0xaBc', logsBloom: NO_BLOOM, logs: [log] };
  const fields = (status: string) => encodeRlp([status, '0x0abc', NO_BLOOM, [[log.address, log.topics, log.data]]]);
  const typed = (encoded: string) => (type === 0 ? encoded : concat([`0x0${type}`, encoded]));
  const hexOf = (bytes: Uint8Array | undefined) => `0x${Buffer.from(bytes as Uint8Array).toString('hex')}`;

  it('that succeeded, and one that failed', () => {
    expect(hexOf(encodeReceipt(receipt))).toBe(typed(fields('0x01')));
    expect(hexOf(encodeReceipt({ ...receipt, status: '0x0' }))).toBe(typed(fields('0x')));
  });
});

describe('deposits of the OP Stack', () => {
  it.each([
    ['the nonce', { depositNonce: '0x112' }],
    ['the version', { depositReceiptVersion: '0x2' }],
    ['a missing version, which means before Canyon', { depositReceiptVersion: undefined }],
    ['the outcome', { status: '0x0' }],
    ['the gas', { cumulativeGasUsed: '0xb76e' }],
  ])('%s makes another root', (_, change) => {
    expect(receiptsRoot([{ ...deposit, ...change }])).toMatch(/^0x[0-9a-f]{64}$/);
    expect(receiptsRoot([{ ...deposit, ...change }])).not.toBe(receiptsRoot([deposit]));
  });
});

it.each([
  ['a type that we do not know', { type: '0x7d' }],
  ['a type that is no number', { type: 'deposit' }],
  ['neither status nor root', { status: undefined }],
  ['no bloom', { logsBloom: undefined }],
  ['no logs', { logs: null }],
  ['a log without data', { logs: [{ address: `0x${'aa'.repeat(20)}`, topics: [] }] }],
  ['a null among its logs', { logs: [null] }],
  ['a version but no nonce', { depositNonce: undefined }],
])('a receipt with %s has no root to compare', (_, change) => {
  expect(receiptsRoot([deposit, { ...deposit, ...change }])).toBeUndefined();
});
