import { getAddress } from 'ethers';

const MAX_REMEMBERED = 50_000;
const checksummed = new Map<string, string>();

/** 0x and lower-case hex. */
export function toHex(bytes: Buffer): string {
  return `0x${bytes.toString('hex')}`;
}

/** The bytes of 0x-prefixed hex that was checked before. */
export function toBytes(hex: string): Buffer {
  return Buffer.from(hex.slice(2), 'hex');
}

/** EIP-55 of 20 bytes. A checksum costs a keccak, so addresses seen lately are remembered. */
export function toAddress(address: Buffer | string): string {
  const key = typeof address === 'string' ? address.toLowerCase() : toHex(address);
  let known = checksummed.get(key);
  if (known === undefined) {
    known = getAddress(key);
    if (checksummed.size >= MAX_REMEMBERED) checksummed.clear();
    checksummed.set(key, known);
  }
  return known;
}
