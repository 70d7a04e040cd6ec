import {
  type GraphQLArgument,
  type GraphQLInputType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isRequiredArgument,
  isScalarType,
} from 'graphql';
import { buildApiSchema } from '../../api/schema';
import { type ApiHarness, openApi } from './harness';
import { overSocket } from './overSocket';

let harness: ApiHarness;
beforeAll(async () => {
  harness = await openApi();
  await harness.database.pool.query(`
    insert into chain (chain_id, name, native_symbol, native_decimals, start_block, finality, contracts,
      indexed_number, indexed_hash, indexed_timestamp, head_number)
    values (7, 'seven', 'SVN', 18, 0, '{}', '[]', 200, '\\x02', 2, 200)`);
});
afterAll(() => harness.close());

const good = '{ node(id: "datanet:7:1") { id } }';
const isServed = async () => expect(await harness.ask(good)).toEqual({ status: 200, data: { node: null } });

const SQL = "'; drop table event; --";
const hugeInteger = '9'.repeat(50_000);

/** Per scalar: none of these may be taken for one. */
const refusedScalars: Record<string, unknown[]> = {
  Int: [2 ** 31, -(2 ** 31) - 1, 1.5, '1', 1e300],
  BigInt: [hugeInteger, `-${hugeInteger}`, '1e5', 'NaN', '0x1', '', SQL, 1.5, 2 ** 60],
  Address: ['0x12', `0x${'g'.repeat(40)}`, 'rubbish.eth', SQL, '', 5],
  Hex: ['0x0', '0xzz', 'ab', SQL, '0x\0\0', `0x${'00'.repeat(50_000)}`, 5],
  DateTime: ['2026-02-30T00:00:00Z', 'now', '2026-01-01', '+275760-09-13T00:00:00Z', SQL, '2026-01-01T00:00:00Z\0', 5],
};
/** Of these the meaning decides: any error that has a code, or an answer without what isn't there. */
const strings = [
  SQL,
  `${SQL}\0`,
  '\0',
  "1' or '1'='1",
  '%',
  '_',
  '\\',
  '%%%%\\',
  '$1',
  '{}',
  '\ud800',
  'a'.repeat(20_000),
];
const cursors = ['rubbish', SQL, '\0', Buffer.from('["a",1]').toString('base64url'), 'a'.repeat(999), '%'];

interface Path {
  name: string;
  scalar: string;
  /** The value of the argument, with the hostile one in its place. */
  wrap(value: unknown): unknown;
}

function pathsIn(type: GraphQLInputType, name: string, wrap: Path['wrap'], seen: string[] = []): Path[] {
  const bare = getNullableType(type) as GraphQLInputType;
  if (isListType(bare)) return pathsIn(bare.ofType, `${name}[]`, (value) => wrap([value]), seen);
  if (isScalarType(bare)) return [{ name, scalar: bare.name, wrap }];
  if (!isInputObjectType(bare) || seen.includes(bare.name)) return [];
  return Object.values(bare.getFields()).flatMap((field) => {
    const required = Object.values(bare.getFields()).filter(({ type: of }) => String(of).endsWith('!'));
    const rest = Object.fromEntries(required.map((other) => [other.name, goodValue(other.type)]));
    const wrapField = (value: unknown) => wrap({ ...rest, [field.name]: value });
    return pathsIn(field.type, `${name}.${field.name}`, wrapField, [...seen, bare.name]);
  });
}

function goodValue(type: GraphQLInputType): unknown {
  const bare = getNullableType(type) as GraphQLInputType;
  if (isEnumType(bare)) return bare.getValues()[0]?.name;
  if (isListType(bare)) return [goodValue(bare.ofType)];
  const values: Record<string, unknown> = {
    ID: 'account:0x0000000000000000000000000000000000000001',
    String: 'a',
    Int: 1,
  };
  return values[String(bare)] ?? (String(bare) === 'Address' ? `0x${'1'.repeat(40)}` : null);
}

const schema = buildApiSchema();
const fields = Object.values(schema.getQueryType()?.getFields() ?? {}).filter(({ args }) => args.length > 0);

