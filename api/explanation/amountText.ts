import { toAddress } from '../bytes';

/** What a text needs to know of a token; null where its contract did not say. */
export interface TokenName {
  id: string;
  address: Buffer | null;
  symbol: string | null;
  decimals: number | null;
}

/** "1.5 OPEN"; of a token whose symbol or decimals nobody knows its smallest units. Exact, without trailing zeros. */
export function amountText(amount: bigint | string, { id, address, symbol, decimals }: TokenName): string {
  const units = BigInt(amount);
  if (symbol !== null && decimals !== null) return `${decimalText(units, decimals)} ${symbol}`;
  const token = address
    ? `token ${toAddress(address)}`
    : id.endsWith(':native')
      ? 'the native token'
      : 'an unknown token';
  return `${units} smallest units of ${token}`;
}

/** units / 10^decimals, exactly. */
export function decimalText(units: bigint, decimals: number): string {
  const digits = String(units < 0n ? -units : units).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** "25%" of 250,000 parts per million. */
export function percentText(ppm: bigint): string {
  return `${decimalText(ppm, 4)}%`;
}

/** "0x1234…abcd": an address, or a hash, as one reads it. */
export function shortText(hex: string): string {
  return `${hex.slice(0, 6)}…${hex.slice(-4)}`;
}

/** "1 refund", "3 refunds" */
export function countText(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
