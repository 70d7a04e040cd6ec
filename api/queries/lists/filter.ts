import { type Codes, codeOf, knownCodes, UNKNOWN } from '../../../schema/codes';
import { firstPositionOf } from '../../../schema/position';
import { toBytes } from '../../bytes';
import type { Context } from '../../context';
import { badUserInput } from '../../errors';
import { type HashedType, type NumberedType, parseIdOf } from '../../ids';
import { any, type Sql, sql } from '../../sql';
import type {
  AddressFilter,
  BigIntFilter,
  ChainFilter,
  DateTimeFilter,
  IDFilter,
  IntFilter,
  NameFilter,
} from '../../types/filters';
import { type PositionRange, wholeRange } from './listing';
import { positionAt } from './positionAt';

type Maybe<T> = T | null | undefined;
/** Which rows have that key, said of one column. */
export type KeyTest = (column: Sql) => Sql;

/**
 * Collects what the fields of a `where` say about a Listing: which chains are left, conditions, and the bounds of
 * positions that stand for times and blocks. Fields are AND; a field that is null says nothing.
 */
export class Filter {
  readonly where: Sql[] = [];
  private readonly ranges = new Map<number, PositionRange>();

  private constructor(
    private readonly context: Context,
    public chainIds: number[],
    /** The fields that say something, as the client wrote them. */
    readonly given: readonly string[],
  ) {}

  /** `within`: the chains that the list's parent is on; by default all that are indexed. */
  static async of(
    context: Context,
    where: Maybe<{ chainId?: ChainFilter | null }>,
    within?: readonly number[] | null,
  ): Promise<Filter> {
    const chainIds = within ?? (await context.chainIds());
    const wanted = oneOf(where?.chainId);
    return new Filter(
      context,
      chainIds.filter((chainId) => wanted === null || wanted.includes(chainId)),
      Object.entries(where ?? {}).flatMap(([field, value]) => (isGiven(value) ? [`where.${field}`] : [])),
    );
  }

  get range(): ReadonlyMap<number, PositionRange> | undefined {
    return this.ranges.size > 0 ? this.ranges : undefined;
  }

  add(condition: Sql): void {
    this.where.push(condition);
  }

  address(column: Sql, filter: Maybe<AddressFilter>): void {
    const wanted = oneOf(filter)?.map(toBytes);
    if (!wanted) return;
    this.add(wanted.length === 1 ? sql`${column} = ${wanted[0]}::bytea` : sql`${column} = any(${wanted}::bytea[])`);
  }

  hash(column: Sql, value: Maybe<string>): void {
    if (value) this.add(sql`${column} = ${toBytes(value)}::bytea`);
  }

  /** UNKNOWN is every code without a name. */
  code(column: Sql, codes: Codes<string>, name: Maybe<string>): void {
    if (!name) return;
    const code = codeOf(codes, name);
    if (code !== undefined) this.add(sql`${column} = ${code}::smallint`);
    else if (name === UNKNOWN) this.add(sql`${column} <> all(${knownCodes(codes)}::smallint[])`);
  }

  amount(column: Sql, filter: Maybe<BigIntFilter>): void {
    if (!filter) return;
    const wanted = oneOf(filter);
    if (wanted) this.add(sql`${column} = any(${wanted}::numeric[])`);
    if (isGiven(filter.gt)) this.add(sql`${column} > ${filter.gt}::numeric`);
    if (isGiven(filter.gte)) this.add(sql`${column} >= ${filter.gte}::numeric`);
    if (isGiven(filter.lt)) this.add(sql`${column} < ${filter.lt}::numeric`);
    if (isGiven(filter.lte)) this.add(sql`${column} <= ${filter.lte}::numeric`);
  }

  /** An id of another type matches nothing. @throws BAD_USER_INPUT for what is no id. */
  id(argument: string, type: NumberedType | HashedType, filter: Maybe<IDFilter>, match: (is: KeyTest) => Sql): void {
    this.idOf(argument, [type], filter, (_, is) => match(is));
  }

  /** As `id`, where ids of several types are meant. */
  idOf<Type extends NumberedType | HashedType>(
    argument: string,
    types: readonly Type[],
    filter: Maybe<IDFilter>,
    match: (type: Type, is: KeyTest) => Sql,
  ): void {
    for (const wanted of eachOf(filter)) this.anyOf(argument, types, wanted, match);
  }

