import { Random } from './history/random';
import type { Oracle } from './model';
import { type GraphQuery, type PathQuery, plainLabel } from './model/graph';
import type { Json, JsonObject } from './model/json';
import { flatten, type Run } from './queries';

const AT = '{ block { chainId number hash timestamp } transactionHash logIndex contract event eventId timestamp }';
const EDGES = `edges { id kind from to weightPpm amount { token { id } amount } at ${AT} }`;
const NODES = 'nodes { id kind label depth entity { id } }';

const GRAPH = `query ($root: ID!, $direction: GraphDirection!, $depth: Int!, $minWeightPpm: Int!, $limit: Int!, $asOf: BlockRef) {
  attributionGraph(root: $root, direction: $direction, depth: $depth, minWeightPpm: $minWeightPpm, limit: $limit, asOf: $asOf) {
    root { id depth } ${NODES} ${EDGES} truncated omittedEdges omittedWeightPpm
  }
}`;
const PATHS = `query ($from: ID!, $to: ID!, $limit: Int!, $asOf: BlockRef) {
  attributionPaths(from: $from, to: $to, limit: $limit, asOf: $asOf) {
    ${NODES} ${EDGES} weight amount { token { id } amount }
  }
}`;

const LISTS = ['accounts', 'datanets', 'contributions', 'models', 'adapters', 'inferences', 'rewards'] as const;

export interface GraphsCompared {
  run: Run;
  /** Of the same state: at `asOf`, where that is given. */
  oracle: Oracle;
  seed: string;
  graphs: number;
  paths: number;
  asOf?: JsonObject;
}

/** Compares the attribution graph from random roots, and the paths between random ends. Throws at the first difference. */
export async function sameGraphs({ run, oracle, seed, graphs, paths, asOf }: GraphsCompared): Promise<void> {
  const random = new Random(seed);
  const ids = LISTS.map((list) => oracle.list(list).map(({ id }) => id as string)).filter((some) => some.length > 0);
  const anyId = () => random.pick(random.pick(ids));
  const names = new Map(
    [...oracle.list('datanets'), ...oracle.list('models')].map(({ id, name }) => [id as string, name as string | null]),
  );
  const node = ({ id, depth }: { id: string; depth: number }) => ({
    id,
    kind: id.slice(0, id.indexOf(':')).toUpperCase(),
    label: names.get(id) || plainLabel(id),
    depth,
    entity: { id },
  });

  for (let i = 0; i < graphs; i++) {
    const query = anyGraph(random, anyId());
    const expected = oracle.attributionGraph(query) as JsonObject & { nodes: { id: string; depth: number }[] };
    const { attributionGraph } = await run(GRAPH, { ...query, asOf: asOf ?? null } as unknown as JsonObject);
    same(query, flatten(attributionGraph as Json), {
      ...expected,
      nodes: expected.nodes.map(node),
      root: { id: query.root, depth: 0 },
    });
  }
  for (let i = 0; i < paths; i++) {
    // Half of them between ends that belong together.
    const from = anyId();
    const near = oracle.attributionGraph({ root: from, direction: 'BOTH', depth: 4, minWeightPpm: 0, limit: 40 });
    const to = random.chance(0.5) ? anyId() : random.pick(near['nodes'] as { id: string }[]).id;
    if (to === `account:0x${'00'.repeat(20)}`) continue;
    const query: PathQuery = { from, to, limit: random.pick([0, 1, 3, 10, 100]) };
    const expected = oracle.attributionPaths(query) as (JsonObject & { nodes: { id: string }[] })[];
    const { attributionPaths } = await run(PATHS, { ...query, asOf: asOf ?? null } as unknown as JsonObject);
    same(
      query,
      flatten(attributionPaths as Json),
      expected.map((path) => ({ ...path, nodes: path.nodes.map(({ id }, depth) => node({ id, depth })) })),
    );
  }
}

function anyGraph(random: Random, root: string): GraphQuery {
  return {
    root,
    direction: random.pick(['UPSTREAM', 'DOWNSTREAM', 'BOTH'] as const),
    depth: random.pick([0, 1, 2, 3, 4, 6, 20]),
    minWeightPpm: random.chance(0.5) ? 0 : random.below(1_200_000),
    limit: random.chance(0.3) ? 1000 : random.pick([0, 1, 2, 5, 13, 40, 200]),
  };
}

function same(query: object, answered: Json, expected: Json): void {
  try {
    expect(answered).toEqual(expected);
  } catch (error) {
    throw new Error(`${JSON.stringify(query)}: ${(error as Error).message}`);
  }
}
