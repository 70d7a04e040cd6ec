import type { Graph, GraphEdge, GraphNode } from './graphParts';

/** From data to money; an account stands at both ends, as who gave and as who got or paid. */
const COLUMNS = ['GAVE', 'CONTRIBUTION', 'DATANET', 'MODEL', 'ADAPTER', 'INFERENCE', 'REWARD', 'GOT'] as const;
type ColumnKind = (typeof COLUMNS)[number];

export interface Box {
  /** An account's two boxes have the same node. */
  key: string;
  node: GraphNode;
  column: number;
  x: number;
  y: number;
  height: number;
}
export interface Band {
  edge: GraphEdge;
  from: Box;
  to: Box;
  fromY: number;
  toY: number;
  width: number;
}
export interface Sankey {
  boxes: Box[];
  bands: Band[];
  height: number;
  columns: ColumnKind[];
}

export const BOX_WIDTH = 10;
const LEAST_HEIGHT = 4;
/** Room for a label, whatever the box's height. */
const PITCH = 19;

/** Columns by kind, heights by what flows through, neighbours near each other. A model's parent stands in its column. */
export function layoutSankey(graph: Graph, widths: ReadonlyMap<string, number>, width: number): Sankey {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const boxes = new Map<string, Box>();
  const boxOf = (id: string, end: 'GAVE' | 'GOT'): Box | undefined => {
    const node = nodes.get(id);
    if (!node) return undefined;
    const kind: ColumnKind = node.kind === 'ACCOUNT' ? end : node.kind;
    const key = `${kind} ${id}`;
    const box = boxes.get(key) ?? { key, node, column: COLUMNS.indexOf(kind), x: 0, y: 0, height: 0 };
    boxes.set(key, box);
    return box;
  };
  const bands = graph.edges.flatMap((edge): Band[] => {
    const from = boxOf(edge.from, 'GAVE');
    const to = boxOf(edge.to, 'GOT');
    return from && to ? [{ edge, from, to, fromY: 0, toY: 0, width: widths.get(edge.id) ?? 0 }] : [];
  });
  if (boxes.size === 0) boxOf(graph.root.id, 'GOT');

  const used = [...new Set([...boxes.values()].map(({ column }) => column))].sort((a, b) => a - b);
  const columns = used.map((column) => [...boxes.values()].filter((box) => box.column === column));
  const flow = (box: Box) =>
    Math.max(sum(bands.filter(({ from }) => from === box)), sum(bands.filter(({ to }) => to === box)));
  const flows = new Map([...boxes.values()].map((box) => [box, flow(box)]));
  const most = Math.max(...columns.map((column) => column.length));
  const height = Math.max(240, Math.min(most * (PITCH + 6), 1_600));
  const unit = Math.min(
    160,
    ...columns.map((column) => {
      const total = column.reduce((all, box) => all + (flows.get(box) ?? 0), 0);
      return total === 0 ? 160 : Math.max(0.5, (height - column.length * PITCH) / total);
    }),
  );
  for (const [place, column] of columns.entries()) {
    for (const box of column) {
      box.x = used.length === 1 ? 0 : (place * (width - BOX_WIDTH - 160)) / (used.length - 1);
      box.height = Math.max(LEAST_HEIGHT, (flows.get(box) ?? 0) * unit);
    }
    column.sort((a, b) => b.height - a.height);
    stack(column, height);
  }
  for (let round = 0; round < 6; round++) {
    for (const column of round % 2 === 0 ? columns : columns.toReversed()) settle(column, bands, height);
  }
  for (const band of bands) band.width = Math.max(1, band.width * unit);
  attach(boxes.values(), bands);
  return { boxes: [...boxes.values()], bands, height, columns: used.map((column) => COLUMNS[column]!) };
}

const sum = (bands: readonly Band[]) => bands.reduce((all, { width }) => all + width, 0);

/** One under another, the column as a whole in the middle. */
function stack(column: readonly Box[], height: number): void {
  const needed = column.reduce((all, box) => all + Math.max(PITCH, box.height + 5), 0);
  let y = Math.max(0, (height - needed) / 2);
  for (const box of column) {
    box.y = y;
    y += Math.max(PITCH, box.height + 5);
  }
}

/** In the order of where their neighbours are, by weight. */
function settle(column: Box[], bands: readonly Band[], height: number): void {
  const wish = new Map(
    column.map((box) => {
      let at = 0;
      let all = 0;
      for (const { from, to, width } of bands) {
        const other = from === box ? to : to === box ? from : undefined;
        if (!other) continue;
        at += (other.y + other.height / 2) * width;
        all += width;
      }
      return [box, all > 0 ? at / all : box.y];
    }),
  );
  column.sort((a, b) => (wish.get(a) ?? 0) - (wish.get(b) ?? 0));
  stack(column, height);
}

/** Bands leave and arrive in the order of their other ends, so that they don't cross at the box. */
function attach(boxes: Iterable<Box>, bands: readonly Band[]): void {
  for (const box of boxes) {
    let y = box.y;
    for (const band of bands.filter(({ from }) => from === box).sort((a, b) => a.to.y - b.to.y)) {
      band.fromY = y + band.width / 2;
      y += band.width;
    }
    y = box.y;
    for (const band of bands.filter(({ to }) => to === box).sort((a, b) => a.from.y - b.from.y)) {
      band.toY = y + band.width / 2;
      y += band.width;
    }
  }
}
