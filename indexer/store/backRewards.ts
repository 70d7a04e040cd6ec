import type { ClientBase } from 'pg';
import { backReward, type Funding, sourceIndex } from '../projections/backReward';
import type { ColumnType } from './columnTypes';
import type { EventFact } from './eventFacts';
import { columnIndex } from './factTables';
import { RowBuffer, type RowPlace } from './rowBuffer';
import { bytesOf } from './segments';

const REWARD_POOL = columnIndex('reward', 'pool_id');
const REWARD_AMOUNT = columnIndex('reward', 'amount');
const REWARD_PARTS = columnIndex('reward', 'fee_part');
const FUNDING_POOL = columnIndex('pool_funding', 'pool_id');
const FUNDING_SOURCE = columnIndex('pool_funding', 'source');
const FUNDING_AMOUNT = columnIndex('pool_funding', 'amount');
/** Of a reward's row without its parts, and some to spare. */
const MOST_ROW_BYTES = 1024;

export interface Backing {
  /** 0x hex. */
  pool: string;
  amount: bigint;
  /** Of a reward: its row up to the parts. */
  row?: Buffer;
  /** Of a funding. */
  source?: number;
}

/** A batch's rewards, whose parts wait for what the database knows, and its fundings, in chain order. */
export class RewardBackings {
  readonly backings: Backing[] = [];
  private readonly rows: RowBuffer;

  constructor(
    private readonly chainId: number,
    types: readonly ColumnType[],
  ) {
    this.rows = new RowBuffer(types);
  }

  addReward(place: RowPlace, fact: EventFact): void {
    const { rows } = this;
    const row = rows.piece(MOST_ROW_BYTES, () => {
      rows.begin(this.chainId, place);
      fact.write(rows, rows.types, REWARD_PARTS);
    });
    const [pool, amount] = [fact.value(REWARD_POOL) as string, fact.value(REWARD_AMOUNT) as bigint];
    this.backings.push({ pool, amount, row });
  }

  addFunding(fact: EventFact): void {
    const [pool, amount] = [fact.value(FUNDING_POOL) as string, fact.value(FUNDING_AMOUNT) as bigint];
    this.backings.push({ pool, amount, source: sourceIndex(fact.value(FUNDING_SOURCE) as number) });
  }
}

/**
 * Fills in the parts of a batch's rewards: the funding that the tables hold before the batch, then the batch's own, in
 * chain order. Must run before the batch is written, and once.
 */
export async function backRewards(
  client: ClientBase,
  chainId: number,
  backings: readonly Backing[],
  rewards: RowBuffer,
): Promise<void> {
  const pools = new Set(backings.flatMap(({ pool, row }) => (row ? [pool] : [])));
  if (pools.size === 0) return;
  const funding = await readFunding(client, chainId, pools);
  for (const { pool, amount, row, source } of backings) {
    const funded = funding.get(pool);
    // Of a pool without rewards.
    if (!funded) continue;
    if (row) {
      rewards.resume(row);
      for (const part of backReward(amount, funded)) rewards.value('numeric', part);
    } else if (source !== undefined) funded[source] = (funded[source] as bigint) + amount;
  }
}

async function readFunding(client: ClientBase, chainId: number, pools: Set<string>): Promise<Map<string, Funding>> {
  const funding = new Map<string, Funding>([...pools].map((pool) => [pool, [0n, 0n, 0n, 0n, 0n]]));
  const { rows } = await client.query<Record<'pool' | 'fee' | 'emission' | 'grant' | 'slash' | 'unknown', string>>(
    `select '0x' || encode(pool_id, 'hex') as pool, fee, emission, "grant", slash, unknown
     from pool_total where chain_id = $1 and pool_id = any($2)`,
    [chainId, [...pools].map(bytesOf)],
  );
  for (const row of rows) {
    const parts = [row.fee, row.emission, row.grant, row.slash, row.unknown].map(BigInt) as Funding;
    funding.set(row.pool, parts);
  }
  return funding;
}
