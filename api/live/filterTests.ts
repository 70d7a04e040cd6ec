import { subjectKey } from '../../schema/subject';
import { toHex } from '../bytes';
import { badUserInput } from '../errors';
import { parseId } from '../ids';
import { oneOf } from '../queries/filter';
import type { AddressFilter, BigIntFilter, ChainFilter, DateTimeFilter, IDFilter, IntFilter } from '../types/filters';
import type { KindName } from './judged';
import type { LiveItem } from './liveItem';

export type Maybe<T> = T | null | undefined;

/** Events that name one of the subjects, or are of a type with one of the names. */
export interface Postings {
  subjects: readonly Buffer[];
  names: readonly string[];
}

/** A `where` as a function, and where to look for what it takes. */
export interface LiveFilter<Kind extends KindName = KindName> {
  /** Ids one of which every item that matches has among its keys; null: any item may match. */
  keys: readonly string[] | null;
  /** By what the events are found whose items may match (schema/posting.ts); null: by reading all of them. */
  postings: Postings | null;
  /** No item is there that doesn't match. */
  wantsAll: boolean;
  matches(item: LiveItem<Kind>): boolean;
}

/** Collects the tests of a `where`; its fields are AND, and a field that is null says nothing. */
export class Tests<Kind extends KindName> {
  private readonly tests: ((item: LiveItem<Kind>) => boolean)[] = [];
  private keys: readonly string[] | null = null;
  private postings: Postings | null = null;

  add(test: (item: LiveItem<Kind>) => boolean): void {
    this.tests.push(test);
  }

  /** The first that is given leads: ask for what is rarest first. */
  lead(keys: readonly string[]): void {
    this.keys ??= keys;
  }

  chain(filter: Maybe<ChainFilter>): void {
    const chains = oneOf(filter);
    if (chains) this.add(({ block }) => chains.includes(block.chainId));
  }

  /** The same, for how events are found: only of what each event of a matching item names itself. */
  find({ subjects = [], names = [] }: Partial<Postings>): void {
    this.postings ??= { subjects, names };
  }

  account(filter: Maybe<AddressFilter>, of: (judged: LiveItem<Kind>['judged']) => string): void {
    const addresses = oneOf(filter);
    if (!addresses) return;
    this.lead(addresses.map((address) => `account:${address}`));
    const wanted = addresses.length === 1 ? addresses[0] : new Set(addresses);
    this.add(({ judged }) => (wanted instanceof Set ? wanted.has(of(judged)) : wanted === of(judged)));
  }

  /** A row may have several ids of a type (a reward of two datanets), so eq and in are tests of their own. */
  id(type: string, filter: Maybe<IDFilter>, idsOf: (item: LiveItem<Kind>) => readonly string[]): void {
    for (const wanted of [given(filter?.eq) ? [filter.eq] : null, filter?.in ?? null]) {
      if (wanted === null) continue;
      const known = new Set(
        wanted.map((id) => canonical(`where.${type}`, id)).filter((id) => id.startsWith(`${type}:`)),
      );
      this.lead([...known]);
      this.add((item) => idsOf(item).some((id) => known.has(id)));
    }
  }

  block(filter: Maybe<IntFilter>, of: (item: LiveItem<Kind>) => number): void {
    if (filter) this.add((item) => within(of(item), filter));
  }

  time(filter: Maybe<DateTimeFilter>, secondsOf: (item: LiveItem<Kind>) => number): void {
    if (!filter) return;
    const { gte, lt } = filter;
    this.add((item) => {
      const ms = secondsOf(item) * 1000;
      return (!gte || ms >= gte.getTime()) && (!lt || ms < lt.getTime());
    });
  }

  filter(): LiveFilter<Kind> {
    const { keys, postings, tests } = this;
    const [only] = tests;
    const matches = only && tests.length === 1 ? only : (item: LiveItem<Kind>) => tests.every((test) => test(item));
    return { keys, postings, wantsAll: tests.length === 0, matches };
  }
}

/** The id as this API writes it. @throws BAD_USER_INPUT */
export function canonical(argument: string, id: string): string {
  if (!parseId(id)) throw badUserInput(argument, 'expected an id like "datanet:1612:7"');
  return id.toLowerCase();
}

export function within<T extends number | bigint>(
  value: T,
  filter: T extends bigint ? BigIntFilter : IntFilter,
): boolean {
  const { gt, gte, lt, lte } = filter as { [Key in 'gt' | 'gte' | 'lt' | 'lte']?: Maybe<T> };
  const wanted = oneOf(filter as { eq?: T | null; in?: T[] | null });
  return (
    (wanted === null || wanted.includes(value)) &&
    (!given(gt) || value > gt) &&
    (!given(gte) || value >= gte) &&
    (!given(lt) || value < lt) &&
    (!given(lte) || value <= lte)
  );
}

export function given<T>(value: Maybe<T>): value is T {
  return value !== null && value !== undefined;
}

export const accountPostings = (addresses: readonly string[]): Buffer[] =>
  addresses.map((key) => subjectKey({ kind: 'account', key }));
export const contractKey = (contract: Buffer | string): string =>
  `contract:${typeof contract === 'string' ? contract : toHex(contract)}`;
export const nameKey = (name: string): string => `name:${name}`;
