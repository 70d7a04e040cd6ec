import { AbiCoder, encodeBytes32String } from 'ethers';
import { isContractFailure } from '../../indexer/documents/callFailure';
import { decodeDecimals, decodeSymbol } from '../../indexer/documents/tokenAnswer';
import fc from '../run/fastCheck';

const abiString = (text: string) => AbiCoder.defaultAbiCoder().encode(['string'], [text]);
const word = (value: bigint) => `0x${value.toString(16).padStart(64, '0')}`;

test('a symbol is any string of at most 64 characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (text) => {
      const expected = [...text].length <= 64 ? text.replaceAll('\0', '\ufffd') : null;
      expect(decodeSymbol(abiString(text))).toBe(expected);
    }),
  );
});

test.each([
  ['bytes32', encodeBytes32String('MKR'), 'MKR'],
  ['bytes32 without a zero', `0x${'41'.repeat(32)}`, 'A'.repeat(32)],
  ['an empty string', abiString(''), ''],
  ['trailing bytes', `${abiString('DAI')}ffff`, 'DAI'],
  ['no padding', abiString('DAI').slice(0, 2 + 2 * 67), 'DAI'],
  ['nothing', '0x', null],
  ['a number', `${word(5n)}${word(1n).slice(2)}`, null],
  ['an offset outside', `${word(2n ** 255n)}${word(3n).slice(2)}`, null],
  ['a length outside', `${word(32n)}${word(2n ** 255n).slice(2)}`, null],
  ['bytes that are no UTF-8', `0xff${'00'.repeat(31)}`, null],
  ['half a word', '0x4d4b52', null],
])('symbol() answering %s', (_what, data, expected) => {
  expect(decodeSymbol(data)).toBe(expected);
});

test.each([
  [word(0n), 0],
  [word(18n), 18],
  [word(255n), 255],
  [`${word(6n)}00`, 6],
  [word(256n), null],
  [word(2n ** 256n - 1n), null],
  ['0x', null],
  ['0x12', null],
])('decimals() answering %s', (data, expected) => {
  expect(decodeDecimals(data)).toBe(expected);
});

test('no answer of a contract breaks the decoders', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const data = `0x${Buffer.from(bytes).toString('hex')}`;
      decodeSymbol(data);
      decodeDecimals(data);
    }),
  );
});

test.each([
  [true, { code: 3, message: 'execution reverted', data: '0x' }],
  [true, { code: -32000, message: 'execution reverted' }],
  [true, { code: -32015, message: 'VM execution error.', data: 'Reverted 0x' }],
  [true, { code: -32000, message: 'invalid opcode: INVALID' }],
  [true, { code: -32000, message: 'out of gas' }],
  [true, { code: -32003, message: 'EVM error InvalidFEOpcode' }],
  [false, { code: -32005, message: 'limit exceeded' }],
  [false, { code: -32000, message: 'header not found' }],
  [false, { code: -32603, message: 'internal error' }],
  [false, { code: 429, message: 'Too many requests' }],
])('%p: %j is what the contract said', (expected, error) => {
  const thrown = Object.assign(new Error('call'), { code: 'CALL_EXCEPTION', info: { error } });
  expect(isContractFailure(thrown)).toBe(expected);
});

test('a broken connection is not what the contract said', () => {
  expect(isContractFailure(Object.assign(new Error('x'), { code: 'TIMEOUT' }))).toBe(false);
  expect(isContractFailure(new Error('ECONNREFUSED'))).toBe(false);
});
