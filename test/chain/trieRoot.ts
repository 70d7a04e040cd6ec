import { keccak256 } from 'ethers';
import { bytes, integer, type RlpNode, rlp } from './rlp';

interface Item {
  nibbles: number[];
  value: Buffer;
}

const NOTHING = Buffer.alloc(0);

/** The root of the Merkle-Patricia trie that holds a list by its RLP-encoded index (yellow paper, appendix D). */
export function trieRoot(values: readonly Buffer[]): string {
  const items = values.map((value, index) => ({
    nibbles: [...rlp(integer(index))].flatMap((byte) => [byte >> 4, byte & 15]),
    value,
  }));
  return keccak256(rlp(nodeOf(items)));
}

function nodeOf(items: readonly Item[]): RlpNode {
  const first = items[0];
  if (!first) return NOTHING;
  if (items.length === 1) return [compact(first.nibbles, true), first.value];
  const shared = sharedLength(items);
  if (shared > 0) {
    const rest = items.map(({ nibbles, value }) => ({ nibbles: nibbles.slice(shared), value }));
    return [compact(first.nibbles.slice(0, shared), false), reference(nodeOf(rest))];
  }
  const children = Array.from({ length: 16 }, (_, digit) =>
    items
      .filter(({ nibbles }) => nibbles[0] === digit)
      .map(({ nibbles, value }) => ({ nibbles: nibbles.slice(1), value })),
  );
  const own = items.find(({ nibbles }) => nibbles.length === 0);
  return [...children.map((child) => reference(nodeOf(child))), own?.value ?? NOTHING];
}

function sharedLength(items: readonly Item[]): number {
  const [first] = items as [Item];
  const differs = first.nibbles.findIndex((digit, i) => items.some(({ nibbles }) => nibbles[i] !== digit));
  return differs === -1 ? first.nibbles.length : differs;
}

/** A node of 32 bytes or more stands in its parent by its hash. */
function reference(node: RlpNode): RlpNode {
  const encoded = rlp(node);
  return encoded.length >= 32 ? bytes(keccak256(encoded)) : node;
}

/** Hex-prefix encoding: parity and kind in the first nibble. */
function compact(nibbles: readonly number[], isLeaf: boolean): Buffer {
  const flag = isLeaf ? 2 : 0;
  const all = nibbles.length % 2 === 1 ? [flag + 1, ...nibbles] : [flag, 0, ...nibbles];
  return Buffer.from(all.map((digit) => digit.toString(16)).join(''), 'hex');
}