  private anyOf<Type extends NumberedType | HashedType>(
    argument: string,
    types: readonly Type[],
    wanted: readonly string[],
    match: (type: Type, is: KeyTest) => Sql,
  ): void {
    const parsed = wanted.flatMap((id) => {
      const found = types.map((type) => parseIdOf<NumberedType | HashedType>(type, id, argument));
      return found.filter((each) => each !== null);
    });
    this.chainIds = this.chainIds.filter((chainId) => parsed.some((id) => id.chainId === chainId));
    const conditions = this.chainIds.flatMap((chainId) =>
      types.flatMap((type) => {
        const keys = parsed.filter((id) => id.chainId === chainId && id.type === type).map(({ key }) => key);
        if (keys.length === 0) return [];
        const condition = match(type, (column) => equals(column, keys));
        return [this.chainIds.length === 1 ? condition : sql`(p.chain_id = ${chainId}::integer and ${condition})`];
      }),
    );
    const [only] = conditions;
    this.add(only && conditions.length === 1 ? only : any(conditions));
  }

  /** By the name that a metadata document gives, once it was fetched and its hash is the one in force. */
  name(hash: Sql, filter: Maybe<NameFilter>): void {
    if (!filter) return;
    const tests: Sql[] = [];
    const wanted = oneOf(filter)?.map((name) => text('where.name', name));
    if (wanted) tests.push(sql`doc.name = any(${wanted}::text[])`);
    if (isGiven(filter.contains)) {
      tests.push(
        sql`strpos(${folded(sql`doc.name`)}, ${folded(sql`${text('where.name', filter.contains)}::text`)}) > 0`,
      );
    }
    if (isGiven(filter.startsWith)) {
      const start = folded(sql`${text('where.name', filter.startsWith)}::text`);
      tests.push(sql`starts_with(${folded(sql`doc.name`)}, ${start})`);
    }
    for (const test of tests) {
      this.add(sql`exists (select from document doc where doc.hash = ${hash} and doc.state = 'fetched' and ${test})`);
    }
  }

  async time(filter: Maybe<DateTimeFilter>): Promise<void> {
    const { gte, lt } = filter ?? {};
    await Promise.all(
      this.chainIds.map(async (chainId) => {
        if (gte) this.narrow(chainId, { ...wholeRange, from: await positionAt(this.context, chainId, seconds(gte)) });
        if (lt) this.narrow(chainId, { ...wholeRange, to: await positionAt(this.context, chainId, seconds(lt)) });
      }),
    );
  }

  block(pos: Sql, filter: Maybe<IntFilter>): void {
    if (!filter) return;
    const wanted = oneOf(filter);
    if (wanted && wanted.length !== 1) this.add(sql`block_of(${pos}) = any(${wanted}::bigint[])`);
    const eq = wanted?.length === 1 ? wanted[0] : null;
    for (const chainId of this.chainIds) {
      const narrow = (from: Maybe<number>, to: Maybe<number>) =>
        this.narrow(chainId, {
          from: isGiven(from) ? firstPositionOf(from) : wholeRange.from,
          to: isGiven(to) ? firstPositionOf(to) : wholeRange.to,
        });
      if (isGiven(eq)) narrow(eq, eq + 1);
      if (isGiven(filter.gt)) narrow(filter.gt + 1, null);
      if (isGiven(filter.gte)) narrow(filter.gte, null);
      if (isGiven(filter.lt)) narrow(null, filter.lt);
      if (isGiven(filter.lte)) narrow(null, filter.lte + 1);
    }
  }

  private narrow(chainId: number, { from, to }: PositionRange): void {
    const old = this.ranges.get(chainId) ?? wholeRange;
    this.ranges.set(chainId, { from: from > old.from ? from : old.from, to: to < old.to ? to : old.to });
  }
}

/** What `eq` and `in` leave; null where neither says anything. */
export function oneOf<T>(filter: Maybe<{ eq?: T | null; in?: T[] | null }>): T[] | null {
  const eq = filter?.eq ?? null;
  const among = filter?.in ?? null;
  if (among === null) return eq === null ? null : [eq];
  return eq === null ? among : among.filter((value) => value === eq);
}

/** The same of rows that may have several keys (a reward of two datanets, an event of two accounts): they need one of each. */
export function eachOf<T>(filter: Maybe<{ eq?: T | null; in?: T[] | null }>): T[][] {
  const { eq, in: among } = filter ?? {};
  return [isGiven(eq) ? [eq] : null, among].filter(isGiven);
}

function equals(column: Sql, keys: readonly (bigint | Buffer)[]): Sql {
  const [first] = keys;
  if (keys.length === 1)
    return Buffer.isBuffer(first) ? sql`${column} = ${first}::bytea` : sql`${column} = ${first}::numeric`;
  return Buffer.isBuffer(first) ? sql`${column} = any(${keys}::bytea[])` : sql`${column} = any(${keys}::numeric[])`;
}

/** Case is Unicode's, whatever the database's locale is. */
function folded(value: Sql): Sql {
  return sql`folded(${value})`;
}

function text(argument: string, value: string): string {
  if (value.includes('\0')) throw badUserInput(argument, 'must not hold a NUL character');
  return value;
}

/** Of the first whole second at or after a time: blocks have whole seconds. */
function seconds(date: Date): bigint {
  return BigInt(Math.ceil(date.getTime() / 1000));
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}
