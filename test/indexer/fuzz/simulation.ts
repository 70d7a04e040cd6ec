import type { ChainConfig } from '../../../schema/networkFile';
import { type FakeNode, startFakeNode } from '../../chain/fakeNode';
import { Random } from '../../oracle/history/random';
import type { Entity } from '../../oracle/model';
import { type RunningLoop, startLoop } from '../../oracle/runningLoop';
import { until } from '../../run/until';
import { cutConnections, emptyQueue, FAULTS, type Faults, installFaults } from '../faults';
import { type Watch, watchSnapshots } from '../survives';
import { DEEP_LIES, LIES } from './lies';
import { createWorld, type World } from './world';

export interface SimulationOptions {
  seed: string;
  steps: number;
}

/** A seeded bad life of an indexer: blocks, forks, lies, crashes and restarts, in whatever order the seed draws. */
export interface Simulation {
  seed: string;
  world: World;
  node: FakeNode;
  config: ChainConfig;
  loop: RunningLoop;
  /** What happened, a line a step: what a failing seed prints. */
  diary: string[];
  close(): Promise<void>;
}

type Step = (life: Life, random: Random) => Promise<string> | string;

interface Life extends Simulation {
  faults: Faults;
  step: number;
}

/** Plays all steps, then lets the indexer come to rest at the head of what is left. */
export async function simulate({ seed, steps }: SimulationOptions): Promise<Simulation> {
  const began = performance.now();
  const random = new Random(seed);
  const finalityDepth = random.pick([3, 8, 24]);
  const world = createWorld({ random, seed, logs: steps * 3, finalityDepth });
  const node = await startFakeNode(world.chain);
  const config = world.chain.config(node.url, {
    finality: random.pick([{ tag: 'finalized' as const }, { depth: finalityDepth }]),
    ...random.pick([{ maxLogsRange: 3 }, { maxLogsRange: 10 }, {}]),
    verify: { history: 'receipts', requestsPerSecond: 2_000 },
  });
  if ('tag' in config.finality) node.tags = { safe: Math.floor(finalityDepth / 2), finalized: finalityDepth };
  world.grow(random.between(2, 40));
  const loop = await startLoop([config]);
  const faults = await installFaults(loop.index.database.pool);
  const watch: Watch = watchSnapshots(loop.index.database.pool);
  const life: Life = {
    seed,
    world,
    node,
    config,
    loop,
    faults,
    diary: [`finality ${JSON.stringify(config.finality)}, ranges of ${config.maxLogsRange ?? 'any'} blocks`],
    step: 0,
    async close() {
      await watch.end().catch(() => undefined);
      await loop.close();
      await node.close();
    },
  };
  try {
    for (life.step = 1; life.step <= steps; life.step++) {
      const [name, step] = drawn(random);
      life.diary.push(`${life.step} ${name}: ${await step(life, random)}`);
      await letItWork(life, random.pick([0, 0, 0, 1, 2, 4]));
    }
    node.lie = () => undefined;
    node.latest = () => world.chain.head;
    await untilVerified(life);
    life.diary.push(`${Math.round(performance.now() - began)} ms`);
    life.diary.push(`${watch.snapshots} snapshots, ${await faults.raised()} faults`);
    await watch.end();
    return life;
  } catch (error) {
    life.diary.push(...(await lastChanges(life)));
    await life.close();
    throw new Error(told(life, error), { cause: error });
  }
}

/** What the indexer itself wrote down of its last steps. */
async function lastChanges({ loop }: Life): Promise<string[]> {
  const { rows } = await loop.index.database.pool.query<{ line: string }>(
    `select (array['apply', 'retract', 'safe', 'finalized'])[op] || ' ' || block_number || ' 0x'
       || left(encode(block_hash, 'hex'), 6) || ' ' || count as line
     from change order by position desc limit 20`,
  );
  return ['log of changes, newest first:', ...rows.map(({ line }) => line)];
}

/** The end of the diary, and how to see it again. */
export function told({ seed, diary }: { seed: string; diary: string[] }, error: unknown): string {
  const tail = diary.slice(-60).join('\n');
  return `${(error as Error).message}\nFUZZ_SEED=${seed} replays this:\n${tail}`;
}

