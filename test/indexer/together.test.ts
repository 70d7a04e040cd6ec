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
      together.add(insert, [from, 'a']);
      together.add(insert, [from + 1, null]);
      const asked = together.ask<{ n: number }>('select n from told where n >= $1', [from]);
      together.add("update told set word = 'b' where n < $1", [from]);
      const before = together.ask<{ n: string }>("select count(*) as n from told where word = 'b'", []);
      await together.send(client);
      expect([await asked, await before]).toEqual([[{ n: from }, { n: from + 1 }], [{ n: from === 1 ? '0' : '2' }]]);
    }
    expect(await told()).toEqual([1, 2, 11, 12]);
    const { rows } = await client.query(`select from pg_prepared_statements where name like 'together%'`);
    expect(rows).toHaveLength(4);
  });

  it('can be added once others are answered, and nothing else gets in between', async () => {
    const together = new Together();
    together.add('begin', []);
    const first = together.ask<{ n: number }>('insert into told (n) values ($1) returning n', [1]);
    together.start(client);
    const other = client.query<{ n: number }>('select n from told');
    expect(await first).toEqual([{ n: 1 }]);
    together.add(insert, [2, 'b']);
    together.add('rollback', []);
    await together.send(client);
    expect((await other).rows).toEqual([]);
  });

  it('leave the connection to others when they are abandoned', async () => {
    const together = new Together();
    together.add('begin', []);
    together.start(client);
    expect(await together.ask<{ n: number }>('insert into told (n) values (1) returning n', [])).toEqual([{ n: 1 }]);
    together.abandon();
    await client.query('rollback');
    expect(await told()).toEqual([]);
    new Together().abandon();
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

  it('fail with what an error of theirs means, and nobody hears of those after it', async () => {
    const together = new Together();
    together.add('begin', []);
    together.add('select 1 / count(*) from told where n = $1', [7], () => new Error('there is no seven'));
    const later = together.ask('select n from told', []);
    together.add(insert, [1, 'a']);
    together.add('commit', []);
    await expect(together.send(client)).rejects.toThrow('there is no seven');
    await expect(later).rejects.toThrow('there is no seven');
    await expect(together.ask('select n from told', [])).rejects.toThrow('there is no seven');
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
