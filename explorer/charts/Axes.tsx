import { formatCompact } from '../format/number';
import type { Scale } from './scale';

/** Quiet lines with their values at the left. */
export function Lines({
  at,
  y,
  width,
  left,
  format = formatCompact,
}: {
  at: readonly number[];
  y: Scale;
  width: number;
  left: number;
  format?: (value: number) => string;
}) {
  return at.map((value) => (
    <g key={value} className="axis">
      <line x1={left} x2={width} y1={y(value)} y2={y(value)} />
      <text x={left - 8} y={y(value)} dy="0.32em" textAnchor="end">
        {format(value)}
      </text>
    </g>
  ));
}
