import { type AmountLike, exactTokens, shortTokens, symbolAmong, symbolOf } from '../format/amount';

/** An amount in whole tokens; the exact one, to the smallest unit, on hover and by a click. */
export function Amount({ of: { amount, token }, sign, name }: { of: AmountLike; sign?: boolean; name?: string }) {
  const exact = exactTokens(amount, token.decimals);
  const symbol = symbolOf(token);
  const title = `${exact ? `${exact} ${symbol}\n` : ''}${amount} in the smallest unit\nClick to copy that`;
  return (
    <button type="button" className="amount" data-copy={amount} title={title}>
      {sign && !amount.startsWith('-') ? '+' : ''}
      {shortTokens(amount, token.decimals)} <small>{name ?? symbol}</small>
    </button>
  );
}

/** Amounts of different tokens are never added: a line each. */
export function Amounts({ of }: { of: readonly AmountLike[] }) {
  if (of.length === 0) return <span className="quiet">–</span>;
  const tokens = of.map(({ token }) => token);
  return of.map((amount) => (
    <span className="line" key={amount.token.id}>
      <Amount of={amount} name={symbolAmong(tokens, amount.token)} />
    </span>
  ));
}
