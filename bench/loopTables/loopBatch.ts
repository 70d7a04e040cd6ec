import { type EventFact, factsOf } from '../../indexer/store/eventFacts';
import { columnIndex } from '../../indexer/store/factTables';
import { RowBuffer } from '../../indexer/store/rowBuffer';
import type { Decoding } from '../../schema/contractSet';
import { type LogBytes, WORD_BYTES } from '../../schema/logBytes';
import { factsOfLoop, type LoopTableName } from './tables';

type DecodedEvent = Extract<Decoding, { kind: 'event' }>;

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
/** Where an event's own columns begin, after timestamp and tx_hash. */
const OWN = 2;

/** The rows of a range in chain order, and what they add to the totals, each touched total once. */
export class LoopBatch {
  readonly rows = new Map<LoopTableName, RowBuffer>();
  readonly pools = new Map<string, PoolTotal>();
  readonly datanets = new Map<bigint, DatanetTotal>();

  constructor(private readonly chainId: number) {}

  add(log: LogBytes, { type, args }: DecodedEvent, timestamp: number): void {
    factsOf(type)(log, args, (fact) => {
      const columns = columnsOf.get(fact.table);
      if (!columns) return;
      const name = fact.table as LoopTableName;
      let rows = this.rows.get(name);
      if (!rows) {
        rows = new RowBuffer(columns.map((column) => column.type));
        this.rows.set(name, rows);
      }
      rows.begin(this.chainId, log);
      rows.value('int8', timestamp);
      rows.bytes(log.bytes, log.transactionAt, WORD_BYTES);
      // A reward's row ends with what backed it, which is none of the loop's columns.
      fact.write(rows, rows.types.slice(OWN), rows.types.length - OWN);
      this.total(name, fact);
    });
  }

  private total(table: LoopTableName, fact: EventFact): void {
    const amountOf = (column: string) => fact.value(columnIndex(table, column)) as bigint;
    const textOf = (column: string) => fact.value(columnIndex(table, column)) as string;
    if (table === 'pool_funding') {
      const name = SOURCES[fact.value(columnIndex(table, 'source')) as number];
      if (name) this.pool(textOf('pool_id'))[name] += amountOf('amount');
    } else if (table === 'reward' || table === 'claim') {
      const total = table === 'reward' ? 'accrued' : 'claimed';
      const pool = this.pool(textOf('pool_id'));
      const amount = amountOf('amount');
      pool[total] += amount;
      accountOf(pool, textOf('beneficiary'))[total] += amount;
    } else if (table === 'contribution') {
      const total = this.datanet(amountOf('datanet_id'));
      total.contributions += 1;
      total.bonded += amountOf('bond');
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
