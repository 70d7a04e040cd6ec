export type RlpNode = Uint8Array | readonly RlpNode[];

/** RLP (yellow paper, appendix B) over bytes: the hex of a library for wallets is most of what a fake chain would cost. */
export function rlp(node: RlpNode): Buffer {
  if (node instanceof Uint8Array) {
    if (node.length === 1 && (node[0] as number) < 0x80) return Buffer.from(node);
    return Buffer.concat([head(0x80, node.length), node]);
  }
  const items = node.map(rlp);
  const length = items.reduce((sum, item) => sum + item.length, 0);
  return Buffer.concat([head(0xc0, length), ...items]);
}

/** From 0x hex. */
export function bytes(hex: string): Buffer {
  return Buffer.from(hex.slice(2), 'hex');
}

/** Of an integer without leading zeros; zero is empty. */
export function integer(value: number): Buffer {
  if (value === 0) return Buffer.alloc(0);
  const digits = value.toString(16);
  return Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
}

function head(kind: 0x80 | 0xc0, length: number): Buffer {
  if (length < 56) return Buffer.of(kind + length);
  const size = integer(length);
  return Buffer.concat([Buffer.of(kind + 55 + size.length), size]);
}
