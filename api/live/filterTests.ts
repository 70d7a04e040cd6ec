import type { fundingSources } from '../../schema/codes';
import { subjectKey } from '../../schema/subject';
import { toHex } from '../bytes';
import { badUserInput } from '../errors';
import { parseId } from '../ids';
import { eventSubject } from '../queries/events';
import { eachOf, oneOf } from '../queries/lists/filter';
import type { AddressFilter, BigIntFilter, ChainFilter, DateTimeFilter, IDFilter, IntFilter } from '../types/filters';
import type { KindName } from './judged';
import type { LiveItem } from './liveItem';
import type { PlacedBlock } from './placedBlocks';

export type Maybe<T> = T | null | undefined;
type FundingSource = (typeof fundingSources)[number] | 'UNKNOWN';
const MOST_UINT256 = 2n ** 256n - 1n;

/** Events that name one of the subjects, or are of a type with one of the names. */
export interface Postings {
  subjects: readonly Buffer[];
  names: readonly string[];
}

/** Rewards whose own row says so; what is null says nothing. */
export interface RewardBounds {
  /** Amounts. */
  least: bigint | null;
  most: bigint | null;
  role: number | null;
  /** A part of it has that source. */
  source: FundingSource | null;
}

/** By what the events are found whose items may match: by what is posted of them (schema/posting.ts), or in `reward`. */
export type Found = ({ by: 'postings' } & Postings) | ({ by: 'rewards' } & RewardBounds);

/** A `where` as a function, and where to look for what it takes. */
export interface LiveFilter<Kind extends KindName = KindName> {
  /** Ids one of which every item that matches has among its keys; null: any item may match. */
  keys: readonly string[] | null;
  /** null: all that there is has to be read. */
  found: Found | null;
  /** False for a block that holds nothing that matches. */
  takes(block: PlacedBlock): boolean;
  /** No item is there that doesn't match. */
  wantsAll: boolean;
  matches(item: LiveItem<Kind>): boolean;
}

/** Collects the tests of a `where`; its fields are AND, and a field that is null says nothing. */
export class Tests<Kind extends KindName> {
  private readonly tests: ((item: LiveItem<Kind>) => boolean)[] = [];
  private keys: readonly string[] | null = null;
  private found: Found | null = null;
  private readonly ofBlocks: ((block: PlacedBlock) => boolean)[] = [];

  add(test: (item: LiveItem<Kind>) => boolean): void {
    this.tests.push(test);
  }

  /** The first that is given leads: ask for what is rarest first. */
  lead(keys: readonly string[]): void {
    this.keys ??= keys;
  }

  chain(filter: Maybe<ChainFilter>): void {
    const chains = oneOf(filter);
    if (chains) this.ofBlock(({ chainId }) => chains.includes(chainId));
  }

  /** Of the block of the event, which needn't be that of what it changed. */
  ofBlock(test: (block: PlacedBlock) => boolean): void {
    this.ofBlocks.push(test);
    this.add(({ block }) => test(block));
  }

  /** The same, for how events are found: only of what each event of a matching item names itself. */
  find({ subjects = [], names = [] }: Partial<Postings>): void {
    this.found ??= { by: 'postings', subjects, names };
  }

  /** As `find`, where nothing is posted that says as much. */
  bound(this: Tests<'rewards'>, bounds: RewardBounds): void {
    if (Object.values(bounds).some((bound) => bound !== null)) this.found ??= { by: 'rewards', ...bounds };
  }

  account(filter: Maybe<AddressFilter>, of: (judged: LiveItem<Kind>['judged']) => string): void {
    const addresses = oneOf(filter);
    if (!addresses) return;
    this.lead(addresses.map((address) => `account:${address}`));
    const wanted = addresses.length === 1 ? addresses[0] : new Set(addresses);
    this.add(({ judged }) => (wanted instanceof Set ? wanted.has(of(judged)) : wanted === of(judged)));
  }

  /** @param isNamed each event of a matching item names it */
  id(type: string, filter: Maybe<IDFilter>, idsOf: (item: LiveItem<Kind>) => readonly string[], isNamed = false): void {
    for (const wanted of eachOf(filter)) {
      const known = new Set(
        wanted.map((id) => canonical(`where.${type}`, id)).filter((id) => id.startsWith(`${type}:`)),
      );
      this.lead([...known]);
      if (isNamed) this.find({ subjects: subjectPostings([...known]) });
      this.add((item) => idsOf(item).some((id) => known.has(id)));
    }
  }

  /** @param of what the item is of; without it the event's block is meant */
  block(filter: Maybe<IntFilter>, of?: (item: LiveItem<Kind>) => number): void {
    if (!filter) return;
    if (of) this.add((item) => within(of(item), filter));
    else this.ofBlock(({ number }) => within(Number(number), filter));
  }

  /** @param secondsOf as for `block` */
  time(filter: Maybe<DateTimeFilter>, secondsOf?: (item: LiveItem<Kind>) => number): void {
    if (!filter) return;
    const { gte, lt } = filter;
    const isWithin = (seconds: number) =>
      (!gte || seconds * 1000 >= gte.getTime()) && (!lt || seconds * 1000 < lt.getTime());
    if (secondsOf) this.add((item) => isWithin(secondsOf(item)));
    else this.ofBlock(({ timestamp }) => isWithin(Number(timestamp)));
  }

  filter(): LiveFilter<Kind> {
    const { keys, found, ofBlocks, tests } = this;
    const [only] = tests;
    const matches = only && tests.length === 1 ? only : (item: LiveItem<Kind>) => tests.every((test) => test(item));
    const takes = (block: PlacedBlock) => ofBlocks.every((test) => test(block));
    return { keys, found, takes, wantsAll: tests.length === 0, matches };
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

/** The least and the most that may be within; null: any. */
export function boundsOf(filter: Maybe<BigIntFilter>): { least: bigint | null; most: bigint | null } {
  const { gt, gte, lt, lte } = filter ?? {};
  const wanted = oneOf(filter);
  const least = [given(gt) ? gt + 1n : null, gte, wanted && smallest(wanted)].filter(given);
  const most = [given(lt) ? lt - 1n : null, lte, wanted && largest(wanted)].filter(given);
  return { least: least.length > 0 ? largest(least) : null, most: most.length > 0 ? smallest(most) : null };
}

/** Nothing is among no values. */
const ascending = (values: readonly bigint[]) => [...values].sort((a, b) => Number(a > b) - Number(a < b));
const smallest = (values: readonly bigint[]) => ascending(values)[0] ?? MOST_UINT256;
const largest = (values: readonly bigint[]) => ascending(values).at(-1) ?? -1n;

/** What is posted of the events that name one of these; nothing names a thing of another type. */
export const subjectPostings = (ids: readonly string[]): Buffer[] => ids.flatMap((id) => eventSubject(id)?.key ?? []);
export const accountPostings = (addresses: readonly string[]): Buffer[] =>
  addresses.map((key) => subjectKey({ kind: 'account', key }));
export const contractKey = (contract: Buffer | string): string =>
  `contract:${typeof contract === 'string' ? contract : toHex(contract)}`;
export const nameKey = (name: string): string => `name:${name}`;
