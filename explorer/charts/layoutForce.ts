import {
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
  type SimulationNodeDatum,
} from 'd3-force';
import type { Graph, GraphEdge, GraphNode } from './graphParts';

export interface Spot extends SimulationNodeDatum {
  id: string;
  node: GraphNode;
  radius: number;
  x: number;
  y: number;
}
export interface Spring {
  edge: GraphEdge;
  source: Spot;
  target: Spot;
}

const TICKS = 260;

/** The same picture for the same graph: places come from the order of the nodes, not from chance. */
export function layoutForce(graph: Graph, width: number, height: number): { spots: Spot[]; springs: Spring[] } {
  const degrees = new Map<string, number>();
  for (const { from, to } of graph.edges) {
    for (const id of [from, to]) degrees.set(id, (degrees.get(id) ?? 0) + 1);
  }
  const spots = graph.nodes.map((node): Spot => {
    const root = node.id === graph.root.id;
    const radius = root ? 14 : 4 + Math.min(8, Math.sqrt(degrees.get(node.id) ?? 1) * 1.6);
    return { id: node.id, node, radius, x: 0, y: 0, ...(root ? { fx: 0, fy: 0 } : {}) };
  });
  for (const [place, spot] of spots.entries()) {
    const turn = place * 2.399963;
    spot.x = 14 * Math.sqrt(place) * Math.cos(turn);
    spot.y = 14 * Math.sqrt(place) * Math.sin(turn);
  }
  const known = new Map(spots.map((spot) => [spot.id, spot]));
  const springs = graph.edges.flatMap((edge): Spring[] => {
    const [source, target] = [known.get(edge.from), known.get(edge.to)];
    return source && target ? [{ edge, source, target }] : [];
  });
  forceSimulation<Spot>(spots)
    .force('springs', forceLink<Spot, Spring>(springs).distance(64).strength(0.5))
    .force('apart', forceManyBody<Spot>().strength(-220).distanceMax(360))
    .force(
      'room',
      forceCollide<Spot>().radius(({ radius }) => radius + 4),
    )
    .force('x', forceX<Spot>().strength(0.05 * (height / width)))
    .force('y', forceY<Spot>().strength(0.05 * (width / height)))
    .stop()
    .tick(TICKS);
  fitInside(spots, width, height);
  return { spots, springs };
}

/** All of it inside the frame, with room for labels; never larger than it was laid out. */
function fitInside(spots: readonly Spot[], width: number, height: number): void {
  const [left, right] = [Math.min(...spots.map(({ x }) => x)), Math.max(...spots.map(({ x }) => x))];
  const [top, bottom] = [Math.min(...spots.map(({ y }) => y)), Math.max(...spots.map(({ y }) => y))];
  const tall = Math.min(2.2, (height - 48) / (bottom - top || 1));
  // A frame is wider than high: there the picture is drawn out, so that labels have room.
  const wide = Math.min(2.2 * tall, (width - 160) / (right - left || 1));
  for (const spot of spots) {
    spot.x = width / 2 + (spot.x - (left + right) / 2) * wide;
    spot.y = height / 2 + (spot.y - (top + bottom) / 2) * tall;
  }
}
