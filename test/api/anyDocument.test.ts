import { readFileSync } from 'node:fs';
import { buildSchema, GraphQLScalarType } from 'graphql';
import { randomHistory } from '../oracle/history';
import { Random } from '../oracle/history/random';
import { pretend } from '../oracle/pretend';
import { newSeed } from '../run/newSeed';
import { anyDocument, type Pools } from './anyDocument';
import { type ApiHarness, openApi } from './harness';
import { overSocket } from './overSocket';
import { commitPlaced } from './placedChain';

/**
 * Random documents, asked in every way: the answer is one, and never a fault of the server. ANY_SEED replays a run,
 * ANY_DOCUMENTS makes it longer.
 */
const seeds = process.env['ANY_SEED']?.split(',') ?? ['one', 'two', newSeed];
const documents = Number(process.env['ANY_DOCUMENTS'] ?? 60);

const schema = buildSchema(readFileSync('schema/schema.graphql', 'utf8'));
const [FIRST, SECOND] = [31337, 31338];
let harness: ApiHarness;
let pools: Pools;

beforeAll(async () => {
  harness = await openApi();
  for (const chainId of [FIRST, SECOND]) {
    const blocks = pretend(chainId, randomHistory(`any-${chainId}`, { logs: 300 }));
    await commitPlaced(harness.database.pool, chainId, blocks);
  }
  pools = await valuesThatThereAre();
});
afterAll(() => harness.close());

async function valuesThatThereAre(): Promise<Pools> {
  const lists = ['datanets', 'contributions', 'models', 'inferences', 'rewards', 'pools', 'accounts', 'events'];
  const { data } = await harness.ask(
    `{ ${lists.map((list) => `${list}(first: 4) { edges { cursor node { id } } }`).join(' ')}
      accounts2: accounts(first: 3) { nodes { address } }
      events2: events(first: 3) { nodes { at { transactionHash block { number hash timestamp } } } } }`,
  );
  const found = data as Record<string, { edges: { cursor: string; node: { id: string } }[]; nodes: never[] }>;
  const edges = lists.flatMap((list) => found[list]?.edges ?? []);
  const nodes = found['events2']?.nodes as unknown as {
    at: { transactionHash: string; block: { number: number; hash: string; timestamp: string } };
  }[];
  const addresses = (found['accounts2']!.nodes as unknown as { address: string }[]).map(({ address }) => address);
  const pooled: Pools = {
    ID: [...edges.map(({ node }) => node.id), 'rubbish', 'datanet:31337:999', `token:${FIRST}:native`],
    Cursor: [...edges.map(({ cursor }) => cursor), 'rubbish'],
    ChangeCursor: ['AQAAAAAAAAAB', 'rubbish'],
    Int: [0, 1, 2, 3, 5, -1, 2 ** 31 - 1, ...nodes.map(({ at }) => at.block.number)],
    Float: [0, 0.5, 1e300],
    Boolean: [true, false],
    String: ['', 'a', '%', 'Solidity', '_\\', "' or 1 = 1 --", '\u0000'],
    Address: addresses,
    BigInt: ['0', '1', '-1', '1000000000000000000', '9'.repeat(78)],
    DateTime: [...nodes.map(({ at }) => at.block.timestamp), '2025-01-01T00:00:00Z'],
    Hex: ['0x', '0x00', ...nodes.flatMap(({ at }) => [at.transactionHash, at.block.hash])],
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (type instanceof GraphQLScalarType && !pooled[type.name])
      throw new Error(`a scalar without values: ${type.name}`);
  }
  return pooled;
}

interface Answer {
  data?: Record<string, unknown> | null | undefined;
  errors?: readonly { message: string; path?: readonly unknown[]; extensions?: unknown }[];
}

/** Of what is null because of several errors below it, GraphQL may name any. */
const told = ({ data, errors = [] }: Answer) => ({
  data: data ?? null,
  errors: [
    ...new Set(errors.map(({ message, path, extensions }) => path?.[0] ?? JSON.stringify([message, extensions]))),
  ].sort(),
});

describe.each(seeds)('random documents, seed %s', (seed) => {
  test('are answered alike the first time, once compiled, and over a socket', async () => {
    const random = new Random(`any ${seed}`);
    const socket = harness.socket();
    let answered = 0;
    for (let n = 0; n < documents; n += 1) {
      const { query, variables } = anyDocument(schema, random, pools);
      const replay = `ANY_SEED=${seed}, document ${n}: ${query} ${JSON.stringify(variables)}`;
      const first = await harness.ask(query, variables);
      const ways: Record<string, Answer> = { socket: await overSocket(socket, query, variables) };
      for (const time of ['second', 'third', 'fourth']) ways[time] = await harness.ask(query, variables);
      for (const [way, answer] of Object.entries(ways)) {
        expect([replay, way, told(answer)]).toEqual([replay, way, told(first)]);
      }
      expect([replay, harness.failures.splice(0)]).toEqual([replay, []]);
      if (first.data) answered += 1;
    }
    // Most of them are no errors altogether.
    expect(answered).toBeGreaterThan(documents / 4);
  });
});
