import type { Sql } from '../sql';
import type { Line, Residual } from './ledger';

/** What a scope's double entry comes to. */
export interface Books {
  /** The chains whose events count. */
  chainIds: readonly number[];
  /** By account and token. */
  lines: () => Promise<Line[]>;
  /** Those that are not zero, summed by token. */
  residuals: Residual[];
  /** Selects `pos` of each event behind a residual once, of the chain p.chain_id; null where there is none. */
  unexplained: Sql | null;
}
