import { getAddress } from 'ethers';
import type { Chain, Submission } from './chain';
import { nameOfCode, POOL_KINDS } from './codes';
import { inputsOf } from './contributions';
import type { Fact } from './fact';
import { accountId, comparePlaces, float, idOf, type JsonObject, type Place } from './json';
import { receiptOf } from './models';
import { Purse, tokenId } from './money';
import { rewardsOf } from './rewards';

const KINDS = [
  'CONTRIBUTED',
  'IN_DATANET',
  'TRAINED_ON',
  'DERIVED_FROM',
  'ADAPTS',
  'SERVED',
  'INFLUENCED',
  'PAID_FOR',
  'REWARDED',
  'RECEIVED',
];

/** An edge, from the data side to the money side. */
interface Edge {
  kind: string;
  from: string;
  to: string;
  weight: bigint | null;
  amount: { token: string; value: bigint } | null;
  fact: Fact;
  place: Place;
}

export interface GraphQuery {
  root: string;
  direction: 'UPSTREAM' | 'DOWNSTREAM' | 'BOTH';
  depth: number;
  minWeightPpm: number;
  limit: number;
}

export interface PathQuery {
  from: string;
  to: string;
  limit: number;
}

/** Every edge that the chains' facts make. */
export function edgesOf(chains: Chain[]): Edge[] {
  return chains.flatMap((chain) => chain.memo('graph', () => edgesOfChain(chain)));
}

function edgesOfChain(chain: Chain): Edge[] {
  const edges: Edge[] = [];
  const id = (type: string, key: bigint | string) => idOf(type, chain.chainId, key);
  const add = (
    kind: string,
    from: string,
    to: string,
    fact: Fact,
    { weight = null, amount = null, item = 0 }: Partial<Edge> & { item?: number } = {},
  ) => edges.push({ kind, from, to, weight, amount, fact, place: fact.place(item) });
  const hasModel = (key: bigint) => chain.models.has(String(key));

  for (const { id: key, datanetId, contributor, fact, item } of chain.contributions.values()) {
    const contribution = id('contribution', key);
    add('CONTRIBUTED', accountId(contributor), contribution, fact, { item });
    if (chain.datanets.has(String(datanetId)))
      add('IN_DATANET', contribution, id('datanet', datanetId), fact, { item });
  }
  for (const [from, to, run, input, item] of latestInputs(chain))
    add('TRAINED_ON', id('datanet', from), id('model', to), run, { weight: input.weightPpm, item });
  for (const model of chain.models.values()) {
    const parent = model.big('parentModelId');
    if (parent !== 0n && hasModel(parent))
      add('DERIVED_FROM', id('model', parent), id('model', model.big('modelId')), model);
  }
  for (const adapter of chain.adapters.values())
    if (hasModel(adapter.big('modelId')))
      add('ADAPTS', id('model', adapter.big('modelId')), id('adapter', adapter.big('adapterId')), adapter);
  for (const [key, settled] of chain.inferences) {
    const inference = id('inference', key);
    const { adapterIds, fee, feeToken } = receiptOf(settled);
    // The model is no item of the receipt's list: of equals it is the oldest.
    if (hasModel(settled.big('modelId')))
      add('SERVED', id('model', settled.big('modelId')), inference, settled, { item: -1 });
    for (const [item, adapterId] of adapterIds.entries())
      if (adapterIds.indexOf(adapterId) === item && chain.adapters.has(String(adapterId)))
        add('SERVED', id('adapter', adapterId), inference, settled, { item });
    for (const influence of chain.weighty('inferenceId', key))
      if (chain.contributions.has(String(influence.big('contributionId'))))
        add('INFLUENCED', id('contribution', influence.big('contributionId')), inference, influence, {
          weight: influence.big('weightPpm'),
        });
    add('PAID_FOR', inference, accountId(settled.text('user')), settled, {
      amount: { token: tokenId(chain.chainId, feeToken), value: fee },
    });
  }
  for (const { fact, token, amount: value } of rewardsOf(chain)) {
    const amount = { token, value };
    const source = sourceOf(chain, fact);
    if (source) add('REWARDED', source, fact.id('reward'), fact, { amount });
    add('RECEIVED', fact.id('reward'), accountId(fact.text('beneficiary')), fact, { amount });
  }
  return edges;
}

/** Of each pair of a datanet and a model that exist, the latest input of the latest run. */
function latestInputs(chain: Chain) {
  const latest = new Map<string, readonly [bigint, bigint, Fact, ReturnType<typeof inputsOf>[number], number]>();
  const runs = [...chain.runs.values()].sort((a, b) => a.seq - b.seq);
  for (const run of runs)
    for (const [item, input] of inputsOf(run).entries())
      if (chain.datanets.has(String(input.datanetId)))
        latest.set(`${input.datanetId} ${run.big('modelId')}`, [input.datanetId, run.big('modelId'), run, input, item]);
  return latest.values();
}

function sourceOf(chain: Chain, reward: Fact): string | null {
  const id = (type: string, key: bigint | string) => idOf(type, chain.chainId, key);
  if (chain.inferenceOfRef(reward.text('ref'))) return id('inference', reward.text('ref'));
  const contribution: Submission | null = chain.contributionOfReward(reward.big('contributionId'));
  if (contribution) return id('contribution', contribution.id);
  const pool = chain.pools.get(reward.text('poolId'));
  if (!pool) return null;
  const kind = nameOfCode(POOL_KINDS, pool.big('kind'));
  const subject = pool.big('subjectId');
  if (kind === 'DATANET' && chain.datanets.has(String(subject))) return id('datanet', subject);
  return kind === 'MODEL' && chain.models.has(String(subject)) ? id('model', subject) : null;
}

