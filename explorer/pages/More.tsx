import type { ReactNode } from 'react';
import { formatCount } from '../format/number';
import { Empty } from '../parts/states';
import { type Column, Table } from '../parts/Table';

/** The newest rows of a longer list, and the way to all of it. */
export function More<Row>({
  caption,
  rows,
  columns,
  without = [],
  keyOf,
  total,
  href,
  empty,
}: {
  caption: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  /** Titles of columns that say the same in every row here. */
  without?: readonly string[];
  keyOf(row: Row): string;
  total?: number;
  href?: string;
  empty: ReactNode;
}) {
  if (rows.length === 0) return <Empty>{empty}</Empty>;
  return (
    <div className="panel">
      <Table
        caption={caption}
        rows={rows}
        columns={columns.filter(({ title }) => !without.includes(title))}
        keyOf={keyOf}
      />
      {href && (total ?? rows.length + 1) > rows.length && (
        <p className="more">
          <a href={href}>All {total === undefined ? '' : formatCount(total)}</a>
        </p>
      )}
    </div>
  );
}
