import { shorten } from './names';

export interface TokenLike {
  id: string;
  symbol: string | null;
  decimals: number | null;
}
export interface AmountLike {
  amount: string;
  token: TokenLike;
}

/** What a token is called: its symbol, else the beginning of its address. */
export function symbolOf({ id, symbol }: TokenLike): string {
  if (symbol) return symbol;
  const key = id.split(':')[2] ?? id;
  return key.startsWith('0x') ? `${key.slice(0, 8)}…` : 'of an unknown token';
}

/** The same where another token beside it is called alike: "OPEN native" and "OPEN 0x1234…5678". */
export function symbolAmong(tokens: readonly TokenLike[], token: TokenLike): string {
  const symbol = symbolOf(token);
  const isAlone = tokens.every((other) => other.id === token.id || symbolOf(other) !== symbol);
  return isAlone ? symbol : `${symbol} ${shorten(token.id.split(':')[2] ?? '')}`;
}

/** All digits of an amount in whole tokens; null where the token's decimals aren't known. */
export function exactTokens(amount: string, decimals: number | null): string | null {
  if (decimals === null) return null;
  const negative = amount.startsWith('-');
  const digits = amount.replace('-', '').padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const rest = digits.slice(digits.length - decimals).replace(/0+$/, '');
  return `${negative ? '−' : ''}${grouped(whole)}${rest ? `.${rest}` : ''}`;
}

/**
 * An amount for the eye: two decimals from 1 on, four significant digits below, never rounded up to something that isn't
 * there. Without decimals known it is the integer itself.
 */
export function shortTokens(amount: string, decimals: number | null): string {
  const exact = exactTokens(amount, decimals);
  if (exact === null) return grouped(amount);
  const [whole = '0', rest = ''] = exact.split('.');
  if (/[1-9]/.test(whole)) return whole.length > 9 || !rest ? whole : `${whole}.${rest.slice(0, 2).padEnd(2, '0')}`;
  if (!rest) return '0';
  const zeros = rest.match(/^0*/)?.[0].length ?? 0;
  if (zeros >= 6) return `${whole.startsWith('−') ? '−' : ''}<0.000001`;
  return `${whole}.${rest.slice(0, Math.max(4, zeros + 3)).replace(/0+$/, '')}`;
}

/** As a plain number of whole tokens, for charts alone. */
export function tokensAsNumber(amount: string, decimals: number | null): number {
  return Number(amount) / 10 ** (decimals ?? 0);
}

function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}
