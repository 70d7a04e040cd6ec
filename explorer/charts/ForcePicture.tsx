import { useMemo } from 'react';
import { words } from '../format/names';
import { type Graph, labelOf, lights } from './graphParts';
import { layoutForce, type Spot } from './layoutForce';
import { useRoving } from './useRoving';

const HEIGHT = 480;
/** Labels of everything would be read by nobody. */
const LABELS = 24;
const LETTER_WIDTH = 6.4;
const LINE_HEIGHT = 15;

export function ForcePicture({
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
  const { spots, springs } = useMemo(() => layoutForce(graph, width, HEIGHT), [graph, width]);
  const labelled = useMemo(() => withRoom(spots.toSorted((a, b) => b.radius - a.radius)), [spots]);
  const near = new Set(
    springs.filter(({ edge }) => edge.from === lit || edge.to === lit).flatMap(({ edge }) => [edge.from, edge.to]),
  );
  const stops = spots.map(({ id, x, y }) => ({ key: id, x, y }));
  const stop = useRoving(stops, graph.root.id, onLight);
  return (
    <svg width={width} height={HEIGHT} className={lit ? 'graph some-lit' : 'graph'}>
      <title>{`Attribution graph of ${graph.root.label}: ${graph.nodes.length} nodes, ${graph.edges.length} edges`}</title>
      {springs.map(({ edge, source, target }) => (
        <line
          key={edge.id}
          x1={source.x}
          y1={source.y}
          x2={target.x}
          y2={target.y}
          strokeWidth={Math.max(0.75, Math.min(8, (widths.get(edge.id) ?? 0) * 8))}
          className={`spring ${edge.kind.toLowerCase()} ${edge.from === lit || edge.to === lit ? 'lit' : ''}`}
        />
      ))}
      {spots.map((spot) => {
        const { id, node, x, y, radius } = spot;
        return (
          <a
            key={id}
            href={`/${id}`}
            {...stop(id, id)}
            aria-label={`${words(node.kind)} ${labelOf(node)}`}
            className={id === lit || near.has(id) ? 'node lit' : 'node'}
          >
            <g {...lights(id, onLight)}>
              <title>{`${words(node.kind)} ${node.label}`}</title>
              <circle cx={x} cy={y} r={radius} className={`of-${node.kind.toLowerCase()}`} />
              {(labelled.has(spot) || near.has(id)) && (
                <text x={x + radius + 4} y={y} dy="0.32em">
                  {labelOf(node)}
                </text>
              )}
            </g>
          </a>
        );
      })}
    </svg>
  );
}

/** The first of them whose labels don't stand on each other. */
function withRoom(spots: readonly Spot[]): ReadonlySet<Spot> {
  const placed: { spot: Spot; left: number; right: number }[] = [];
  for (const spot of spots) {
    if (placed.length === LABELS) break;
    const left = spot.x + spot.radius;
    const right = left + 8 + labelOf(spot.node).length * LETTER_WIDTH;
    const isFree = placed.every(
      (other) => Math.abs(other.spot.y - spot.y) >= LINE_HEIGHT || other.left >= right || other.right <= left,
    );
    if (isFree) placed.push({ spot, left, right });
  }
  return new Set(placed.map(({ spot }) => spot));
}
