import { ensureEventTypes } from '../../indexer/store/eventTypes';
import { ContractSet } from '../../schema/contractSet';
import { profiles } from '../../schema/profiles';
import { createDatabase } from '../run/database';

test('any number of starts takes one id for each type of event', async () => {
  const database = await createDatabase();
  const client = await database.pool.connect();
  const contracts = Object.entries(profiles).flatMap(([profile, { contracts: names }]) =>
    Object.keys(names).map((contract) => ({ profile, contract, address: `0x${'11'.repeat(20)}`, startBlock: 0 })),
  );
  const { eventTypes } = new ContractSet(contracts, profiles);
  await ensureEventTypes(client, eventTypes.slice(0, 5));
  const first = await ensureEventTypes(client, eventTypes);
  for (let i = 0; i < 3; i++) expect(await ensureEventTypes(client, eventTypes)).toEqual(first);
  expect([...first.values()].sort((a, b) => a - b)).toEqual(Array.from(first, (_, i) => i + 1));
  const { rows } = await client.query(`select nextval(pg_get_serial_sequence('event_type', 'id')) as next`);
  expect(rows[0].next).toBe(BigInt(first.size + 1));
  client.release();
  await database.close();
});
