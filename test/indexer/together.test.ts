import { Client } from 'pg';
import { Together } from '../../indexer/store/together';
import { createDatabase, type TestDatabase } from '../run/database';

describe('statements that are sent together', () => {
  let database: TestDatabase;
  let client: Client;

  beforeEach(async () => {
    database = await createDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query('create table told (n integer primary key, word text)');
  });
  afterEach(async () => {
    await client.end();
    await database.close();
  });

  const insert = 'insert into told (n, word) values ($1, $2)';
  const told = async () => (await client.query<{ n: number }>('select n from told order by n')).rows.map(({ n }) => n);

  it('are done one after the other, by a single prepared statement for each text', async () => {
    for (const from of [1, 11]) {
      const together = new Together();
      const touched: number[] = [];
      together.add(insert, [from, 'a'], (rows) => touched.push(rows));
      together.add(insert, [from + 1, null], (rows) => touched.push(rows));
      together.add('select n from told where n >= $1', [from], (rows) => touched.push(rows));
      together.add("update told set word = 'b' where n < $1", [from], (rows) => touched.push(rows));
      await together.send(client);
      expect(touched).toEqual([1, 1, 2, from === 1 ? 0 : 2]);
    }
    expect(await told()).toEqual([1, 2, 11, 12]);
    const { rows } = await client.query(`select from pg_prepared_statements where name like 'together%'`);
    expect(rows).toHaveLength(3);
  });

  it('stop at the first that fails, and are prepared as they should be the next time', async () => {
    const other = 'insert into told (word, n) values ($1, $2)';
    await client.query('begin');
    const together = new Together();
    together.add(insert, [1, 'a']);
    together.add('insert into told (n) values ($1 / 0)', [1]);
    together.add(other, ['b', 2]);
    await expect(together.send(client)).rejects.toMatchObject({ code: '22012' });
    await client.query('rollback');
    const again = new Together();
    again.add(insert, [3, 'a']);
    again.add(other, ['b', 4]);
    await again.send(client);
    expect(await told()).toEqual([3, 4]);
  });

  it('can be refused for what they touched before they are committed', async () => {
    await client.query('begin');
    const together = new Together();
    together.add(insert, [1, 'a']);
    together.add('update told set word = $1 where n = 7', ['b'], (rows) => {
      if (rows === 0) throw new Error('there is no seven');
    });
    await expect(together.send(client)).rejects.toThrow('there is no seven');
    await client.query('rollback');
    expect(await told()).toEqual([]);
  });

  it('are none where nothing was added, and fail with the connection', async () => {
    await new Together().send(client);
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    client.on('error', () => undefined);
    await database.pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    const together = new Together();
    together.add(insert, [1, 'a']);
    await expect(together.send(client)).rejects.toThrow();
  });
});
