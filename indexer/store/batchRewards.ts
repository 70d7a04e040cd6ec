import { sourceIndex } from '../projections/backReward';
import type { ColumnType } from './columnTypes';
import type { EventFact } from './eventFacts';
import { columnIndex } from './factTables';
import { type Piece, RowBuffer, type RowPlace } from './rowBuffer';

const REWARD = {
  pool: columnIndex('reward', 'pool_id'),
  inference: columnIndex('reward', 'ref'),
  contribution: columnIndex('reward', 'contribution_id'),
  amount: columnIndex('reward', 'amount'),
  parts: columnIndex('reward', 'fee_part'),
};
const FUNDING = {
  pool: columnIndex('pool_funding', 'pool_id'),
  source: columnIndex('pool_funding', 'source'),
  amount: columnIndex('pool_funding', 'amount'),
};
/** Of a reward's row without its parts, and some to spare. */
const MOST_ROW_BYTES = 1024;
const NO_REF = `0x${'0'.repeat(64)}`;

/** What it names is an id as in BatchCreations, or undefined for none. */
export interface BatchReward {
  pool: string;
  amount: bigint;
  contribution: string | undefined;
  inference: string | undefined;
  place: RowPlace;
  /** Its row up to the parts. */
  row: Piece;
}

export interface BatchFunding {
  pool: string;
  amount: bigint;
  source: number;
  row?: undefined;
}

/** A batch's rewards, which wait for what the database knows, and its fundings. */
export class BatchRewards {
  /** In chain order. */
  readonly moves: (BatchReward | BatchFunding)[] = [];
  private readonly rows: RowBuffer;

  constructor(
    readonly chainId: number,
    types: readonly ColumnType[],
  ) {
    this.rows = new RowBuffer(types);
  }

  add({ blockNumber, logIndex }: RowPlace, fact: EventFact): void {
    const { rows } = this;
    const place = { blockNumber, logIndex };
    const row = rows.piece(MOST_ROW_BYTES, () => {
      rows.begin(this.chainId, place);
      fact.write(rows, rows.types, REWARD.parts);
    });
    const inference = fact.value(REWARD.inference) as string;
    const contribution = fact.value(REWARD.contribution) as bigint;
    this.moves.push({
      pool: fact.value(REWARD.pool) as string,
      amount: fact.value(REWARD.amount) as bigint,
      // A ref or contribution of zero means none, even if one has that id.
      contribution: contribution === 0n ? undefined : String(contribution),
      inference: inference === NO_REF ? undefined : inference,
      place,
      row,
    });
  }

  addFunding(fact: EventFact): void {
    const source = sourceIndex(fact.value(FUNDING.source) as number);
    this.moves.push({
      pool: fact.value(FUNDING.pool) as string,
      amount: fact.value(FUNDING.amount) as bigint,
      source,
    });
  }
}
