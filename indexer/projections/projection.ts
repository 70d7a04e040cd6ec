import type { DecodedEvent } from '../../schema/contractSet';
import type { EventArgs, Value } from '../../schema/eventDecoder';
import type { FactRow, FactTableName } from '../store/factTables';

/** Adds a fact of one event; the row is the table's columns after chain_id and pos, in the order of factTables. */
export type AddFact = (table: FactTableName, ...row: FactRow) => void;
/** Adds every fact of an event. Pure: the arguments alone decide. */
export type Projection = (args: EventArgs, add: AddFact) => void;
/** The projections of one contract, by event name. */
export type Projections = Readonly<Record<string, Projection>>;

type Scalar = string | number | bigint | boolean;
/** An argument by name (`receipt.fee` for a field of a struct), or a constant. */
type Column = string | { constant: Scalar | null };

/** One row of `table`, its columns taken from the arguments in this order. */
export function fact(table: FactTableName, ...columns: Column[]): Projection {
  const readers = columns.map((column): ((args: EventArgs) => Scalar | null) => {
    if (typeof column !== 'string') return () => column.constant;
    const [name, field] = column.split('.') as [string, string?];
    return field ? (args) => (args[name] as Record<string, Scalar>)[field] as Scalar : (args) => args[name] as Scalar;
  });
  return (args, add) => add(table, ...readers.map((read) => read(args)));
}

/** A row for each item of the list argument `list`. */
export function facts(
  table: FactTableName,
  list: (args: EventArgs) => readonly Value[],
  row: (item: Value, index: number, args: EventArgs) => FactRow,
): Projection {
  return (args, add) => {
    list(args).forEach((item, index) => {
      add(table, ...row(item, index, args));
    });
  };
}

export function all(...projections: Projection[]): Projection {
  return (args, add) => {
    for (const projection of projections) projection(args, add);
  };
}

/** Unless the argument is this value, which here means none. */
export function unless(name: string, none: Scalar, projection: Projection): Projection {
  return (args, add) => {
    if (args[name] !== none) projection(args, add);
  };
}

export const constant = (value: Scalar | null): Column => ({ constant: value });
export const ZERO_WORD = `0x${'0'.repeat(64)}`;

export type { DecodedEvent };
