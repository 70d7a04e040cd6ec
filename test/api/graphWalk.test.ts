import { bestPaths, weightOf } from '../../api/queries/graph/pathSearch';
import { byRank, type WalkEdge, walkGraph } from '../../api/queries/graph/walk';
import { GraphEdgeKind } from '../../api/types/graph';

/** "a>b" or "a>b 500000", and where it is told in the list is its place in the chain. */
function edgesOf(...told: string[]): WalkEdge[] {
  return told.map((text, i) => {
    const [from, to, weight] = text.split(/[> ]/) as [string, string, string?];
    return {
      kind: weight ? GraphEdgeKind.INFLUENCED : GraphEdgeKind.IN_DATANET,
      from,
      to,
      chainId: 1,
      timestamp: 0n,
      pos: BigInt(i) << 22n,
      item: 0,
      weightPpm: weight ? BigInt(weight) : null,
      amount: null,
    };
  });
}

describe('a walk', () => {
  const walk = async (root: string, edges: WalkEdge[], { depth = 9, limit = 99 } = {}) => {
    const asked: { level: string[]; count: number }[] = [];
    const {
      nodes,
      edges: taken,
      expanded,
      cutOff,
    } = await walkGraph(root, {
      depth,
      limit,
      async edgesOf(level, count) {
        asked.push({ level: level.map(({ id }) => id), count });
        // No more than what was asked for: of all nodes together, in their order, without what led to them.
        const different = new Set<WalkEdge>();
        return new Map(
          level.map(({ id, by }) => {
            const own = edges.filter((edge) => (edge.from === id || edge.to === id) && edge !== by).sort(byRank);
            const all = own.findIndex((edge) => !different.has(edge) && different.add(edge).size > count);
            return [id, all < 0 ? own : own.slice(0, all)];
          }),
        );
      },
    });
    return {
      nodes: nodes.map(({ id, depth: at }) => `${id} ${at}`),
      edges: taken.map(({ from, to }) => `${from}>${to}`),
      expanded: expanded.map(({ id }) => id),
      cutOff: cutOff.map(({ id }) => id),
      asked,
    };
  };

  it('asks for the edges of a level at once, and takes the heaviest first', async () => {
    const edges = edgesOf('a>b', 'a>c 5', 'a>d 7', 'b>e', 'd>e', 'c>e 1');
    expect(await walk('a', edges)).toEqual({
      nodes: ['a 0', 'd 1', 'c 1', 'b 1', 'e 2'],
      edges: ['a>d', 'a>c', 'a>b', 'd>e', 'c>e', 'b>e'],
      expanded: ['a', 'd', 'c', 'b', 'e'],
      cutOff: [],
      asked: [
        { level: ['a'], count: 99 },
        { level: ['d', 'c', 'b'], count: 96 },
        // Two more edges lead to it, which it may have again.
        { level: ['e'], count: 93 + 2 },
      ],
    });
  });

  it('goes through no account but the root, asks for nothing beyond the limit, and knows what it would have gone through', async () => {
    const edges = edgesOf('account:1>b', 'b>account:2', 'account:2>c', 'b>d', 'd>e');
    expect(await walk('account:1', edges)).toMatchObject({
      nodes: ['account:1 0', 'b 1', 'd 2', 'account:2 2', 'e 3'],
      expanded: ['account:1', 'b', 'd', 'e'],
    });
    const limited = await walk('account:1', edges, { limit: 3 });
    expect(limited.nodes).toEqual(['account:1 0', 'b 1', 'd 2', 'account:2 2']);
    expect(limited.expanded).toEqual(['account:1', 'b', 'd']);
    expect(limited.asked.map(({ level }) => level)).toEqual([['account:1'], ['b']]);
    expect((await walk('b', edges, { depth: 0 })).expanded).toEqual([]);
  });

  it('takes as many as the limit even where every edge comes from both its ends', async () => {
    // A level whose nodes are all connected with one another.
    const names = [...'bcdefg'];
    const told = names.flatMap((from, i) => ['a>'.concat(from), ...names.slice(i + 1).map((to) => `${from}>${to}`)]);
    const edges = edgesOf(...told);
    for (let limit = 0; limit <= edges.length; limit++) {
      expect((await walk('a', edges, { limit })).edges).toEqual((await walk('a', edges)).edges.slice(0, limit));
    }
  });

  it('takes as many as the limit even where several edges led to a node', async () => {
    const edges = edgesOf('a>b', 'a>c', 'd>e', 'd>f', 'b>d', 'c>d');
    const whole = (await walk('a', edges)).edges;
    for (let limit = 0; limit <= edges.length; limit++) {
      expect((await walk('a', edges, { limit })).edges).toEqual(whole.slice(0, limit));
    }
  });

  it('knows which nodes it may have taken less of than they have', async () => {
    const edges = edgesOf('a>b', 'a>c 5', 'a>d 7', 'b>e', 'd>e', 'c>e 1', 'e>f');
    const whole = await walk('a', edges);
    for (let limit = 0; limit <= edges.length + 1; limit++) {
      const { edges: taken, expanded, cutOff } = await walk('a', edges, { limit });
      const missing = whole.edges.filter((edge) => !taken.includes(edge));
      const isMissed = (id: string) => missing.some((edge) => edge.split('>').includes(id));
      for (const id of expanded) if (isMissed(id)) expect(cutOff).toContain(id);
      // Whoever has all of its edges before the limit is reached is not among them.
      expect(limit > edges.length ? cutOff : []).toEqual([]);
    }
    expect((await walk('a', edges, { limit: 4 })).cutOff).toEqual(['d', 'c', 'b', 'e']);
    expect((await walk('a', edges, { limit: 5 })).cutOff).toEqual(['c', 'b', 'e']);
  });
});