/** `query ($a: T, …) { field(…) { __typename } }`, with the required arguments beside. */
const askWith = (field: (typeof fields)[number], argument: GraphQLArgument, value: unknown) => {
  const given = field.args.filter((arg) => arg === argument || isRequiredArgument(arg));
  const variables = Object.fromEntries(
    given.map((arg) => [arg.name, arg === argument ? value : goodValue(arg.type)] as const),
  );
  const query = `query (${given.map(({ name, type }) => `$${name}: ${type}`).join(', ')}) {
    ${field.name}(${given.map(({ name }) => `${name}: $${name}`).join(', ')}) { __typename } }`;
  return harness.ask(query, variables);
};

describe.each(fields.map((field) => [field.name, field] as const))('%s', (_, field) => {
  const paths = field.args.flatMap((argument) =>
    pathsIn(argument.type, argument.name, (value) => value).map((path) => ({ ...path, argument })),
  );

  test('refuses what its scalars are not', async () => {
    for (const { argument, scalar, wrap, name } of paths) {
      const values = [...(refusedScalars[scalar] ?? [])];
      const answers = await Promise.all(values.map((value) => askWith(field, argument, wrap(value))));
      const codes = answers.map(({ status, errors }) => `${status} ${errors?.[0]?.extensions.code}`);
      expect([name, new Set(codes)]).toEqual([name, new Set(values.length > 0 ? ['400 BAD_USER_INPUT'] : [])]);
    }
    await isServed();
  });

  test('takes SQL, patterns and NULs for what they are', async () => {
    for (const { argument, scalar, wrap, name } of paths) {
      const values = { String: strings, ID: strings, Cursor: cursors }[scalar] ?? [];
      const answers = await Promise.all(values.map((value) => askWith(field, argument, wrap(value))));
      for (const [index, { status, errors = [] }] of answers.entries()) {
        const codes = errors.map(({ extensions }) => extensions.code);
        expect([name, values[index], codes.filter((code) => code !== 'BAD_USER_INPUT')]).toEqual([
          name,
          values[index],
          [],
        ]);
        // Of several nodes each fails alone.
        expect(status).toBe(codes.length > 0 && field.name !== 'nodes' ? 400 : 200);
        expect(JSON.stringify(errors)).not.toMatch(/select |stacktrace|node_modules/);
      }
    }
    expect(harness.failures).toEqual([]);
    await isServed();
  });
});

test.each([
  ['-1', '-1', 400],
  ['0', '0', 200],
  ['2^31', '2147483648', 400],
  ['10^6', '1000000', 400],
  ['of 50,000 digits', hugeInteger, 400],
])('first %s', async (_, first, status) => {
  const query = `{ rewards(first: ${first}) { nodes { id } pageInfo { hasNextPage } } }`;
  const answer = await harness.ask(query);
  expect(answer.status).toBe(status);
  expect(answer.errors?.map(({ extensions }) => extensions.code) ?? []).toEqual(
    status === 200 ? [] : [expect.stringMatching(/^(BAD_USER_INPUT|GRAPHQL_VALIDATION_FAILED)$/)],
  );
  const { errors } = await overSocket(harness.socket(), query);
  expect(errors?.length ?? 0).toBe(status === 200 ? 0 : 1);
  await isServed();
});

test.each([
  ['a literal', `{ events(where: { block: { eq: ${hugeInteger} } }) { totalCount } }`, {}],
  ['a variable', 'query ($a: BigInt!) { rewards(where: { amount: { gt: $a } }) { totalCount } }', { a: hugeInteger }],
  ['a name', `{ ${'a'.repeat(50_000)} }`, {}],
])('a refusal is short, however long %s that is refused', async (_, query, variables) => {
  const { status, errors = [] } = await harness.ask(query, variables);
  expect(status).toBe(400);
  expect(errors.map(({ extensions }) => extensions.code)).toEqual([
    expect.stringMatching(/^(BAD_USER_INPUT|GRAPHQL_VALIDATION_FAILED)$/),
  ]);
  const told = await overSocket(harness.socket(), query, variables);
  for (const { message } of [...errors, ...(told.errors ?? [])]) expect(message.length).toBeLessThan(1_000);
  expect(told.errors).toHaveLength(1);
});

test('the tables are as they were', async () => {
  const { rows } = await harness.database.pool.query("select to_regclass('event') is not null as there");
  expect(rows).toEqual([{ there: true }]);
});
