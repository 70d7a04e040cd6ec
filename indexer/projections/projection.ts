import type { Scalar } from '../../schema/abiWords';
import type { EventArgs, Value } from '../../schema/eventDecoder';
import type { FactRow, FactTableName } from '../store/factTables';

/** An argument by name (`receipt.fee` for a field of a struct), or a constant. */
export type Column = string | { constant: Scalar | null };

/** What an event says, as rows of one table; columns are those after chain_id and pos, in the order of factTables. */
export interface Facts {
  table: FactTableName;
  /** One row, its columns out of the arguments. */
  columns?: readonly Column[];
  /** Or as many as there are. Pure: the arguments alone decide. */
  rows?: (args: EventArgs) => FactRow[];
  /** None at all where the argument is this value, which here means none. */
  unless?: { name: string; none: Scalar };
}

/** Everything that an event says. */
export type Projection = readonly Facts[];
/** The projections of one contract, by event name. */
export type Projections = Readonly<Record<string, Projection>>;

/** One row of `table`, its columns taken from the arguments in this order. */
export function fact(table: FactTableName, ...columns: Column[]): Projection {
  return [{ table, columns }];
}

/** A row for each item of the list argument `list`. */
export function facts(
  table: FactTableName,
  list: (args: EventArgs) => readonly Value[],
  row: (item: Value, index: number, args: EventArgs) => FactRow,
): Projection {
  return [{ table, rows: (args) => list(args).map((item, index) => row(item, index, args)) }];
}

export function all(...projections: Projection[]): Projection {
  return projections.flat();
}

/** Unless the argument is this value. */
export function unless(name: string, none: Scalar, projection: Projection): Projection {
  return projection.map((facts) => ({ ...facts, unless: { name, none } }));
}

export const constant = (value: Scalar | null): Column => ({ constant: value });
export const ZERO_WORD = `0x${'0'.repeat(64)}`;
