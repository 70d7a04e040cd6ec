import { formatCompact } from '../format/number';
import { Lines } from './Axes';
import { Chart } from './Chart';
import { scale, spaced, ticksAround } from './scale';

export interface LinePoint {
  x: number;
  y: number;
  label: string;
}

/** One line over time; `steps`: a value holds until the next. */
export function LineChart({
  label,
  points,
  height = 140,
  steps = false,
  format = formatCompact,
  most,
  isOpen = false,
}: {
  label: string;
  points: readonly LinePoint[];
  height?: number;
  steps?: boolean;
  format?: (value: number) => string;
  /** That the scale shows at least, where the values alone don't say it. */
  most?: number;
  /** The last value is of a time that isn't over yet. */
  isOpen?: boolean;
}) {
  const values = ticksAround([most ?? 0, ...points.map(({ y }) => y)], 2);
  return (
    <Chart
      label={label}
      height={height}
      head={['When', label]}
      rows={points.map((point) => [point.label, format(point.y)])}
      draw={(width) => {
        const left = 44;
        const x = scale([points[0]?.x ?? 0, points.at(-1)?.x ?? 1], [left + 4, width - 6]);
        const y = scale([values[0] ?? 0, values.at(-1) || (values.length > 1 ? 0 : 1)], [height - 24, 8]);
        const closed = isOpen ? points.slice(0, -1) : points;
        const path = closed
          .map((point, place) => {
            if (place === 0) return `M${x(point.x)} ${y(point.y)}`;
            return steps ? `H${x(point.x)}V${y(point.y)}` : `L${x(point.x)} ${y(point.y)}`;
          })
          .join('');
        const last = points.at(-1);
        const before = isOpen ? points.at(-2) : undefined;
        return (
          <>
            <Lines at={values} y={y} width={width} left={left} format={format} />
            <path className="line" d={path} />
            {before && last && (
              <path className="line open" d={`M${x(before.x)} ${y(before.y)}L${x(last.x)} ${y(last.y)}`} />
            )}
            {last && <circle className="dot" cx={x(last.x)} cy={y(last.y)} r={3} />}
            {spaced(points, (point) => x(point.x), 76).map((point) => (
              <text
                key={point.x}
                className="tick"
                x={Math.min(Math.max(x(point.x), left), width - 20)}
                y={height - 6}
                textAnchor="middle"
              >
                {point.label}
              </text>
            ))}
          </>
        );
      }}
    />
  );
}
