import { contractKey, eventTypeKey, transactionKey } from '../../schema/posting';
import { subjectKey } from '../../schema/subject';
import { toBytes, toHex } from '../bytes';
import type { Connection, PageArgs } from '../connection';
import type { Context } from '../context';
import { badUserInput } from '../errors';
import { argsOf, type EventRow, eventName, subjectIds } from '../eventContent';
import { type ParsedId, parseId, placedId } from '../ids';
import { provenanceAt } from '../provenance';
import { sql } from '../sql';
import type { ChainEvent, EventFilter } from '../types/event';
import { eachOf, Filter, oneOf } from './lists/filter';
import { listConnection } from './lists/listConnection';
import { isPostedAs, type KeyFilter, leadOf } from './lists/postings';

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

/** The events of a transaction, in chain order; of two chains, if both know its hash. @param after the first if undefined */
export function eventsOfTransaction(
  context: Context,
  hash: Buffer,
  after: Pick<EventRow, 'chain_id' | 'pos'> | undefined,
  limit: number,
): Promise<EventRow[]> {
  return context.snapshot.query<EventRow>(sql`
    select ${columns}
    from (
      select s.chain_id, u.pos
      from posting s
      cross join lateral unnest(s.positions) u (pos)
      where s.subject = ${transactionKey(hash)}::bytea
        and (s.chain_id, u.pos) > (${after?.chain_id ?? -1}::integer, ${after?.pos ?? -1n}::bigint)
      order by s.chain_id, u.pos
      limit ${limit}
    ) s
    join event e on e.chain_id = s.chain_id and e.pos = s.pos
    join event_type t on t.id = e.event_type
    order by e.chain_id, e.pos`);
}

export async function events(
  context: Context,
  args: PageArgs,
  where: EventFilter | null | undefined,
): Promise<Connection<ChainEvent>> {
  const filter = await Filter.of(context, where);
  const filters: KeyFilter[] = [];
  const types = await eventTypes(context, oneOf(where?.name));
  if (types) filters.push({ keys: types.map(eventTypeKey), test: sql`e.event_type = any(${types}::smallint[])` });
  const contracts = oneOf(where?.contract)?.map(toBytes);
  if (contracts) filters.push({ keys: contracts.map(contractKey), test: sql`e.contract = any(${contracts}::bytea[])` });
  for (const addresses of eachOf(where?.account)) {
    const accounts = addresses.map((key) => subjectKey({ kind: 'account', key }));
    filters.push({ keys: accounts, test: isPostedAs(accounts) });
  }
  if (typeof where?.subject === 'string') {
    const subject = eventSubject(where.subject);
    const keys = subject ? [subject.key] : [];
    const chainId = subject?.chainId ?? null;
    if (chainId !== null) filter.chainIds = filter.chainIds.filter((each) => each === chainId);
    filters.push({ keys, test: isPostedAs(keys) });
  }
  const lead = await leadOf(context, filter.chainIds, filters);
  const tests = filters.flatMap((each) => (each === lead?.filter ? [] : [each.test]));
  const pos = lead ? sql`s.pos` : sql`e.pos`;
  filter.block(pos, where?.block);
  const tables = sql`event e join event_type t on t.id = e.event_type`;
  return listConnection<EventRow, ChainEvent>(
    context,
    args,
    {
      name: 'events',
      columns,
      from: lead
        ? (span) => sql`${lead.from(span)} join (${tables}) on e.chain_id = s.chain_id and e.pos = s.pos`
        : tables,
      countFrom: tests.length === 0 ? lead?.from : undefined,
      where: [lead ? sql`s.chain_id = p.chain_id` : sql`e.chain_id = p.chain_id`, ...tests, ...filter.where],
      pos,
      prefix: lead?.prefix,
      direction: 'DESC',
      given: filter.given,
      range: filter.range,
    },
    { chainIds: filter.chainIds, key: null },
    (row) => chainEventOf(context, row),
  );
}

/** The ids of the types with those names, null for no filter. */
async function eventTypes(context: Context, names: string[] | null): Promise<number[] | null> {
  if (names === null) return null;
  const known = names.filter((name) => !name.includes('\0'));
  const rows = await context.snapshot.query<{ id: number }>(
    sql`select t.id from event_type t where t.name = any(${known}::text[])`,
  );
  return rows.map(({ id }) => id);
}

/** What posting calls the thing of that id; null where events name no such things (rewards, tokens). */
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