describe('paths', () => {
  const paths = (told: string[], limit = 10, [from, to] = ['a', 'z'] as [string, string]) =>
    bestPaths(edgesOf(...told), from, to, limit)?.map((path) => [
      weightOf(path),
      [from, ...path.edges.map((edge) => edge.to)].join(''),
    ]);

  it('are in the order of their weight, their length and their nodes', () => {
    const told = ['a>b 500000', 'b>z 500000', 'a>z 250000', 'a>d', 'd>z 250000', 'a>c', 'c>z 250000', 'a>e 1', 'e>z'];
    const expected = [
      [0.25, 'az'],
      [0.25, 'abz'],
      [0.25, 'acz'],
      [0.25, 'adz'],
      [0.000001, 'aez'],
    ];
    for (let limit = 0; limit < 7; limit++) expect(paths(told, limit)).toEqual(expected.slice(0, limit));
  });

  it('have at most six edges, no node twice, and go through no account', () => {
    expect(paths(['a>b', 'b>c', 'c>d', 'd>e', 'e>f', 'f>z'])).toEqual([[1, 'abcdefz']]);
    expect(paths(['a>b', 'b>c', 'c>d', 'd>e', 'e>f', 'f>g', 'g>z'])).toEqual([]);
    expect(paths(['a>b', 'b>c', 'c>b', 'c>a', 'c>z', 'b>b'])).toEqual([[1, 'abcz']]);
    expect(paths(['a>account:1', 'account:1>z'])).toEqual([]);
    expect(paths(['a>a'], 10, ['a', 'a'])).toEqual([]);
  });

  it('weigh exactly, whatever the weights', () => {
    const [max] = [String(2 ** 32 - 1)];
    expect(paths([`a>b ${max}`, `b>c ${max}`, `c>z ${max}`])).toEqual([[(2 ** 32 - 1) ** 3 / 1e18, 'abcz']]);
    expect(paths(['a>b 0', 'b>z'])).toEqual([[0, 'abz']]);
    expect(paths(['a>b 100000', 'b>z 200000'])).toEqual([[0.02, 'abz']]);
  });

  it('are given up where there are too many ways to try', () => {
    const layer = (from: string, to: string) =>
      Array.from({ length: 40 }, (_, i) => Array.from({ length: 40 }, (_, j) => `${from}${i}>${to}${j}`)).flat();
    const ends = Array.from({ length: 40 }, (_, i) => [`a>b${i}`, `e${i}>z`]).flat();
    expect(paths([...ends, ...layer('b', 'c'), ...layer('c', 'd'), ...layer('d', 'e')])).toBeUndefined();
  });
});
