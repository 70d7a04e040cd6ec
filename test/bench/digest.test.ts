import { Client } from 'pg';
import { type Digest, differences, digestOf } from '../../bench/loopTables/digest';
import { createLoopTables, LOOP_SCHEMA } from '../../bench/loopTables/loopSchema';
import { loopTables } from '../../bench/loopTables/tables';
import { createDatabase, type TestDatabase } from '../run/database';

const POS = (7n << 22n) + 3n;

describe('the comparison of what two systems wrote', () => {
  let database: TestDatabase;
  let client: Client;
  let ours: Digest;
  beforeAll(async () => {
    database = await createDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
    await createLoopTables(client);
    await client.query(
      `insert into ${LOOP_SCHEMA}.claim values
         (1, $1, 1000, '\\x01', '\\xaa', '\\xbb', '\\xcc', 5), (1, $2, 1000, '\\x02', '\\xaa', '\\xbb', '\\xcc', 7)`,
      [POS, POS + 1n],
    );
    // As a peer has them: hex as text, places in two columns, an id of its own, numbers of other types.
    await client.query('create schema peer');
    for (const { name } of loopTables) {
      if (name !== 'claim') await client.query(`create table peer.${name} (like ${LOOP_SCHEMA}.${name})`);
    }
    await client.query(
      `create table peer.claim (id text primary key, block_number integer, log_index integer, timestamp integer,
         tx_hash text, pool_id text, beneficiary text, recipient text, amount numeric(78,0))`,
    );
    ours = await digestOf(client, LOOP_SCHEMA);
  });
  afterAll(async () => {
    await client.end();
    await database.close();
  });
  beforeEach(() => client.query('truncate peer.claim'));

  async function differencesWith(...rows: [logIndex: number, tx: string, amount: number][]): Promise<string[]> {
    for (const [logIndex, tx, amount] of rows) {
      await client.query(`insert into peer.claim values ($1, 7, $2, 1000, $3, '0xaa', '0xbb', '0xcc', $4)`, [
        `7-${logIndex}`,
        logIndex,
        tx,
        amount,
      ]);
    }
    return differences({ name: 'ours', digest: ours }, { name: 'peer', digest: await digestOf(client, 'peer') });
  }

  it('finds nothing where the rows are the same, whatever their order and types', async () => {
    expect(await differencesWith([4, '0x02', 7], [3, '0x01', 5])).toEqual([]);
  });

  it('names the table and the column of a value that differs', async () => {
    const found = await differencesWith([3, '0x01', 5], [4, '0x02', 8]);
    expect(found).toContain('claim amount: sum: ours 12, peer 13');
    expect(found.map((line) => line.split(':')[0])).toEqual(['claim amount', 'claim amount']);
  });

  it('finds values that changed places though their sum is the same', async () => {
    const found = await differencesWith([3, '0x01', 7], [4, '0x02', 5]);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^claim amount: digest: /);
  });

  it('finds a row that is missing', async () => {
    expect(await differencesWith([3, '0x01', 5])).toContain('claim rows: ours 2, peer 1');
  });

  it('refuses a table without a column', async () => {
    await client.query('alter table peer.claim rename column recipient to receiver');
    await expect(digestOf(client, 'peer')).rejects.toThrow('table claim has no column recipient');
    await client.query('alter table peer.claim rename column receiver to recipient');
  });
});
