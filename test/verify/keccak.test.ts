import { keccak256 } from 'ethers';
import { keccak, keccakHex } from '../../indexer/verify/keccak';
import fc from '../run/fastCheck';

it('is the keccak256 that Ethereum knows of nothing', () => {
  expect(keccakHex(new Uint8Array())).toBe('0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470');
});

it('is that of ethers for every length around the size of its blocks', () => {
  for (let length = 0; length <= 300; length++) {
    const input = Uint8Array.from({ length }, (_, i) => (i * 7 + length) & 255);
    expect([length, keccakHex(input)]).toEqual([length, keccak256(input)]);
  }
});

it('is that of ethers for any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2_000 }), (input) => {
      expect(keccakHex(input)).toBe(keccak256(input));
    }),
    { numRuns: 300 },
  );
});

it('takes a part of a larger buffer, and leaves it as it is', () => {
  const whole = Buffer.from('0123456789'.repeat(50));
  const before = Buffer.from(whole);
  expect(keccak(whole.subarray(10, 210)).toString('hex')).toBe(keccak256(before.subarray(10, 210)).slice(2));
  expect(whole.equals(before)).toBe(true);
});
