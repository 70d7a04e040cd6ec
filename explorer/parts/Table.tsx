import { memo, type ReactNode } from 'react';

export interface Column<Row> {
  title: string;
  cell(row: Row): ReactNode;
  /** Numbers stand under each other, at the right. */
  number?: boolean;
  /** Columns that stand first and say which row it is. */
  main?: boolean;
  /** The parameter's value by which the list is sorted by this column. */
  sort?: string;
}

export interface TableSort {
  /** "fee" ascending, "-fee" descending; null: the list's own order. */
  current: string | null;
  href(sort: string): string;
}

/** From so many rows on those out of sight are not laid out, where rows are cards. */
const LONG = 100;

/** A table; on a narrow screen each row is a card that repeats its columns' titles. */
export function Table<Row>({
  caption,
  rows,
  columns,
  keyOf,
  sort,
}: {
  caption: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  keyOf(row: Row): string;
  sort?: TableSort;
}) {
  return (
    <table className={rows.length > LONG ? 'table long' : 'table'}>
      <caption className="hidden">{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <Head key={column.title} column={column} sort={sort} />
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={keyOf(row)} row={row} columns={columns} />
        ))}
      </tbody>
    </table>
  );
}

/** Drawn once: a long table that grows or is asked for again draws what is new alone. */
const Row = memo(function Row({ row, columns }: { row: unknown; columns: readonly Column<never>[] }) {
  return (
    <tr>
      {columns.map(({ title, number, main, cell }) => (
        <td key={title} data-title={title} className={`${number ? 'number' : ''} ${main ? 'main' : ''}`}>
          <span>{cell(row as never)}</span>
        </td>
      ))}
    </tr>
  );
});

function Head<Row>({ column, sort }: { column: Column<Row>; sort: TableSort | undefined }) {
  const name = column.number ? 'number' : undefined;
  if (!sort || !column.sort) {
    return (
      <th scope="col" className={name}>
        {column.title}
      </th>
    );
  }
  const descending = `-${column.sort}`;
  const state = sort.current === descending ? 'descending' : sort.current === column.sort ? 'ascending' : undefined;
  return (
    <th scope="col" className={name} aria-sort={state}>
      <a href={sort.href(state === 'descending' ? column.sort : descending)} className={`sort ${state ?? ''}`}>
        {column.title}
      </a>
    </th>
  );
}
