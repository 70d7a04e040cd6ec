import { projectionOf } from '../../indexer/projections/projections';
import type { FactRow } from '../../indexer/store/factTables';
import { RowBuffer } from '../../indexer/store/rowBuffer';
import type { DecodedEvent } from '../../schema/contractSet';
import { factsOfLoop, type LoopTableName } from './tables';

const SOURCES = ['fee', 'emission', 'granted', 'slashed'] as const;

export interface PoolTotal {
  poolId: string;
  fee: bigint;
  emission: bigint;
  granted: bigint;
  slashed: bigint;
  accrued: bigint;
  claimed: bigint;
  /** By account: a key of both would be a string made anew for every reward. */
  accounts: Map<string, AccountPool>;
}
export interface AccountPool {
  account: string;
  poolId: string;
  accrued: bigint;
  claimed: bigint;
}
export interface DatanetTotal {
  datanetId: bigint;
  contributions: number;
  bonded: bigint;
}

const columnsOf = new Map<string, (typeof factsOfLoop)[number]['columns']>(
  factsOfLoop.map(({ name, columns }) => [name, columns]),
);
/** Columns before an event's own: chain_id, pos, timestamp, tx_hash. */
const PLACE = 4;

/** The rows of a range in chain order, and what they add to the totals, each touched total once. */
export class LoopBatch {
  readonly rows = new Map<LoopTableName, RowBuffer>();
  readonly pools = new Map<string, PoolTotal>();
  readonly datanets = new Map<bigint, DatanetTotal>();

  constructor(private readonly chainId: number) {}

  add({ log, pos, type, args }: DecodedEvent, timestamp: number): void {
    projectionOf(type)?.(args, (table, ...row) => {
      const columns = columnsOf.get(table);
      if (!columns) return;
      const name = table as LoopTableName;
      let rows = this.rows.get(name);
      if (!rows) {
        rows = new RowBuffer(columns.map((column) => column.type));
        this.rows.set(name, rows);
      }
      // A reward's row ends with what backed it, which is none of the loop's columns.
      rows.add(this.chainId, pos, [timestamp, log.transactionHash, ...row.slice(0, columns.length - PLACE)]);
      this.total(name, row);
    });
  }

  private total(table: LoopTableName, row: FactRow): void {
    if (table === 'pool_funding') {
      const [poolId, source, , , amount] = row as [string, number, string, string, bigint];
      const name = SOURCES[source];
      if (name) this.pool(poolId)[name] += amount;
    } else if (table === 'reward') {
      const [poolId, beneficiary, , , , amount] = row as [string, string, string, number, bigint, bigint];
      const pool = this.pool(poolId);
      pool.accrued += amount;
      accountOf(pool, beneficiary).accrued += amount;
    } else if (table === 'claim') {
      const [poolId, beneficiary, , amount] = row as [string, string, string, bigint];
      const pool = this.pool(poolId);
      pool.claimed += amount;
      accountOf(pool, beneficiary).claimed += amount;
    } else if (table === 'contribution') {
      const [, , datanetId, , , , , bond] = row as [number, bigint, bigint, string, string, bigint, string, bigint];
      const total = this.datanet(datanetId);
      total.contributions += 1;
      total.bonded += bond;
    }
  }

  private pool(poolId: string): PoolTotal {
    return found(this.pools, poolId, () => ({
      poolId,
      fee: 0n,
      emission: 0n,
      granted: 0n,
      slashed: 0n,
      accrued: 0n,
      claimed: 0n,
      accounts: new Map(),
    }));
  }

  private datanet(datanetId: bigint): DatanetTotal {
    return found(this.datanets, datanetId, () => ({ datanetId, contributions: 0, bonded: 0n }));
  }
}

function accountOf({ poolId, accounts }: PoolTotal, account: string): AccountPool {
  return found(accounts, account, () => ({ account, poolId, accrued: 0n, claimed: 0n }));
}

function found<K, T>(totals: Map<K, T>, key: K, zero: () => T): T {
  let total = totals.get(key);
  if (!total) {
    total = zero();
    totals.set(key, total);
  }
  return total;
}
