import type { Pool, PoolClient } from 'pg';
import { askPrepared, PreparedQuery } from '../../api/snapshot/preparedQuery';
import { openPool } from '../../db/pool';
import { createDatabase, type TestDatabase } from '../run/database';

describe('a prepared statement', () => {
  let database: TestDatabase;
  let pool: Pool;
  let client: PoolClient;
  let described = 0;

  beforeAll(async () => {
    database = await createDatabase();
    pool = openPool(database.url, { pipeline: true, max: 1 });
    client = await pool.connect();
    const { connection } = client as unknown as { connection: NodeJS.EventEmitter };
    connection.on('rowDescription', () => {
      described += 1;
    });
  });

  afterAll(async () => {
    client?.release();
    await pool?.end();
    await database?.close();
  });

  beforeEach(() => {
    described = 0;
  });

  const all = {
    name: 'all',
    text: `select n, n::bigint as big, n::numeric as text, '\\x0a'::bytea as bytes, nullif(n, 2) as other
      from unnest($1::integer[]) n order by n`,
  };
  const row = (n: number) => ({ n, big: BigInt(n), text: String(n), bytes: Buffer.of(10), other: n === 2 ? null : n });

  it('is described with its first answer alone, and its rows are the same each time', async () => {
    for (const values of [[1, 2], [2, 3], []]) {
      expect(await askPrepared(client, { ...all, values: [values] })).toEqual(values.map(row));
    }
    expect(described).toBe(1);
  });

  it('is answered as well while the first answer is under way, and where it has no name or no values', async () => {
    const text = 'select 7::bigint as seven';
    const seven = [{ seven: 7n }];
    const twice = { name: 'twice', text, values: [] };
    expect(await Promise.all([askPrepared(client, twice), askPrepared(client, twice)])).toEqual([seven, seven]);
    expect(await askPrepared(client, { name: undefined, text, values: [] })).toEqual(seven);
    expect(await askPrepared(client, twice)).toEqual(seven);
  });

  it('holds neither its rows nor whom it told of them once it did', async () => {
    let tell: ((error: Error | undefined, rows: object[]) => void) | undefined;
    const told = new Promise<object[]>((resolve) => {
      tell = (_, rows) => resolve(rows);
    });
    const query = new PreparedQuery({ ...all, values: [[1, 2]] }, tell!);
    client.query(query);
    const rows = await told;
    expect(rows).toEqual([1, 2].map(row));
    const held = Object.values(query);
    expect(held).not.toContain(tell);
    expect(held).not.toContain(rows);
  });

  it('that fails says so, and is asked again', async () => {
    const divide = { name: 'divide', text: 'select 6 / $1::integer as part' };
    await expect(askPrepared(client, { ...divide, values: [0] })).rejects.toThrow('division by zero');
    expect(await askPrepared(client, { ...divide, values: [2] })).toEqual([{ part: 3 }]);
    await expect(askPrepared(client, { ...divide, values: [0] })).rejects.toThrow('division by zero');
    expect(await askPrepared(client, { ...divide, values: [3] })).toEqual([{ part: 2 }]);
  });

  it('gives columns of a group as one object, null where its first is', async () => {
    const text = `select n as "own", case n when 1 then 7 end as "part.key", 'b' as "part.b", '__x' as "other.key"
      from unnest($1::integer[]) n`;
    for (let i = 0; i < 2; i++) {
      expect(await askPrepared(client, { name: 'groups', text, values: [[1, 2]] })).toEqual([
        { own: 1, part: { key: 7, b: 'b' }, other: { key: '__x' } },
        { own: 2, part: null, other: { key: '__x' } },
      ]);
    }
  });

  it('whose answer changes is refused, not misread', async () => {
    const statement = { name: 'changing', text: 'select * from changing', values: [] };
    await client.query('create table changing as select 1 as one');
    expect(await askPrepared(client, statement)).toEqual([{ one: 1 }]);
    await client.query(`alter table changing add two bytea default '\\x02'`);
    await expect(askPrepared(client, statement)).rejects.toThrow('cached plan must not change result type');
  });
});
