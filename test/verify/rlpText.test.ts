import { RLP } from '@ethereumjs/rlp';
import { encodeTexts, type RlpText } from '../../indexer/verify/rlpText';
import fc from '../run/fastCheck';

type Item = Uint8Array | Item[];

const { list } = fc.letrec<{ item: Item; list: Item[] }>((tie) => ({
  item: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(fc.uint8Array({ maxLength: 2 }), fc.uint8Array({ maxLength: 80 }), fc.uint8Array({ maxLength: 600 })),
    tie('list'),
  ),
  list: fc.array(tie('item'), { maxLength: 6 }),
}));
const textsOf = (items: Item[]): RlpText[] =>
  items.map((item) => (Array.isArray(item) ? textsOf(item) : `0x${Buffer.from(item).toString('hex')}`));

it('lists of texts are encoded as the library encodes their bytes, behind what is left free before them', () => {
  fc.assert(
    fc.property(list, fc.nat(2), (items, prefix) => {
      const encoded = encodeTexts(textsOf(items), prefix);
      expect(encoded?.subarray(prefix).toString('hex')).toBe(Buffer.from(RLP.encode(items)).toString('hex'));
    }),
  );
});

it('of 64 KiB and more the head has three bytes of length', () => {
  const items = [new Uint8Array(70_000).fill(7), new Uint8Array([0x7f]), new Uint8Array([0x80]), new Uint8Array()];
  expect(encodeTexts(textsOf(items))?.equals(Buffer.from(RLP.encode(items)))).toBe(true);
});

it.each(['', '0', '0x0', '12', '0xzz', '0x12zz', '1x12', '0x 1'])('%j is no bytes', (text) => {
  expect(encodeTexts(['0x12', [text]])).toBeUndefined();
});