const STEPS: Record<string, [weight: number, Step]> = {
  grow: [
    40,
    ({ world }, random) => {
      world.grow(random.between(1, 3));
      return at(world);
    },
  ],
  'grow without logs': [
    6,
    ({ world }, random) => {
      world.grow(random.between(1, 8), true);
      return at(world);
    },
  ],
  fork: [
    14,
    ({ world }, random) => {
      const depth = random.pick([1, 1, 1, 2, 3, 5, 24]);
      const was = world.fork(depth, random.pick([1, depth, depth, depth + 1, depth + 3]));
      return `${was} deep, ${at(world)}`;
    },
  ],
  'back to the other branch': [
    4,
    ({ world }) => {
      world.flipBack();
      return at(world);
    },
  ],
  lie: [
    16,
    (life, random) => {
      const name = random.pick(Object.keys(LIES));
      const times = random.pick([1, 1, 1, 2, 4]);
      lieNext(life, name, times);
      return `${name}, ${times} times`;
    },
  ],
  'deep lie': [
    6,
    (life, random) => {
      const name = random.pick(Object.keys(DEEP_LIES));
      const times = random.pick([1, 1, 2, 4]);
      lieNext(life, name, times);
      return `${name}, ${times} times`;
    },
  ],
  lag: [
    4,
    ({ node, world }, random) => {
      const behind = random.between(1, 4);
      let left = random.between(1, 8);
      node.latest = () => {
        if (left-- <= 0) node.latest = () => world.chain.head;
        return world.chain.blocks[Math.max(0, world.chain.head.number - behind)] ?? world.chain.head;
      };
      return `${behind} behind for ${left} looks`;
    },
  ],
  fault: [
    5,
    async ({ faults }, random) => {
      const name = random.pick(Object.keys(FAULTS) as (keyof typeof FAULTS)[]);
      const where = random.pick(['statement', 'commit'] as const);
      await faults.arm(FAULTS[name], random.pick([1, 1, 2]), where);
      return `${name} at ${where}`;
    },
  ],
  cut: [
    3,
    async ({ loop }, random) => {
      const which = random.pick(['flywheel-%', 'flywheel-indexer-%', 'flywheel-queue', '%']);
      return `${await cutConnections(loop.index.database.pool, which)} connections of ${which}`;
    },
  ],
  restart: [
    1,
    async ({ loop, world }, random) => {
      await loop.index.stop();
      const meanwhile = random.pick(['nothing', 'growth', 'a fork']);
      if (meanwhile === 'growth') world.grow(random.between(1, 12));
      if (meanwhile === 'a fork') world.fork(random.between(1, 24), random.between(1, 12));
      await loop.index.start();
      return `${meanwhile} meanwhile, ${at(world)}`;
    },
  ],
  'empty the queue': [
    1,
    async ({ loop }) => {
      await emptyQueue(loop.index.database.pool);
      return 'all jobs gone';
    },
  ],
  catchUp: [
    5,
    async (life) => {
      await untilAtHead(life);
      return at(life.world);
    },
  ],
  'ask the oracle': [
    1,
    async (life) => {
      // Until then the audit may still be looking for what deep lies left out.
      await untilVerified(life);
      return countsAgree(life);
    },
  ],
};

function drawn(random: Random): [string, Step] {
  const all = Object.entries(STEPS);
  let left = random.below(all.reduce((sum, [, [weight]]) => sum + weight, 0));
  for (const [name, [weight, step]] of all) {
    if (left < weight) return [name, step];
    left -= weight;
  }
  throw new Error('unreachable');
}

function at({ chain: { head } }: World): string {
  return `head ${head.number} ${head.hash.slice(0, 8)}`;
}

/** A lie's details are drawn apart, or the answers that happen to be asked for would change what follows. */
function lieNext({ node, seed, step }: Life, name: string, times: number): void {
  const random = new Random(`${seed} ${step}`);
  let left = times;
  node.lie = (requests) => {
    // What a node says of itself is checked by tests of their own: a wrong chain id ends the program.
    if (requests.some(({ method }) => method === 'eth_chainId' || method === 'eth_call')) return undefined;
    if (left-- <= 0) return undefined;
    return { ...LIES, ...DEEP_LIES }[name]?.(random);
  };
}

/** The next step comes after so many more answers of the node, or when the indexer has nothing more to do. */
async function letItWork({ node, loop, world }: Life, answers: number): Promise<void> {
  const enough = node.answered + answers;
  if (answers === 0) return;
  await until(async () => node.answered >= enough || (await indexedHash(loop)) === world.chain.head.hash, {
    what: `${answers} more answers`,
  });
}

async function untilAtHead({ loop, world }: Life): Promise<void> {
  const { head } = world.chain;
  const sql = `select indexed_number::int as number, '0x' || encode(indexed_hash, 'hex') as hash, error from chain`;
  let last: unknown;
  const reached = async () => {
    const { rows } = await loop.index.database.pool.query<{ hash: string }>(sql).catch(() => ({ rows: [] }));
    last = rows[0];
    return rows[0]?.hash === head.hash;
  };
  await until(reached, { what: 'the head' }).catch((error: Error) => {
    throw new Error(`${error.message} ${head.number} ${head.hash}; the chain is at ${JSON.stringify(last)}`);
  });
}

/** More blocks than are deep in any world. */
const FINAL_IN_ANY_CASE = 25;

/** What deep lies left out of history, or put into it, is found and repaired before this is reached. */
async function untilVerified(life: Life): Promise<void> {
  const { loop, world } = life;
  const { number } = world.chain.head;
  // History is audited once it is final.
  world.grow(FINAL_IN_ANY_CASE, true);
  await untilAtHead(life);
  const sql = 'select indexed_number::int as indexed, verified_to::int as verified, error, warnings from chain';
  let last: { indexed: number; verified: number } | undefined;
  const verified = async () => {
    last = (await loop.index.database.pool.query(sql)).rows[0];
    // A repair takes both back, and what follows it is not proven yet.
    return last?.indexed === world.chain.head.number && last.verified >= number;
  };
  await until(verified, { what: 'everything verified' }).catch((error: Error) => {
    throw new Error(`${error.message}; the chain is at ${JSON.stringify(last)}`);
  });
}

async function indexedHash(loop: RunningLoop): Promise<string | undefined> {
  const sql = `select '0x' || encode(indexed_hash, 'hex') as hash from chain`;
  const { rows } = await loop.index.database.pool.query<{ hash: string }>(sql).catch(() => ({ rows: [] }));
  return rows[0]?.hash;
}

const COUNTED: Entity[] = [
  'datanets',
  'contributions',
  'models',
  'inferences',
  'rewards',
  'claims',
  'accounts',
  'events',
];

async function countsAgree({ loop, world: { oracle, chain } }: Life): Promise<string> {
  const lists = COUNTED.map((name) => `${name}(first: 1) { totalCount }`).join(' ');
  const { indexStatus: _, ...answer } = await loop.run(`{ ${lists} indexStatus { chains { undecodedLogs } } }`, {});
  const counts = Object.fromEntries(COUNTED.map((name) => [name, { totalCount: oracle.list(name).length }]));
  expect(answer).toEqual(counts);
  return `${JSON.stringify(counts)} at ${chain.head.number}`;
}
