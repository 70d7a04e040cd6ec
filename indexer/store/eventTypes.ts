import type { ClientBase } from 'pg';
import type { EventType } from '../../schema/contractSet';
import type { EventTypeIds } from './factBatch';

/**
 * Gives every event of the configured contracts its row in event_type. Rows are never changed: events refer to them. Only
 * what is missing takes an id: a conflict would take one too, and of smallints there are enough for some hundred starts.
 */
export async function ensureEventTypes(client: ClientBase, types: readonly EventType[]): Promise<EventTypeIds> {
  const unique = new Map(types.map((type) => [keyOf(type.profile, type.contract, type.decoder.fragment), type]));
  const wanted = [...unique.values()];
  await client.query(
    `insert into event_type (profile, contract, name, fragment)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as wanted (profile, contract, name, fragment)
     where not exists (
       select from event_type t
       where t.profile = wanted.profile and t.contract = wanted.contract and t.fragment = wanted.fragment
     )
     on conflict do nothing`,
    [
      wanted.map(({ profile }) => profile),
      wanted.map(({ contract }) => contract),
      wanted.map(({ decoder }) => decoder.name),
      wanted.map(({ decoder }) => decoder.fragment),
    ],
  );
  const { rows } = await client.query<{ id: number; profile: string; contract: string; fragment: string }>(
    'select id, profile, contract, fragment from event_type',
  );
  const ids = new Map(rows.map(({ id, profile, contract, fragment }) => [keyOf(profile, contract, fragment), id]));
  return new Map(
    types.map((type) => [type, ids.get(keyOf(type.profile, type.contract, type.decoder.fragment)) as number]),
  );
}

function keyOf(profile: string, contract: string, fragment: string): string {
  return `${profile}/${contract}/${fragment}`;
}
