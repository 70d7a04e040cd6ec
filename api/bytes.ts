import { getAddress } from 'ethers';
import { writtenOnce } from './writtenOnce';

/** 0x and lower-case hex. */
export function toHex(bytes: Buffer): string {
  return `0x${bytes.toString('hex')}`;
}

/** The bytes of 0x-prefixed hex that was checked before. */
export function toBytes(hex: string): Buffer {
  return Buffer.from(hex.slice(2), 'hex');
}

// A checksum costs a keccak.
const checksummed = writtenOnce(getAddress);

/** EIP-55 of 20 bytes. */
export function toAddress(address: Buffer | string): string {
  return checksummed(typeof address === 'string' ? address.toLowerCase() : toHex(address));
}
