import { encodeRlp, keccak256, toBeHex } from 'ethers';

type RlpNode = string | RlpNode[];
interface Item {
  nibbles: number[];
  /** 0x hex. */
  value: string;
}

/** The root of the Merkle-Patricia trie that holds a list by its RLP-encoded index (yellow paper, appendix D). */
export function trieRoot(values: readonly string[]): string {
  const items = values.map((value, index) => ({
    nibbles: [...encodeRlp(index === 0 ? '0x' : toBeHex(index)).slice(2)].map((digit) => Number.parseInt(digit, 16)),
    value,
  }));
  return keccak256(encodeRlp(nodeOf(items)));
}

function nodeOf(items: readonly Item[]): RlpNode {
  const first = items[0];
  if (!first) return '0x';
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
  return [...children.map((child) => reference(nodeOf(child))), own?.value ?? '0x'];
}

function sharedLength(items: readonly Item[]): number {
  const [first] = items as [Item];
  const differs = first.nibbles.findIndex((digit, i) => items.some(({ nibbles }) => nibbles[i] !== digit));
  return differs === -1 ? first.nibbles.length : differs;
}

/** A node of 32 bytes or more stands in its parent by its hash. */
function reference(node: RlpNode): RlpNode {
  const encoded = encodeRlp(node);
  return encoded.length >= 2 + 64 ? keccak256(encoded) : node;
}

/** Hex-prefix encoding: parity and kind in the first nibble. */
function compact(nibbles: readonly number[], isLeaf: boolean): string {
  const flag = isLeaf ? 2 : 0;
  const all = nibbles.length % 2 === 1 ? [flag + 1, ...nibbles] : [flag, 0, ...nibbles];
  return `0x${all.map((digit) => digit.toString(16)).join('')}`;
}
