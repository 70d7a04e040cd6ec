const BYTES = /^0x(?:[0-9a-fA-F]{2})*$/;
const QUANTITY = /^0x[0-9a-fA-F]{1,64}$/;

/** Hashes, addresses, blooms and data stand in RLP as they are. Undefined for what is not 0x hex of whole bytes. */
export function rawBytes(value: unknown): Uint8Array | undefined {
  return typeof value === 'string' && BYTES.test(value) ? Buffer.from(value.slice(2), 'hex') : undefined;
}

/** Integers stand in RLP without leading zeros, zero as nothing. Undefined for what is not a quantity. */
export function integerBytes(value: unknown): Uint8Array | undefined {
  const text = integerText(value);
  return text === undefined ? undefined : Buffer.from(text.slice(2), 'hex');
}

/** The same as 0x hex of whole bytes. */
export function integerText(value: unknown): string | undefined {
  if (typeof value !== 'string' || !QUANTITY.test(value)) return undefined;
  const digits = value.slice(2).replace(/^0+/, '');
  return digits.length % 2 ? `0x0${digits}` : `0x${digits}`;
}
