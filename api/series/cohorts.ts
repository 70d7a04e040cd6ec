/** How many accounts whose first bucket is `first` were active in the bucket `at`; buckets are counted from 0 on. */
export interface ActiveCount {
  first: number;
  at: number;
  accounts: number;
}

export interface CohortRow {
  first: number;
  size: number;
  active: number[];
}

/**
 * A row for each bucket with newcomers. active[k]: those active k buckets after their first, up to the last of `buckets`.
 */
export function cohortRows(counts: readonly ActiveCount[], buckets: number): CohortRow[] {
  const rows = new Map<number, number[]>();
  for (const { first, at, accounts } of counts) {
    const active = rows.get(first) ?? new Array<number>(buckets - first).fill(0);
    rows.set(first, active);
    active[at - first] = accounts;
  }
  return [...rows].sort(([a], [b]) => a - b).map(([first, active]) => ({ first, size: active[0] ?? 0, active }));
}
