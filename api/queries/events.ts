import { subjectKey } from '../../schema/subject';
import { toHex } from '../bytes';
import type { Connection, PageArgs } from '../connection';
import type { Context } from '../context';
import { badUserInput } from '../errors';
import { argsOf, type EventRow, eventName, subjectIds } from '../eventContent';
import { type ParsedId, parseId, placedId } from '../ids';
import { provenanceAt } from '../provenance';
import { type Sql, sql } from '../sql';
import type { ChainEvent, EventFilter } from '../types/event';
import { Filter, oneOf } from './filter';
import { listConnection } from './listConnection';

const columns = sql`e.chain_id, e.pos, e.tx_hash, e.contract, t.fragment, e.topics, e.data`;

export function chainEventOf(context: Context, row: EventRow): ChainEvent {
  return {
    id: placedId('event', row.chain_id, row.pos),
    name: eventName(row.fragment),
    contract: row.contract,
    args: () => argsOf(row),
    at: () => provenanceAt(context, row.chain_id, row.pos),
    subjects: () => subjectIds(row),
  };
}

/** The event at that position; null where none is. */
export async function eventAt(context: Context, chainId: number, pos: bigint): Promise<ChainEvent | null> {
  const row = await context
    .loader<{ chainId: number; pos: bigint }, EventRow | null>(
      'event',
      async (keys) => {
        const rows = await context.snapshot.query<EventRow>(sql`
          select ${columns}
          from unnest(${keys.map((key) => key.chainId)}::integer[], ${keys.map((key) => key.pos)}::bigint[])
            as k (chain_id, pos)
          join event e on e.chain_id = k.chain_id and e.pos = k.pos
          join event_type t on t.id = e.event_type`);
        const found = new Map(rows.map((each) => [`${each.chain_id}:${each.pos}`, each]));
        return keys.map((key) => found.get(`${key.chainId}:${key.pos}`) ?? null);
      },
      (key) => `${key.chainId}:${key.pos}`,
    )
    .load({ chainId, pos });
  return row && chainEventOf(context, row);
}

/** The events of a transaction, in chain order; of two chains, if both know its hash. */
export function eventsOfTransaction(context: Context, hash: Buffer, limit: number): Promise<EventRow[]> {
  return context.snapshot.query<EventRow>(sql`
    select ${columns}
    from event e
    join event_type t on t.id = e.event_type
    where e.tx_hash = ${hash}::bytea
    order by e.chain_id, e.pos
    limit ${limit}`);
}

export async function events(
  context: Context,
  args: PageArgs,
  where: EventFilter | null | undefined,
): Promise<Connection<ChainEvent>> {
  const filter = await Filter.of(context, where);
  const types = await eventTypes(context, oneOf(where?.name));
  if (types?.length === 1) filter.add(sql`e.event_type = ${types[0]}::smallint`);
  else if (types) filter.add(sql`e.event_type = any(${types}::smallint[])`);
  filter.address(sql`e.contract`, where?.contract);
  filter.block(sql`e.pos`, where?.block);
  const named: Sql[] = [];
  const accounts = oneOf(where?.account);
  if (accounts) named.push(isAnyOf(accounts.map((key) => subjectKey({ kind: 'account', key }))));
  if (typeof where?.subject === 'string') {
    const subject = eventSubject(where.subject);
    if (subject === null) named.push(sql`false`);
    else {
      const { chainId } = subject;
      if (chainId !== null) filter.chainIds = filter.chainIds.filter((each) => each === chainId);
      named.push(isAnyOf([subject.key]));
    }
  }
  const [first, ...rest] = named;
  // One subject leads through its own index, in chain order; further ones are tests.
  for (const test of rest) {
    filter.add(sql`exists (
      select from event_subject s where s.chain_id = e.chain_id and s.pos = e.pos and ${test}
    )`);
  }
  const alone = first !== undefined && (accounts === null || accounts.length === 1);
  if (first !== undefined && !alone) {
    filter.add(sql`exists (
      select from event_subject s where s.chain_id = e.chain_id and s.pos = e.pos and ${first}
    )`);
  }
  return listConnection<EventRow, ChainEvent>(
    context,
    args,
    {
      name: 'events',
      columns,
      from: alone
        ? sql`event_subject s
            join event e on e.chain_id = s.chain_id and e.pos = s.pos
            join event_type t on t.id = e.event_type`
        : sql`event e join event_type t on t.id = e.event_type`,
      where: alone
        ? [sql`s.chain_id = p.chain_id`, first, ...filter.where]
        : [sql`e.chain_id = p.chain_id`, ...filter.where],
      pos: alone ? sql`s.pos` : sql`e.pos`,
      direction: 'DESC',
      given: filter.given,
      range: filter.range,
    },
    { chainIds: filter.chainIds, key: null },
    (row) => chainEventOf(context, row),
  );
}

function isAnyOf(keys: Buffer[]): Sql {
  return keys.length === 1 ? sql`s.subject = ${keys[0]}::bytea` : sql`s.subject = any(${keys}::bytea[])`;
}

/** The ids of the types with those names, so that the index by type can serve one of them; null for no filter. */
async function eventTypes(context: Context, names: string[] | null): Promise<number[] | null> {
  if (names === null) return null;
  const known = names.filter((name) => !name.includes('\0'));
  const rows = await context.snapshot.query<{ id: number }>(
    sql`select t.id from event_type t where t.name = any(${known}::text[])`,
  );
  return rows.map(({ id }) => id);
}

/** What event_subject calls the thing of that id; null where events name no such things (rewards, tokens). */
export function eventSubject(id: string): { chainId: number | null; key: Buffer } | null {
  const parsed: ParsedId | null = parseId(id);
  if (!parsed) throw badUserInput('where.subject', 'expected an id like "datanet:1612:7"');
  switch (parsed.type) {
    case 'account':
      return { chainId: null, key: subjectKey({ kind: 'account', key: toHex(parsed.address) }) };
    case 'inference':
    case 'pool':
      return { chainId: parsed.chainId, key: subjectKey({ kind: parsed.type, key: toHex(parsed.key) }) };
    case 'datanet':
    case 'contribution':
    case 'model':
    case 'adapter':
    case 'dispute':
      return { chainId: parsed.chainId, key: subjectKey({ kind: parsed.type, key: String(parsed.key) }) };
    default:
      return null;
  }
}
