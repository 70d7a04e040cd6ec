import { useEffect, useMemo, useRef, useState } from 'react';
import { useAsk } from '../data/useAsk';
import { Graph as Document, Flow } from '../documents';
import { exactTokens, symbolOf } from '../format/amount';
import { words } from '../format/names';
import { formatCount, formatPpm } from '../format/number';
import { DownloadIcon } from '../parts/icons';
import { Empty, Failed, Loading } from '../parts/states';
import { usePast } from '../past/usePast';
import { hrefWith, navigate, usePlace } from '../router/place';
import { ForcePicture } from './ForcePicture';
import { type Graph, type GraphNode, joined, widthsOf } from './graphParts';
import { SankeyPicture } from './SankeyPicture';
import { saveSvg } from './saveSvg';

/** Of the picture of a network, and of each of the two directions of a flow. */
const LIMITS = { sankey: 40, force: 200 };
const LEAST_WIDTH = 900;
/** Of weights, in ppm: a slider of equal steps would have all that matters in its first one. */
const WEIGHTS = [0, 1_000, 5_000, 10_000, 50_000, 100_000, 250_000, 500_000];
const KINDS: readonly GraphNode['kind'][] = [
  'ACCOUNT',
  'CONTRIBUTION',
  'DATANET',
  'MODEL',
  'ADAPTER',
  'INFERENCE',
  'REWARD',
];

/** Where data goes and money comes from, around one thing; how far and how fine stands in the URL. */
export default function AttributionGraph({ root, kind }: { root: string; kind: 'sankey' | 'force' }) {
  const place = usePlace();
  const depth = within(place.params.get('depth'), 1, 5, 2);
  const weight = within(place.params.get('weight'), 0, WEIGHTS.length - 1, 0);
  const { asOf } = usePast();
  const variables = { root, depth, minWeightPpm: WEIGHTS[weight], limit: LIMITS[kind], asOf };
  const net = useAsk(Document, variables, { pause: kind !== 'force' });
  // A flow goes from the root to its data and to its money, but not on to what else those are connected with.
  const flow = useAsk(Flow, variables, { pause: kind !== 'sankey' });
  const { error, fetching, again } = kind === 'force' ? net : flow;
  const graph = useMemo(
    () => (kind === 'force' ? net.data?.attributionGraph : joined(flow.data?.up, flow.data?.down)),
    [kind, net.data, flow.data],
  );
  const set = (name: string, value: string) => navigate(hrefWith(place, { [name]: value }), { replace: true });
  return (
    <div className="panel attribution">
      <div className="controls">
        <label>
          Steps from here
          <input type="range" min={1} max={5} value={depth} onChange={(event) => set('depth', event.target.value)} />
          <output>{depth}</output>
        </label>
        <label>
          Weights from
          <input
            type="range"
            min={0}
            max={WEIGHTS.length - 1}
            value={weight}
            onChange={(event) => set('weight', event.target.value)}
          />
          <output>{formatPpm(WEIGHTS[weight] ?? 0)}</output>
        </label>
      </div>
      {error && <Failed error={error} again={again} />}
      {!graph && !error && <Loading rows={8} />}
      {graph && graph.edges.length === 0 && <Empty>Nothing is connected with it yet.</Empty>}
      {graph && graph.edges.length > 0 && (
        <div className={fetching ? 'stale' : undefined}>
          <Picture graph={graph} kind={kind} />
        </div>
      )}
    </div>
  );
}

function Picture({ graph, kind }: { graph: Graph; kind: 'sankey' | 'force' }) {
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [lit, setLit] = useState<string | null>(null);
  useEffect(() => {
    if (!frame.current) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(frame.current);
    return () => observer.disconnect();
  }, []);
  const widths = useMemo(() => widthsOf(graph.edges), [graph]);
  const Drawn = kind === 'sankey' ? SankeyPicture : ForcePicture;
  const wide = kind === 'sankey' ? Math.max(width, LEAST_WIDTH) : width;
  const { omittedEdges, asOf } = graph;
  return (
    <figure>
      <section
        ref={frame}
        className="scroll"
        tabIndex={0}
        aria-label="Picture of the attribution graph. The arrow keys lead from node to node, Enter opens one."
      >
        {width > 0 && <Drawn graph={graph} widths={widths} width={wide} lit={lit} onLight={setLit} />}
      </section>
      <figcaption>
        <ul className="legend">
          {KINDS.filter((each) => graph.nodes.some((node) => node.kind === each)).map((each) => (
            <li key={each}>
              <i className={`of-${each.toLowerCase()}`} />
              {words(each)}
            </li>
          ))}
        </ul>
        <span className="quiet">
          {formatCount(graph.nodes.length)} nodes, {formatCount(graph.edges.length)} edges as of block{' '}
          {formatCount(asOf.number)}.{' '}
          {omittedEdges > 0 && (
            <strong className="warn">
              {formatCount(omittedEdges)} edges are left out
              {graph.omittedWeightPpm !== '0' &&
                ` (${formatCount(Number(graph.omittedWeightPpm) / 1_000_000)} answers' worth of weight)`}
              .
            </strong>
          )}
        </span>
        <button
          type="button"
          className="button"
          onClick={() => frame.current && saveSvg(frame.current.querySelector('svg'), 'attribution-graph.svg')}
        >
          <DownloadIcon /> Image
        </button>
      </figcaption>
      <EdgeTable graph={graph} />
    </figure>
  );
}

function EdgeTable({ graph }: { graph: Graph }) {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  return (
    <details>
      <summary>As a table</summary>
      <div className="scroll">
        <table className="small">
          <caption className="hidden">Edges of the attribution graph</caption>
          <thead>
            <tr>
              <th scope="col">From</th>
              <th scope="col">Edge</th>
              <th scope="col">To</th>
              <th scope="col">Weight</th>
              <th scope="col">Amount</th>
            </tr>
          </thead>
          <tbody>
            {graph.edges.map(({ id, kind, from, to, weightPpm, amount }) => (
              <tr key={id}>
                <td>
                  <a href={`/${from}`}>{nodes.get(from)?.label || from}</a>
                </td>
                <td>{words(kind)}</td>
                <td>
                  <a href={`/${to}`}>{nodes.get(to)?.label || to}</a>
                </td>
                <td>{weightPpm === null ? '' : formatPpm(weightPpm)}</td>
                <td>
                  {amount &&
                    `${exactTokens(amount.amount, amount.token.decimals) ?? amount.amount} ${symbolOf(amount.token)}`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function within(text: string | null, least: number, most: number, otherwise: number): number {
  const value = Number(text);
  return text && Number.isInteger(value) && value >= least && value <= most ? value : otherwise;
}
