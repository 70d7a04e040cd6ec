import { comparePlaces, type Json, type JsonObject, type Row } from './json';

export interface ListQuery {
  /** A filter of the contract, as GraphQL variables have it. */
  where?: JsonObject;
  /** direction is DESC by default; `token` in orders by money. */
  orderBy?: { field: string; direction?: 'ASC' | 'DESC'; token?: string };
}

const POSITIONS = ['CREATED', 'SUBMITTED', 'SETTLED', 'POSITION', 'FIRST_SEEN'];
/** These list only rows of the token; other orders by money put rows without it last. */
const OF_TOKEN_ONLY = ['FEE', 'AMOUNT'];

/** What a list of the contract answers: filters are AND, the newest first by default, ties in the same direction. */
export function listed(rows: Row[], { where = {}, orderBy }: ListQuery): Row[] {
  const found = rows.filter((row) => Object.entries(where).every(([field, filter]) => matches(row, field, filter)));
  const sign = orderBy?.direction === 'ASC' ? 1 : -1;
  const inChainOrder = found.sort((a, b) => sign * comparePlaces(a.place, b.place));
  if (!orderBy || POSITIONS.includes(orderBy.field)) return inChainOrder;
  const { field, token } = orderBy;
  const first = inChainOrder[0];
  if (!first) return [];
  if (!(field in first.money)) return inChainOrder.sort((a, b) => sign * compare(a.orders[field]!, b.orders[field]!));
  if (!token) throw new Error(`an order by ${field} needs a token`);
  const amount = (row: Row) => row.money[field]?.get(token) ?? null;
  const having = inChainOrder.filter((row) => amount(row) !== null);
  const without = inChainOrder.filter((row) => amount(row) === null);
  having.sort((a, b) => sign * compare(amount(a), amount(b)));
  return OF_TOKEN_ONLY.includes(field) ? having : [...having, ...without];
}

/** Null sorts as lowest. */
function compare(a: bigint | number | null, b: bigint | number | null): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

function matches(row: Row, field: string, filter: Json): boolean {
  if (filter === null) return true;
  if (field === 'name' && 'name' in row.node && !('name' in row.keys)) return nameMatches(row.node['name'], filter);
  const keys = row.keys[field];
  if (keys) return keyMatches(keys, filter);
  const value = row.ranges[field];
  if (value === undefined) throw new Error(`no filter ${field}`);
  return rangeMatches(value, filter as JsonObject);
}

/** { eq, in }, or a bare enum, hash, id or boolean. Addresses and ids in any case. */
function keyMatches(keys: (string | null)[], filter: Json): boolean {
  const { eq, in: among } = typeof filter === 'object' ? (filter as JsonObject) : { eq: filter, in: undefined };
  const has = (wanted: Json) => keys.includes(anyCase(String(wanted)));
  return (eq == null || has(eq)) && (among == null || (among as Json[]).some(has));
}

function anyCase(wanted: string): string {
  return wanted.includes('0x') ? wanted.toLowerCase() : wanted;
}

/** Only contains and startsWith ignore case. */
function nameMatches(name: Json | undefined, filter: Json): boolean {
  if (typeof name !== 'string') return Object.keys(filter as JsonObject).length === 0;
  const { eq, in: among, contains, startsWith } = filter as JsonObject;
  const lower = name.toLowerCase();
  return (
    (eq == null || name === eq) &&
    (among == null || (among as Json[]).includes(name)) &&
    (contains == null || lower.includes(String(contains).toLowerCase())) &&
    (startsWith == null || lower.startsWith(String(startsWith).toLowerCase()))
  );
}

/** Integers, or times, which are compared in milliseconds. */
function rangeMatches(value: bigint, filter: JsonObject): boolean {
  const bound = (wanted: Json) =>
    typeof wanted === 'string' && !/^-?\d+$/.test(wanted)
      ? BigInt(Date.parse(wanted))
      : BigInt(wanted as string | number);
  return Object.entries(filter).every(([operator, wanted]) => {
    if (wanted === null) return true;
    switch (operator) {
      case 'eq':
        return value === bound(wanted);
      case 'in':
        return (wanted as Json[]).some((one) => value === bound(one));
      case 'gt':
        return value > bound(wanted);
      case 'gte':
        return value >= bound(wanted);
      case 'lt':
        return value < bound(wanted);
      case 'lte':
        return value <= bound(wanted);
      default:
        throw new Error(`no operator ${operator}`);
    }
  });
}
