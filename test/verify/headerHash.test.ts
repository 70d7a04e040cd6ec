import { judgeHeader } from '../../indexer/verify/headerHash';
import { createFakeChain } from '../chain/fakeChain';
import { realBlocks } from './realBlocks';

const real = realBlocks.flatMap(({ of, block }) => (block ? [{ of, block }] : []));
const prague = real.at(-1)?.block as Record<string, unknown>;

it.each(real)('the hash of its fields is that of $of', ({ block }) => {
  expect(judgeHeader(block)).toBe('proven');
});

it('a made-up chain that the tests run on is as true as a real one', () => {
  const chain = createFakeChain();
  chain.mine([[{ contract: 'DatanetRegistry', topics: [`0x${'07'.repeat(32)}`], data: '0x01', why: 'any' }]]);
  for (const { json } of chain.blocks) expect(judgeHeader(json)).toBe('proven');
});

describe('any field of the header that is another than the chain holds makes the hash wrong', () => {
  const beside = ['size', 'transactions', 'uncles', 'withdrawals'];
  const cases = Object.entries(prague).filter(([name]) => !beside.includes(name));
  it.each(cases)('%s', (name, value) => {
    const other = String(value).replace(/.$/, (digit) => (digit === '1' ? '2' : '1'));
    expect(judgeHeader({ ...prague, [name]: other })).toBe('wrong');
  });
});

it('what a node sends beside the header does not matter, nor does the case of its hex', () => {
  expect(judgeHeader({ ...prague, size: '0x1', totalDifficulty: null, transactions: [], uncles: ['0x'] })).toBe(
    'proven',
  );
  expect(judgeHeader({ ...prague, somethingNew: '0x01' })).toBe('proven');
  expect(judgeHeader({ ...prague, hash: String(prague['hash']).toUpperCase().replace('0X', '0x') })).toBe('proven');
});

it.each([
  ['a field that we do not know', { blockAccessListHash: `0x${'11'.repeat(32)}`, hash: `0x${'22'.repeat(32)}` }],
  ['no mixHash', { mixHash: undefined }],
  ['no uncles hash', { sha3Uncles: null }],
  ['the field of a fork without that of the fork before', { blobGasUsed: undefined }],
  ['a nonce that is no hex', { nonce: 5 }],
  ['a bloom of nothing', { logsBloom: '0x' }],
  ['a bloom of zeros that its hash does not hold', { logsBloom: `0x${'00'.repeat(256)}` }],
])('a header with %s says nothing of its hash', (_, change) => {
  expect(judgeHeader({ ...prague, ...change })).toBe('unverifiable');
});

it('the fields of a fork that a node sends with blocks from before it are no part of the header', () => {
  const frontier = real[0]?.block as Record<string, unknown>;
  expect(judgeHeader({ ...frontier, baseFeePerGas: '0x0' })).toBe('proven');
  expect(judgeHeader({ ...frontier, baseFeePerGas: '0x0', withdrawalsRoot: `0x${'00'.repeat(32)}` })).toBe('proven');
});

it('a field that is null is not there', () => {
  const frontier = real[0]?.block as Record<string, unknown>;
  expect(judgeHeader({ ...frontier, baseFeePerGas: null, withdrawalsRoot: null, somethingNew: null })).toBe('proven');
  expect(judgeHeader({ ...prague, somethingNew: null, gasUsed: '0x5209' })).toBe('wrong');
});
