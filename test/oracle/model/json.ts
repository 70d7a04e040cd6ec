/** What a GraphQL answer is made of. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export type JsonObject = { [key: string]: Json };

/** Where a row stands among all rows: by block timestamp, then chain, then order in the chain, then item of the log. */
export interface Place {
  timestamp: number;
  chainId: number;
  seq: number;
  item: number;
}

/** A row of a list: the object that the API answers, and what filters and orders look at. */
export interface Row {
  node: JsonObject;
  place: Place;
  /** For filters by equality; ids and addresses in lower case. A key may name what doesn't exist. */
  keys: Record<string, (string | null)[]>;
  /** For filters by range: integers, or times in milliseconds. */
  ranges: Record<string, bigint>;
  /** For orders by a number; null sorts lowest. */
  orders: Record<string, bigint | number | null>;
  /** For orders by money, per token id. */
  money: Record<string, Map<string, bigint>>;
}

export function comparePlaces(a: Place, b: Place): number {
  return a.timestamp - b.timestamp || a.chainId - b.chainId || a.seq - b.seq || a.item - b.item;
}

/** A connection is compared by its first page. */
export const PAGE = 100;

/** The node fields of an entity's connections: their first page, newest first, and in `totals` how many there are. */
export function connections(lists: Record<string, { place: Place; node: Json }[]>): JsonObject {
  const fields: JsonObject = {};
  const totals: JsonObject = {};
  for (const [name, items] of Object.entries(lists)) {
    const newestFirst = [...items].sort((a, b) => comparePlaces(b.place, a.place));
    fields[name] = newestFirst.slice(0, PAGE).map((item) => item.node);
    totals[name] = items.length;
  }
  return { ...fields, totals };
}

/** Numbers are compared to 12 digits: a ratio may be divided in SQL or here. */
export function float(value: number): number {
  return Number(value.toPrecision(12));
}

/** part / whole to 12 digits, for integers of any size. */
export function ratio(part: bigint, whole: bigint): number {
  return float(Number((part * 10n ** 100n) / whole) / 1e100);
}

export function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

export function idOf(type: string, chainId: number, key: bigint | string): string {
  return `${type}:${chainId}:${key}`;
}

export function accountId(address: string): string {
  return `account:${address.toLowerCase()}`;
}
