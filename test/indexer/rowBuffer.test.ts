import type { ClientBase } from 'pg';
import { copyRows, type TableRows } from '../../indexer/store/copyRows';
import { RowBuffer } from '../../indexer/store/rowBuffer';
import { positionOf } from '../../schema/position';
import { createDatabase, type TestDatabase } from '../run/database';
import fc from '../run/fastCheck';

function tableOf(name: string, columns: string[], rows: RowBuffer): TableRows {
  return { name, table: { columns, firstOf: false }, rows };
}

describe('rows in the binary format of COPY', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createDatabase();
  });
  afterAll(() => database.close());

  const hex = (maxLength: number) =>
    fc.uint8Array({ maxLength }).map((bytes) => `0x${Buffer.from(bytes).toString('hex')}`);
  const words = fc
    .array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { maxLength: 4 })
    .map((list) => list.map((bytes) => Buffer.from(bytes).toString('hex')));
  const row = fc.record({
    int2: fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 }),
    int4: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    int8: fc.oneof(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), fc.maxSafeInteger()),
    numeric: fc.oneof(
      fc.bigInt(-(2n ** 256n), 2n ** 256n),
      fc.nat(77).map((zeros) => 10n ** BigInt(zeros)),
      fc.maxSafeInteger(),
      fc.constantFrom(0, 0n),
    ),
    bool: fc.boolean(),
    bytea: hex(80),
    text: fc.string({ unit: 'binary', maxLength: 40 }).map((text) => text.replaceAll('\0', '')),
    words,
    missing: fc.option(fc.nat(), { nil: null }),
  });

  const anyPlace = fc.record({
    blockNumber: fc.bigInt(0n, 2n ** 40n - 1n).map(Number),
    logIndex: fc.oneof(fc.nat(300), fc.nat(2 ** 22 - 1)),
  });

  it('are read back as they were', async () => {
    const client = await database.pool.connect();
    try {
      await fc.assert(
        fc.asyncProperty(anyPlace, fc.array(row, { maxLength: 50 }), async (place, rows) => {
          const buffer = new RowBuffer([
            ...(['int4', 'int8'] as const),
            ...(['int2', 'int4', 'int8', 'numeric', 'bool', 'bytea', 'text', 'bytea[]', 'int8'] as const),
          ]);
          for (const { words: list, missing, ...values } of rows) {
            const { int2, int4, int8, numeric, bool, bytea, text } = values;
            buffer.add(7, place, [
              int2,
              int4,
              int8,
              numeric,
              bool,
              bytea,
              text,
              list.map((word) => `0x${word}`),
              missing,
            ]);
          }
          expect(await copied(client, buffer)).toEqual(
            rows.map(({ int2, int4, int8, numeric, bool, bytea, text, words: list, missing }) => [
              ...[
                '7',
                String(positionOf(place.blockNumber, place.logIndex)),
                String(int2),
                String(int4),
                String(int8),
                String(numeric),
                String(bool),
              ],
              ...[
                `\\x${bytea.slice(2)}`,
                text,
                list.map((word) => `\\x${word}`).join(),
                missing === null ? null : String(missing),
              ],
            ]),
          );
        }),
        { numRuns: 60 },
      );
    } finally {
      client.release();
    }
  });

  it('of many megabytes come as they were', async () => {
    const client = await database.pool.connect();
    try {
      const buffer = new RowBuffer(['int4', 'int8', 'bytea']);
      const long = `0x${'ab'.repeat(700_000)}`;
      for (let i = 0; i < 20; i++) buffer.add(1, { blockNumber: 0, logIndex: i }, [i % 5 === 0 ? long : '0x00']);
      await client.query('create temporary table long (chain_id integer, pos bigint, data bytea)');
      await copyRows(client, [tableOf('long', ['chain_id', 'pos', 'data'], buffer)]);
      const { rows } = await client.query(
        'select sum(length(data))::integer as bytes, count(*)::integer as n from long',
      );
      expect(rows).toEqual([{ bytes: 4 * 700_000 + 16, n: 20 }]);
    } finally {
      client.release();
    }
  });

  it('of several tables come at once, or none of them', async () => {
    const client = await database.pool.connect();
    try {
      await client.query('create temporary table one (chain_id integer, pos bigint, a smallint)');
      await client.query('create temporary table other (chain_id integer, pos bigint, a smallint check (a < 3))');
      const rowsOf = (...values: number[]) => {
        const buffer = new RowBuffer(['int4', 'int8', 'int2']);
        for (const value of values) buffer.add(1, { blockNumber: 0, logIndex: 1 }, [value]);
        return buffer;
      };
      const columns = ['chain_id', 'pos', 'a'];
      const both = (a: RowBuffer, b: RowBuffer) => [tableOf('one', columns, a), tableOf('other', columns, b)];
      const count = async () => {
        const { rows } = await client.query(
          'select (select count(*) from one)::integer as one, (select count(*) from other)::integer as other',
        );
        return rows[0];
      };
      await copyRows(client, both(rowsOf(1, 2), rowsOf(2)));
      expect(await count()).toEqual({ one: 2, other: 1 });
      const refused = copyRows(client, [...both(rowsOf(5), rowsOf(9)), ...both(rowsOf(6), rowsOf(1))]);
      await expect(refused).rejects.toThrow('violates check constraint');
      // The connection is as good as before.
      expect(await count()).toEqual({ one: 2, other: 1 });
      await copyRows(client, both(rowsOf(3), rowsOf()));
      expect(await count()).toEqual({ one: 3, other: 1 });
    } finally {
      client.release();
    }
  });

  it('that a broken connection takes along are an error', async () => {
    const client = await database.pool.connect();
    client.on('error', () => undefined);
    try {
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      await client.query('create temporary table lost (chain_id integer, pos bigint, a bytea)');
      await database.pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
      const buffer = new RowBuffer(['int4', 'int8', 'bytea']);
      for (let i = 0; i < 100; i++) buffer.add(1, { blockNumber: 0, logIndex: i }, [`0x${'00'.repeat(100_000)}`]);
      await expect(copyRows(client, [tableOf('lost', ['chain_id', 'pos', 'a'], buffer)])).rejects.toThrow();
    } finally {
      client.release(true);
    }
  });

  async function copied(client: ClientBase, buffer: RowBuffer): Promise<(string | null)[][]> {
    await client.query(
      `create temporary table if not exists copied (chain_id integer, pos bigint, a smallint, b integer, c bigint,
         d numeric, e boolean, f bytea, g text, h bytea[], i bigint)`,
    );
    await client.query('truncate copied');
    await copyRows(client, [tableOf('copied', ['chain_id', 'pos', ...'abcdefghi'], buffer)]);
    const { rows } = await client.query({
      text: `select chain_id::text, pos::text, a::text, b::text, c::text, d::text, e::text, f::text, g,
               array_to_string(h, ','), i::text
             from copied`,
      rowMode: 'array',
    });
    return rows;
  }
});
