import type { TypedDocument } from '../../client/query';
import type { Column } from '../parts/Table';

export interface PageOf<Row> {
  totalCount: number;
  nodes: readonly Row[];
  pageInfo: {
    startCursor: string | null;
    endCursor: string | null;
    hasNextPage: boolean;
    hasPreviousPage: boolean;
  };
}

/** One control above a list; its value stands in the URL under `param`. */
export interface Filter {
  param: string;
  label: string;
  /** What may be chosen; without it something is written. */
  choices?: readonly { value: string; label: string }[];
  placeholder?: string;
  /** What the API is asked for. */
  where(value: string): Record<string, unknown>;
}

export interface Sort {
  /** In the URL and in a column's `sort`. */
  param: string;
  field: string;
  label: string;
  /** By amounts of one token. */
  money?: boolean;
}

/** A list of the explorer: everything that differs between them. */
export interface ListDefinition<Data, Row> {
  path: string;
  title: string;
  lead: string;
  /** "contribution", for counts and names of files. */
  noun: string;
  document: TypedDocument<Data, never>;
  page(data: Data): PageOf<Row> | null;
  keyOf(row: Row): string;
  columns: readonly Column<Row>[];
  filters: readonly Filter[];
  sorts: readonly Sort[];
  /** Columns of the export; cells as they are exact. */
  csv: readonly (readonly [title: string, cell: (row: Row) => string | number | null | undefined])[];
}

export const choicesOf = (values: readonly string[]) =>
  values.map((value) => ({ value, label: value.toLowerCase().replaceAll('_', ' ') }));
