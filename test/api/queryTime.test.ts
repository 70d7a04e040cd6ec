import { type ApiHarness, openApi } from './harness';
import { overSocket } from './overSocket';

const STATEMENT_MS = 300;

describe.each([
  ['are asked one after the other', false],
  ['are sent together', true],
])('where statements %s', (_, pipeline) => {
  let harness: ApiHarness;

  beforeAll(async () => {
    // None is cut short by itself, however busy the machine is.
    harness = await openApi(
      { queryTimeoutMs: STATEMENT_MS },
      { max: 4, readOnly: true, statementTimeoutMs: 60_000, pipeline },
    );
    // Each statement that reads it takes two thirds of its time.
    await harness.database.pool.query(`
    insert into chain (chain_id, name, native_symbol, native_decimals, start_block, finality, contracts,
      indexed_number, indexed_hash, indexed_timestamp, head_number)
    values (7, 'seven', 'SVN', 18, 0, '{}', '[]', 200, '\\x02', 2, 200);
    alter table model rename to model_itself;
    create view model as
      with slow as materialized (select pg_sleep(0.2))
      select * from model_itself where (select count(*) from slow) = 1`);
  });
  afterAll(() => harness?.close());

  /** Fifty statements, each of which is within its own time: ten seconds. */
  const fields = Array.from(
    { length: 50 },
    (_, n) => `m${n}: models(where: { builder: { eq: "0x${String(n).padStart(40, '0')}" } }) { nodes { id } }`,
  );
  const long = `{ ${fields.join(' ')} }`;
  const good = '{ node(id: "datanet:1:1") { id } }';

  interface Answer {
    data?: Record<string, unknown> | null;
    errors?: readonly { extensions?: { code?: unknown } | undefined }[];
  }

  /** Three times the time of a statement holds no more than five of these. */
  const expectCutShort = ({ data, errors = [] }: Answer) => {
    const answered = Object.values(data ?? {}).filter((field) => field !== null);
    expect(answered.length).toBeLessThanOrEqual(5);
    expect(errors).toHaveLength(fields.length - answered.length);
    expect(new Set(errors.map(({ extensions }) => extensions?.code))).toEqual(new Set(['QUERY_TIMEOUT']));
  };

  test('a query of many statements ends with QUERY_TIMEOUT after the time of three', async () => {
    expectCutShort(await harness.ask(long));
    expect(await harness.ask(good)).toEqual({ status: 200, data: { node: null } });
  });

  test('so it does over a socket', async () => {
    const client = harness.socket();
    expectCutShort((await overSocket(client, long)) as Answer);
    expect(await overSocket(client, good)).toEqual({ data: { node: null } });
  });
});
