import type { Scalar, WordType } from '../../schema/abiWords';
import type { EventType } from '../../schema/contractSet';
import { type EventArgs, type EventDecoder, placeIn, type Value } from '../../schema/eventDecoder';
import type { LogBytes } from '../../schema/logBytes';
import type { Column, Facts, Projection } from '../projections/projection';
import { projectionOf } from '../projections/projections';
import type { ColumnType } from './columnTypes';
import type { FactRow, FactTableName, FactValue } from './factTables';
import type { RowBuffer } from './rowBuffer';

/** What a column of one event's rows is made of, worked out once for all of its logs. */
interface Source {
  /** From the bytes of the log to those of the row, without a value in between wherever that can be. */
  write(rows: RowBuffer, type: ColumnType, log: LogBytes, args: EventArgs | undefined): void;
  read(log: LogBytes, args: EventArgs | undefined): FactValue | null;
}

/** A row that can be written, or looked at column by column; it is good until the next one. */
export interface EventFact {
  readonly table: FactTableName;
  /** Writes the first so many columns, of these types; the first is the one after chain_id and pos. */
  write(rows: RowBuffer, types: readonly ColumnType[], columns: number): void;
  value(column: number): FactValue | null;
}

export type FactsOfLog = (log: LogBytes, args: EventArgs | undefined, add: (fact: EventFact) => void) => void;

const known = new WeakMap<EventType, FactsOfLog>();
const nothing: FactsOfLog = () => undefined;

/** How the logs of an event become facts. `args` may be left out for events of words alone. */
export function factsOf(type: EventType): FactsOfLog {
  let found = known.get(type);
  if (!found) {
    const projection = projectionOf(type);
    found = projection ? compile(type.decoder, projection) : nothing;
    known.set(type, found);
  }
  return found;
}

function compile(decoder: EventDecoder, projection: Projection): FactsOfLog {
  const all = projection.map((facts) => compileFacts(decoder, facts));
  return (log, args, add) => {
    for (const factsOfLog of all) factsOfLog(log, args, add);
  };
}

function compileFacts(decoder: EventDecoder, { table, columns, rows, unless }: Facts): FactsOfLog {
  const factsOfLog = columns ? compileColumns(decoder, table, columns) : compileRows(decoder, table, rows);
  if (!unless) return factsOfLog;
  const { none } = unless;
  const source = argument(decoder, unless.name);
  return (log, args, add) => {
    if (source.read(log, args) !== none) factsOfLog(log, args, add);
  };
}

function compileColumns(decoder: EventDecoder, table: FactTableName, columns: readonly Column[]): FactsOfLog {
  const sources = columns.map((column) =>
    typeof column === 'string' ? argument(decoder, column) : constant(column.constant),
  );
  const row = new ColumnsOfLog(table, sources);
  return (log, args, add) => {
    row.log = log;
    row.args = args;
    add(row);
  };
}

function compileRows(decoder: EventDecoder, table: FactTableName, rowsOf: Facts['rows']): FactsOfLog {
  return (log, args, add) => {
    for (const row of rowsOf?.(args ?? decoder.read(log)) ?? []) add(new Values(table, row));
  };
}

class ColumnsOfLog implements EventFact {
  log!: LogBytes;
  args: EventArgs | undefined;

  constructor(
    readonly table: FactTableName,
    private readonly sources: readonly Source[],
  ) {}

  write(rows: RowBuffer, types: readonly ColumnType[], columns: number): void {
    const { sources, log, args } = this;
    for (let i = 0; i < columns; i++) (sources[i] as Source).write(rows, types[i] as ColumnType, log, args);
  }

  value(column: number): FactValue | null {
    return (this.sources[column] as Source).read(this.log, this.args);
  }
}

class Values implements EventFact {
  constructor(
    readonly table: FactTableName,
    private readonly row: FactRow,
  ) {}

  write(rows: RowBuffer, types: readonly ColumnType[], columns: number): void {
    for (let i = 0; i < columns; i++) rows.value(types[i] as ColumnType, this.value(i));
  }

  value(column: number): FactValue | null {
    return this.row[column] as FactValue | null;
  }
}

function constant(value: Scalar | null): Source {
  return { write: (rows, type) => rows.value(type, value), read: () => value };
}

/** @param path a name, or of a field of a struct its struct's name, a dot and its own */
function argument(decoder: EventDecoder, path: string): Source {
  const place = decoder.words.get(path);
  if (place) {
    const { type } = place;
    return {
      write: (rows, columnType, log) => writeWord(rows, columnType, type, log.bytes, placeIn(log, place)),
      read: (log) => type.read(log.bytes, placeIn(log, place)),
    };
  }
  const [name, field] = path.split('.') as [string, string?];
  const read = (log: LogBytes, args: EventArgs | undefined) => {
    const value = (args ?? decoder.read(log))[name] as Value;
    return (field ? (value as EventArgs)[field] : value) as Scalar;
  };
  return { write: (rows, type, log, args) => rows.value(type, read(log, args)), read };
}

/** The topmost bit of a word. */
const SIGN = 0x80;

function writeWord(rows: RowBuffer, columnType: ColumnType, type: WordType, bytes: Buffer, at: number): void {
  if (columnType === 'bytea') rows.bytes(bytes, at + type.from, type.size);
  // The bits above an integer's type are those of its sign.
  else if (columnType === 'numeric' && ((bytes[at] as number) & SIGN) === 0) rows.numeric(bytes, at);
  else rows.value(columnType, type.read(bytes, at));
}
