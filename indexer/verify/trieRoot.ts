import { RLP } from '@ethereumjs/rlp';
import { keccak, keccakHex } from './keccak';
import { finish } from './steps';

/** What RLP takes: bytes, or a list of such. */
type RlpItem = Uint8Array | RlpItem[];

interface Leaf {
  /** One nibble a byte. */
  path: Uint8Array;
  value: Uint8Array;
}

/** Of a list without entries: the keccak of the empty string in RLP. */
export const EMPTY_TRIE_ROOT = '0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421';

/**
 * The root of the Merkle-Patricia trie that holds values under their RLP-encoded index, as headers carry it for receipts
 * (yellow paper, appendix D). Built in one go from the sorted keys: @ethereumjs/mpt, which inserts one key after the
 * other, takes nine times as long for 200 receipts, and a block waits for it.
 */
export function orderedTrieRoot(values: readonly Uint8Array[]): string {
  return finish(trieRootInSteps(values));
}

/** The same in steps of the hashes of some nodes each. */
export function* trieRootInSteps(values: readonly Uint8Array[]): Generator<undefined, string> {
  if (values.length === 0) return EMPTY_TRIE_ROOT;
  const leaves = values.map((value, index) => ({ path: nibblesOf(RLP.encode(index)), value }));
  leaves.sort((a, b) => Buffer.compare(a.path, b.path));
  return keccakHex(RLP.encode(yield* nodeOf(leaves, 0)));
}

/** The node of leaves that share the first `depth` nibbles. No key is the beginning of another, so none ends in a branch. */
function* nodeOf(leaves: readonly Leaf[], depth: number): Generator<undefined, RlpItem[]> {
  const first = leaves[0] as Leaf;
  if (leaves.length === 1) return [hexPrefixed(first.path.subarray(depth), true), first.value];
  const last = leaves.at(-1) as Leaf;
  // Sorted: what the first and the last share, all share.
  let shared = depth;
  while (first.path[shared] === last.path[shared]) shared++;
  if (shared > depth) {
    return [hexPrefixed(first.path.subarray(depth, shared), false), reference(yield* nodeOf(leaves, shared))];
  }
  const branch: RlpItem[] = [];
  let from = 0;
  for (let nibble = 0; nibble < 16; nibble++) {
    let to = from;
    while (leaves[to]?.path[depth] === nibble) to++;
    branch.push(to === from ? NOTHING : reference(yield* nodeOf(leaves.slice(from, to), depth + 1)));
    if (to > from) yield;
    from = to;
  }
  return [...branch, NOTHING];
}

const NOTHING = new Uint8Array();

/** A node stands in its parent by its hash, or itself where it is shorter than one. */
function reference(node: RlpItem[]): RlpItem {
  const encoded = RLP.encode(node);
  return encoded.length < 32 ? node : keccak(encoded);
}

function nibblesOf(bytes: Uint8Array): Uint8Array {
  const nibbles = new Uint8Array(bytes.length * 2);
  bytes.forEach((byte, i) => {
    nibbles[2 * i] = byte >> 4;
    nibbles[2 * i + 1] = byte & 15;
  });
  return nibbles;
}

/** Nibbles as bytes; the first nibble says whether they are odd in number, and whether a value follows. */
function hexPrefixed(nibbles: Uint8Array, isLeaf: boolean): Uint8Array {
  const isOdd = nibbles.length % 2;
  const flag = (isLeaf ? 2 : 0) + isOdd;
  const all = isOdd ? [flag, ...nibbles] : [flag, 0, ...nibbles];
  return Uint8Array.from(
    { length: all.length / 2 },
    (_, i) => (all[2 * i] as number) * 16 + (all[2 * i + 1] as number),
  );
}
