import { symbolOf, type TokenLike, tokensAsNumber } from '../format/amount';
import { shorten, words } from '../format/names';
import { formatCompact } from '../format/number';
import { dayOf } from '../format/time';
import { Empty } from '../parts/states';
import { Lines } from './Axes';
import { Chart } from './Chart';
import { scale, spaced, ticks } from './scale';

interface Point {
  start: string;
  source: string | null;
  accrued: string;
  token: TokenLike;
}
interface Bar {
  start: string;
  bySource: Map<string, number>;
  total: number;
}

const SOURCES = ['FEE', 'EMISSION', 'GRANT', 'SLASH', 'UNKNOWN'];
const HEIGHT = 220;
const ROOM = { left: 44, bottom: 24, top: 8 };

/** Rewards over time, stacked by what they are backed by; a chart for each token. */
export default function RewardHistoryChart({ points }: { points: readonly Point[] }) {
  if (points.length === 0) return <Empty>No rewards yet.</Empty>;
  const tokens = new Map(points.map(({ token }) => [token.id, token]));
  const times = [...new Set(points.map(({ start }) => Date.parse(start)))].sort((a, b) => a - b);
  return [...tokens.values()].map((token) => (
    <div key={token.id} className="of-token">
      {tokens.size > 1 && (
        <h3 className="quiet" title={token.id}>
          {symbolOf(token)} <small>{shorten(token.id.split(':')[2] ?? '')}</small>
        </h3>
      )}
      <OfToken token={token} times={times} points={points.filter((point) => point.token.id === token.id)} />
    </div>
  ));
}

function OfToken({
  token,
  times,
  points,
}: {
  token: TokenLike;
  /** Of all tokens, so that what stands under each other is of the same time. */
  times: readonly number[];
  points: readonly Point[];
}) {
  const bars = barsOf(points, token.decimals);
  const symbol = symbolOf(token);
  return (
    <Chart
      label={`Rewards in ${symbol} over time, by what they are backed by`}
      height={HEIGHT}
      draw={(width) => <Bars bars={bars} times={times} width={width} symbol={symbol} />}
      head={['From', ...SOURCES.map(words), `All, ${symbol}`]}
      rows={bars.map(({ start, bySource, total }) => [
        dayOf(start),
        ...SOURCES.map((source) => formatCompact(bySource.get(source) ?? 0)),
        formatCompact(total),
      ])}
    />
  );
}

function barsOf(points: readonly Point[], decimals: number | null): Bar[] {
  const bars = new Map<string, Bar>();
  for (const { start, source, accrued } of points) {
    const bar = bars.get(start) ?? { start, bySource: new Map<string, number>(), total: 0 };
    const value = tokensAsNumber(accrued, decimals);
    const key = source ?? 'UNKNOWN';
    bar.bySource.set(key, (bar.bySource.get(key) ?? 0) + value);
    bar.total += value;
    bars.set(start, bar);
  }
  return [...bars.values()].sort((a, b) => a.start.localeCompare(b.start));
}

function Bars({
  bars,
  times,
  width,
  symbol,
}: {
  bars: readonly Bar[];
  times: readonly number[];
  width: number;
  symbol: string;
}) {
  const step = Math.min(...times.slice(1).map((time, place) => time - times[place]!), 7 * 86_400_000);
  const [from, to] = [times[0] ?? 0, (times.at(-1) ?? 0) + step];
  const x = scale([from, to], [ROOM.left, width]);
  const values = ticks(Math.max(...bars.map(({ total }) => total)), 3);
  const y = scale([0, values.at(-1) ?? 1], [HEIGHT - ROOM.bottom, ROOM.top]);
  const slot = Math.min(x(from + step) - x(from), 48);
  const gap = slot > 5 ? 2 : 0.5;
  return (
    <>
      <Lines at={values} y={y} width={width} left={ROOM.left} />
      {bars.map(({ start, bySource, total }) => {
        let below = 0;
        const left = x(Date.parse(start)) + gap / 2;
        return (
          <g key={start} className="bar">
            <title>{`${dayOf(start)}: ${formatCompact(total)} ${symbol}`}</title>
            {SOURCES.map((source) => {
              const value = bySource.get(source) ?? 0;
              const top = y(below + value);
              const height = y(below) - top;
              below += value;
              return (
                <rect
                  key={source}
                  className={`of-${source.toLowerCase()}`}
                  x={left}
                  y={top}
                  width={Math.max(1, slot - gap)}
                  height={height}
                />
              );
            })}
          </g>
        );
      })}
      {spaced(bars, ({ start }) => x(Date.parse(start)), 76).map(({ start }) => (
        <text
          key={start}
          className="tick"
          x={Math.min(x(Date.parse(start)) + slot / 2, width - 20)}
          y={HEIGHT - 6}
          textAnchor="middle"
        >
          {dayOf(start)}
        </text>
      ))}
    </>
  );
}