/** By weight, none last, then the newest, then by kind. */
function compareEdges(a: Edge, b: Edge): number {
  const [left, right] = [a.weight ?? -1n, b.weight ?? -1n];
  if (left !== right) return left > right ? -1 : 1;
  return comparePlaces(b.place, a.place) || KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind);
}

const isAccount = (id: string) => id.startsWith('account:');

/** Everything but entities and asOf: `nodes` by id and depth. The root has to exist. */
export function graphOf(chains: Chain[], { root, direction, depth, minWeightPpm, limit }: GraphQuery): JsonObject {
  const all = edgesOf(chains);
  const nodes = [{ id: root, depth: 0 }];
  const taken = new Set<Edge>();
  const seen = new Set<Edge>();
  // A node that is found is put at the end of what is gone through here.
  for (const node of nodes) {
    if (node.depth >= depth || (isAccount(node.id) && node.id !== root)) continue;
    const own = all
      .filter(
        ({ from, to }) =>
          (direction !== 'UPSTREAM' && from === node.id) || (direction !== 'DOWNSTREAM' && to === node.id),
      )
      .sort(compareEdges);
    for (const edge of own) {
      seen.add(edge);
      if (taken.has(edge) || taken.size >= limit) continue;
      if (edge.weight !== null && edge.weight < BigInt(minWeightPpm)) continue;
      taken.add(edge);
      const other = edge.from === node.id ? edge.to : edge.from;
      if (!nodes.some(({ id }) => id === other)) nodes.push({ id: other, depth: node.depth + 1 });
    }
  }
  const omitted = [...seen].filter((edge) => !taken.has(edge));
  return {
    nodes,
    edges: [...taken].map(edgeNode),
    truncated: omitted.length > 0,
    omittedEdges: omitted.length,
    omittedWeightPpm: String(omitted.reduce((sum, { weight }) => sum + (weight ?? 0n), 0n)),
  };
}

function edgeNode(edge: Edge): JsonObject {
  const { kind, from, to, weight, amount, fact } = edge;
  return {
    id: idOfEdge(edge),
    kind,
    from,
    to,
    weightPpm: weight === null ? null : String(weight),
    amount: amount && { token: { id: amount.token }, amount: String(amount.value) },
    at: fact.provenance(),
  };
}

function idOfEdge({ kind, from, to, fact }: Edge): string {
  return `${kind}:${from}>${to}:${fact.block.number}-${fact.log.logIndex}`;
}

const MOST_EDGES = 6;
const PPM = 1_000_000n;

/** The paths between two nodes that exist. */
export function pathsOf(chains: Chain[], { from, to, limit }: PathQuery): JsonObject[] {
  const all = edgesOf(chains);
  const found: Edge[][] = [];
  const follow = (path: Edge[], nodes: string[], end: string) => {
    const last = nodes.at(-1) as string;
    for (const edge of all) {
      if (edge.from !== last || nodes.includes(edge.to)) continue;
      if (edge.to === end) found.push([...path, edge]);
      else if (!isAccount(edge.to) && path.length + 1 < MOST_EDGES) follow([...path, edge], [...nodes, edge.to], end);
    }
  };
  if (from !== to) {
    follow([], [from], to);
    follow([], [to], from);
  }
  return found
    .map((edges) => ({ edges, nodes: [edges[0]!.from, ...edges.map((edge) => edge.to)], weight: weightOf(edges) }))
    .sort(
      (a, b) =>
        (a.weight === b.weight ? 0 : a.weight > b.weight ? -1 : 1) ||
        a.edges.length - b.edges.length ||
        compareTexts(a.nodes, b.nodes) ||
        compareTexts(a.edges.map(idOfEdge), b.edges.map(idOfEdge)),
    )
    .slice(0, limit)
    .map(({ edges, nodes, weight }) => ({
      nodes: nodes.map((id) => ({ id })),
      edges: edges.map(edgeNode),
      weight: float(Number(weight) / 1e36),
      amount: amountOf(edges),
    }));
}

/** As if each path had six edges that weigh something, so that products compare. */
function weightOf(edges: Edge[]): bigint {
  const product = edges.reduce((weight, edge) => weight * (edge.weight ?? PPM), 1n);
  return product * PPM ** BigInt(MOST_EDGES - edges.length);
}

function amountOf(edges: Edge[]): JsonObject[] {
  const purse = new Purse();
  for (const { kind, amount } of edges) if (kind === 'REWARDED' && amount) purse.add(amount.token, amount.value);
  return purse.json();
}

function compareTexts(a: string[], b: string[]): number {
  const at = a.findIndex((text, i) => text !== b[i]);
  return at < 0 ? 0 : (a[at] as string) < (b[at] as string) ? -1 : 1;
}

/** What a person calls a node, where it has no name. */
export function plainLabel(id: string): string {
  const [type, ...rest] = id.split(':') as [string, ...string[]];
  const key = rest.at(-1) as string;
  const short = (text: string) => (text.length > 20 ? `${text.slice(0, 6)}…${text.slice(-4)}` : text);
  return type === 'account'
    ? short(getAddress(key))
    : `${(type[0] as string).toUpperCase()}${type.slice(1)} ${short(key)}`;
}
