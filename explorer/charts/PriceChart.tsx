import { type TokenLike, tokensAsNumber } from '../format/amount';
import { dayOf } from '../format/time';
import { Empty } from '../parts/states';
import { LineChart } from './LineChart';

interface Price {
  token: TokenLike;
  per1kOut: string | null;
  since: { timestamp: string };
}

/** What 1,000 tokens out cost, from each price on until the next, in the token asked for last. */
export default function PriceChart({ prices }: { prices: readonly Price[] }) {
  const token = prices.at(-1)?.token;
  const points = prices
    .filter((price) => price.token.id === token?.id && price.per1kOut !== null)
    .map(({ per1kOut, since }) => ({
      x: Date.parse(since.timestamp),
      y: tokensAsNumber(per1kOut ?? '0', token?.decimals ?? 0),
      label: dayOf(since.timestamp),
    }))
    .sort((a, b) => a.x - b.x);
  if (points.length === 0) return <Empty>No price was set yet.</Empty>;
  const last = points.at(-1)!;
  return (
    <LineChart label="Price" points={[...points, { ...last, x: Math.max(Date.now(), last.x), label: 'now' }]} steps />
  );
}
