import { type Context, openContext, type Program } from '../../api/context';
import { attributionGraph, attributionPaths } from '../../api/queries/graph/attributionGraph';
import { readEdges } from '../../api/queries/graph/edges';
import type { Snapshot } from '../../api/snapshot/snapshot';
import { Sql } from '../../api/sql';
import { GraphDirection } from '../../api/types/graph';
import { createDatabase, type TestDatabase } from '../run/database';

/** Things of each kind that hang on one account, datanet, model, adapter and contribution. */
const MANY = 20_000;
const ACCOUNT = 'aa'.repeat(20);

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  Plans?: Plan[];
}

const sum = (n: number) => (n * (n + 1)) / 2;

/** Rows that the scans of tables gave or threw away. */
function rowsRead(plan: Plan): number {
  const own = plan['Relation Name']
    ? (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0) + (plan['Rows Removed by Index Recheck'] ?? 0)) *
      plan['Actual Loops']
    : 0;
  return own + (plan.Plans ?? []).reduce((sum, part) => sum + rowsRead(part), 0);
}

describe(`nodes with ${MANY} edges of a kind`, () => {
  let database: TestDatabase;
  const opened: Context[] = [];

  beforeAll(async () => {
    database = await createDatabase();
    const { pool } = database;
    const pos = (offset: number, n = 'n') => `position_of(${offset} + ${n}, 0)`;
    const series = `generate_series(1, ${MANY}) n`;
    const account = `'\\x${ACCOUNT}'::bytea`;
    const hash = (n: string) => `sha256(int8send(${n}))`;
    const statements = `
      insert into chain (chain_id, name, native_symbol, native_decimals, start_block, finality, contracts,
        indexed_number, indexed_hash, indexed_timestamp)
      values (1, 'one', 'OPEN', 18, 0, '{"depth": 8}', '[]', ${12 * MANY}, '\\x00', 1);
      insert into account (address, chain_id, pos, item) values (${account}, 1, 1, 0);
      insert into block (chain_id, number, hash, timestamp, events)
      select 1, n, ${hash('n')}, n, 1 from generate_series(0, ${7 * MANY}) n;
      insert into datanet (chain_id, datanet_id, pos, owner, transaction_id, data_type, metadata_hash, metadata_uri)
      values (1, 1, 1, ${account}, '', 0, '', '');
      insert into model (chain_id, model_id, pos, builder, parent_model_id, metadata_hash, metadata_uri)
      values (1, 1, 2, ${account}, 0, '', '');
      insert into training_run (chain_id, run_id, pos, model_id, runner, config_hash, eval_hash)
      values (1, '\\x01', 3, 1, ${account}, '', '');
      insert into training_input (chain_id, pos, item, datanet_id, datanet_version, weight_ppm) values (1, 3, 0, 1, 1, 5);
      insert into adapter (chain_id, adapter_id, pos, model_id, builder, base_version, run_id, adapter_hash)
      values (1, 1, 4, 1, ${account}, 1, '', '');
      -- Of datanet 2 many models, one of them again and again; of model 2 many children and adapters.
      insert into datanet (chain_id, datanet_id, pos, owner, transaction_id, data_type, metadata_hash, metadata_uri)
      values (1, 2, 7, ${account}, '', 0, '', '');
      insert into model (chain_id, model_id, pos, builder, parent_model_id, metadata_hash, metadata_uri)
      select 1, 1 + n, ${pos(7 * MANY)}, ${account}, case when n > 1 then 2 else 0 end, '', '' from ${series};
      insert into adapter (chain_id, adapter_id, pos, model_id, builder, base_version, run_id, adapter_hash)
      select 1, 1 + n, ${pos(8 * MANY)}, 2, ${account}, 1, '', '' from ${series};
      insert into training_run (chain_id, run_id, pos, model_id, runner, config_hash, eval_hash)
      select 1, ${hash('n')}, ${pos(9 * MANY)}, 2 + n % (${MANY} / 2), ${account}, '', '' from ${series};
      insert into training_input (chain_id, pos, item, datanet_id, datanet_version, weight_ppm)
      select 1, ${pos(9 * MANY)}, 0, 2, 1, n from ${series};
      insert into pool (chain_id, pool_id, pos, kind, subject_id, token) values (1, '\\x01', 5, 0, 1, '\\x00');
      insert into pool (chain_id, pool_id, pos, kind, subject_id, token) values (1, '\\x02', 6, 1, 1, '\\x00');
      insert into contribution (chain_id, contribution_id, pos, item, datanet_id, contributor, content_hash, bond)
      select 1, n, ${pos(0)}, 0, 1, ${account}, '', 0 from ${series};
      insert into inference (chain_id, inference_id, pos, model_id, user_address, model_version, tokens_in, tokens_out,
        fee_token, fee, output_hash)
      select 1, ${hash('n')}, ${pos(MANY)}, 1, ${account}, 1, 0, 0, '\\x00', 1, '' from ${series};
      -- A few of others: of one datanet or model alone, the planner has no reason to look for it by an index.
      insert into contribution (chain_id, contribution_id, pos, item, datanet_id, contributor, content_hash, bond)
      select 1, ${MANY} + n, ${pos(11 * MANY)}, 0, 10 + n % 10, '\\xbb', '', 0 from generate_series(1, 100) n;
      insert into inference (chain_id, inference_id, pos, model_id, user_address, model_version, tokens_in, tokens_out,
        fee_token, fee, output_hash)
      select 1, ${hash(`n + ${MANY}`)}, ${pos(11 * MANY)}, ${MANY} + 10 + n % 10, '\\xbb', 1, 0, 0, '\\x00', 1, ''
      from generate_series(1, 100) n;
      insert into inference_adapter (chain_id, pos, item, adapter_id)
      select 1, ${pos(MANY)}, 0, 1 from ${series};
      insert into influence (chain_id, pos, inference_id, datanet_id, contribution_id, contributor, influence, weight_ppm)
      select 1, ${pos(2 * MANY)}, ${hash('n')}, 1, 1, ${account}, 1, 1 + n % 1000 from ${series};
      insert into influence (chain_id, pos, inference_id, datanet_id, contribution_id, contributor, influence, weight_ppm)
      select 1, ${pos(3 * MANY)}, ${hash('n')}, 1, n, ${account}, 1, 1000 from ${series};
      -- Of inferences, of the datanet and of the model.
      insert into reward (chain_id, pos, pool_id, beneficiary, ref, role, contribution_id, amount, epoch, fee_part,
        emission_part, grant_part, slash_part, unknown_part)
      select 1, ${pos(4 * MANY)}, '\\x01', ${account}, ${hash('n')}, 0, 1, 1, 0, 1, 0, 0, 0, 0 from ${series};
      insert into reward (chain_id, pos, pool_id, beneficiary, ref, role, contribution_id, amount, epoch, fee_part,
        emission_part, grant_part, slash_part, unknown_part)
      select 1, ${pos(5 * MANY)}, '\\x02', ${account}, no_ref(), 0, 0, 1, 0, 1, 0, 0, 0, 0 from ${series};
      -- Of model 2, by a ref that is nothing we know.
      insert into pool (chain_id, pool_id, pos, kind, subject_id, token) values (1, '\\x03', 8, 1, 2, '\\x00');
      insert into reward (chain_id, pos, pool_id, beneficiary, ref, role, contribution_id, amount, epoch, fee_part,
        emission_part, grant_part, slash_part, unknown_part)
      select 1, ${pos(10 * MANY)}, '\\x03', ${account}, ${hash(`n + ${2 * MANY}`)}, 1, 0, 1, 0, 1, 0, 0, 0, 0 from ${series};
      analyze;
      select refresh_reward(1, array(select pos from reward where pool_id = '\\x03'));
      select refresh_datanet(1, '{1, 2}'), refresh_model(1, array(select model_id from model));
      select refresh_contribution(1, array(select contribution_id from contribution));
      select refresh_inference(1, array(select inference_id from inference));
      analyze`;
    // One by one, so that each is planned by what the one before it wrote.
    for (const statement of statements.split(/;\n/)) await pool.query(statement);
  });

  afterEach(async () => {
    for (const { snapshot } of opened.splice(0)) await snapshot.close();
  });

  afterAll(() => database?.close());

  /** A context of one request that counts the rows which its statements read. */
  const openWatched = () => {
    const context = openContext({ pool: database.pool } as Program, new AbortController().signal);
    opened.push(context);
    const { snapshot } = context;
    const seen = { rows: 0, statements: 0 };
    const query: Snapshot['query'] = async (statement, values) => {
      const { text, values: all } =
        statement instanceof Sql ? statement.compile() : { text: statement, values: [...(values ?? [])] };
      const [row] = await snapshot.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
        `explain (analyze, timing off, format json) ${text}`,
        all,
      );
      seen.rows += rowsRead(row!['QUERY PLAN'][0].Plan);
      seen.statements++;
      return snapshot.query(statement, values);
    };
    return { context: { ...context, snapshot: { ...snapshot, query } }, seen };
  };

  const inference = async () => {
    const { rows } = await database.pool.query<{ id: string }>(
      `select encode(inference_id, 'hex') as id from inference order by pos limit 1`,
    );
    return `inference:1:0x${rows[0]?.id}`;
  };

  test.each([
    ['account', `account:0x${ACCOUNT}`],
    ['datanet', 'datanet:1:1'],
    ['model', 'model:1:1'],
    ['adapter', 'adapter:1:1'],
    ['datanet of many models', 'datanet:1:2'],
    ['base model', 'model:1:2'],
    ['contribution', 'contribution:1:1'],
    ['contribution of a great datanet', 'contribution:1:7'],
    ['inference of a great contribution', null],
  ])('reads a few of them, and a few statements a level, from the %s', async (_, id) => {
    const root = id ?? (await inference());
    for (const [direction, limit] of Object.values(GraphDirection).flatMap(
      (each) =>
        [
          [each, 200],
          [each, 1000],
        ] as const,
    )) {
      const { context, seen } = openWatched();
      const graph = await attributionGraph(context, root, { direction, depth: 3, minWeightPpm: 0, limit });
      // Of each node kind of a level, and of each kind of edge, at most two times the limit.
      expect(seen.rows).toBeLessThan(30 * limit);
      expect(seen.statements).toBeLessThanOrEqual(2 + 3 * 4);
      expect(graph?.edges.length).toBeLessThanOrEqual(limit);
    }
  });

  it('goes no further from an id that is named, but was never created', async () => {
    const { context, seen } = openWatched();
    const asked = { direction: GraphDirection.BOTH, depth: 9, minWeightPpm: 0, limit: 1000 };
    expect(await attributionGraph(context, 'datanet:1:10', asked)).toBeNull();
    // Whether it exists, and its own.
    expect(seen.statements).toBe(2);
  });

  it('reads none of the nodes of a level that come after as many edges as are wanted', async () => {
    const rowsOf = async (...ids: string[]) => {
      const { context, seen } = openWatched();
      const asked = { direction: GraphDirection.DOWNSTREAM, minWeightPpm: 0, chainIds: [1] };
      const edges = await readEdges(
        context,
        ids.map((id) => ({ id })),
        asked,
        50,
      );
      expect([...edges.keys()]).toEqual(ids.slice(0, 1));
      return seen.rows;
    };
    expect(await rowsOf('datanet:1:2', 'datanet:1:1')).toBe(await rowsOf('datanet:1:2'));
    expect(await rowsOf('contribution:1:1', 'datanet:1:2')).toBe(await rowsOf('contribution:1:1'));
  });

  test.each([
    // Contributions, inferences and three times rewards; inferences and rewards; and so on.
    ['an account', `account:0x${ACCOUNT}`, 5 * MANY, 0],
    ['a datanet', 'datanet:1:1', MANY + 1, 5],
    ['a datanet of many models', 'datanet:1:2', MANY / 2, sum(MANY) - sum(MANY / 2)],
    ['a model', 'model:1:1', 2 * MANY + 2, 5],
    ['a base model', 'model:1:2', 3 * MANY, MANY],
    ['an adapter', 'adapter:1:1', MANY + 1, 0],
    ['a contribution', 'contribution:1:1', MANY + 3, (MANY / 1000) * sum(1000) + 1000],
  ])('counts what it leaves out of %s without reading it', async (_, root, edges, weightPpm) => {
    const { context, seen } = openWatched();
    const asked = { direction: GraphDirection.BOTH, depth: 1, minWeightPpm: 0, limit: 1 };
    const graph = await attributionGraph(context, root, asked);
    expect(await graph?.omittedEdges()).toBe(edges - 1);
    expect(await graph?.omittedWeightPpm()).toBe(BigInt(weightPpm) - (graph?.edges[0]?.weightPpm ?? 0n));
    expect(seen.rows).toBeLessThan(300);
  });

  test.each([
    ['account', `account:0x${ACCOUNT}`],
    ['datanet', 'datanet:1:1'],
    ['datanet of many models', 'datanet:1:2'],
    ['model', 'model:1:1'],
    ['base model', 'model:1:2'],
    ['adapter', 'adapter:1:1'],
    ['contribution', 'contribution:1:1'],
    ['inference of a great contribution', null],
  ])('counts what it leaves out around the %s by what is in the picture', async (_, id) => {
    const root = id ?? (await inference());
    const { context, seen } = openWatched();
    const limit = 200;
    const graph = await attributionGraph(context, root, {
      direction: GraphDirection.BOTH,
      depth: 3,
      minWeightPpm: 0,
      limit,
    });
    const walked = seen.rows;
    expect(await graph?.truncated()).toBe(true);
    expect(seen.rows - walked).toBeLessThan(30 * limit);
  });

  it('gives paths up that would take more than 10,000 edges to find', async () => {
    const { context, seen } = openWatched();
    const paths = attributionPaths(context, `account:0x${ACCOUNT}`, 'model:1:1', 10);
    await expect(paths).rejects.toMatchObject({ extensions: { code: 'QUERY_TOO_COMPLEX' } });
    expect(seen.rows).toBeLessThan(40_000);
  });

  it('finds the paths from a contribution of a great datanet to an inference of its model', async () => {
    const { context, seen } = openWatched();
    const paths = await attributionPaths(context, 'contribution:1:7', await inference(), 10);
    expect(paths?.map(({ nodes }) => nodes.map(({ id }) => id.split(':')[0]).join(' '))).toEqual([
      'contribution datanet model inference',
      'contribution datanet model adapter inference',
    ]);
    expect(seen.rows).toBeLessThan(100);
  });
});
