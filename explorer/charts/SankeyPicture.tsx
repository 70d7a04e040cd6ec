import { useMemo } from 'react';
import { words } from '../format/names';
import { type Graph, labelOf, lights } from './graphParts';
import { type Band, BOX_WIDTH, layoutSankey } from './layoutSankey';
import { useRoving } from './useRoving';

const TOP = 26;
const TITLES: Record<string, string> = { GAVE: 'gave data', GOT: 'paid, or was paid' };

/** Data on the left, money on the right. */
export function SankeyPicture({
  graph,
  widths,
  width,
  lit,
  onLight,
}: {
  graph: Graph;
  widths: ReadonlyMap<string, number>;
  width: number;
  lit: string | null;
  onLight(id: string | null): void;
}) {
  const { boxes, bands, height, columns } = useMemo(() => layoutSankey(graph, widths, width), [graph, widths, width]);
  const xs = [...new Set(boxes.map(({ x }) => x))].sort((a, b) => a - b);
  const isLit = ({ edge }: Band) => edge.from === lit || edge.to === lit;
  const stop = useRoving(boxes, boxes.find(({ node }) => node.id === graph.root.id)?.key ?? '', onLight);
  return (
    <svg width={width} height={height + TOP + 12} className={lit ? 'graph some-lit' : 'graph'}>
      <title>{`Attribution graph of ${graph.root.label}: ${graph.nodes.length} nodes, ${graph.edges.length} edges`}</title>
      {columns.map((kind, place) => (
        <text key={kind} className="column" x={xs[place]} y={12}>
          {TITLES[kind] ?? words(kind)}
        </text>
      ))}
      <g transform={`translate(0 ${TOP})`}>
        {bands.map((band) => (
          <path
            key={band.edge.id}
            d={bandPath(band)}
            strokeWidth={band.width}
            className={`band ${band.edge.kind.toLowerCase()} ${isLit(band) ? 'lit' : ''}`}
          />
        ))}
        {boxes.map(({ key, node, x, y, height: tall }) => (
          <a
            key={key}
            href={`/${node.id}`}
            {...stop(key, node.id)}
            aria-label={`${words(node.kind)} ${labelOf(node)}`}
            className={node.id === lit || node.id === graph.root.id ? 'node lit' : 'node'}
          >
            <g {...lights(node.id, onLight)}>
              <title>{`${words(node.kind)} ${node.label}`}</title>
              <rect x={x} y={y} width={BOX_WIDTH} height={tall} rx={2} className={`of-${node.kind.toLowerCase()}`} />
              <text x={x + BOX_WIDTH + 5} y={y + Math.max(tall, 8) / 2} dy="0.32em">
                {labelOf(node)}
              </text>
            </g>
          </a>
        ))}
      </g>
    </svg>
  );
}

function bandPath({ from, to, fromY, toY }: Band): string {
  const [left, right] = [from.x + BOX_WIDTH, to.x];
  // Within a column (a model and its parent) it goes out and comes back.
  if (right <= left) return `M${left} ${fromY}C${left + 60} ${fromY} ${left + 60} ${toY} ${left} ${toY}`;
  const middle = (left + right) / 2;
  return `M${left} ${fromY}C${middle} ${fromY} ${middle} ${toY} ${right} ${toY}`;
}
