import { createDatabase, type TestDatabase } from '../run/database';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.close());

test('integers of 64 bits are bigint, numerics decimal strings, bytes buffers', async () => {
  const { rows } = await database.pool.query(
    "select 9223372036854775807::int8 as a, array[1, null]::int8[] as b, 1e77::numeric as c, '\\x00ff'::bytea as d",
  );
  expect(rows).toEqual([{ a: 9223372036854775807n, b: [1n, null], c: `1${'0'.repeat(77)}`, d: Buffer.from([0, 255]) }]);
});

test('text is UTF-8, sorted by code point, with Unicode case mapping', async () => {
  const { rows } = await database.pool.query(
    "select lower('ÄÖ') as lower, array(select x from unnest(array['b', 'ä', 'Z', 'a']) x order by x) as sorted",
  );
  expect(rows).toEqual([{ lower: 'äö', sorted: ['Z', 'a', 'b', 'ä'] }]);
});
