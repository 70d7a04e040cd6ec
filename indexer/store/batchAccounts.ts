import { ADDRESS_BYTES } from '../../schema/logBytes';
import type { ColumnType } from './columnTypes';
import { type Piece, RowBuffer, type RowPlace } from './rowBuffer';

/** Of a row: what it begins with, two columns and the length of the third. */
const ADDRESS_AT = 26;
const ROW_BYTES = ADDRESS_AT + ADDRESS_BYTES + 8;

/** The accounts that a batch names, each with the row of the first log that does: some are in the tables already. */
export class BatchAccounts {
  private readonly rows: RowBuffer;
  private readonly all: Piece[] = [];

  constructor(
    private readonly chainId: number,
    types: readonly ColumnType[],
  ) {
    this.rows = new RowBuffer(types);
  }

  /** Must be called in chain order, once an account. @param item its place among what the log names */
  add(place: RowPlace, bytes: Buffer, at: number, item: number): void {
    const { rows } = this;
    const row = rows.piece(ROW_BYTES, () => {
      rows.begin(this.chainId, place);
      rows.bytes(bytes, at, ADDRESS_BYTES);
      rows.value('int4', item);
    });
    this.all.push(row);
  }

  addresses(): Buffer[] {
    return this.all.map(({ bytes, at }) => bytes.subarray(at + ADDRESS_AT, at + ADDRESS_AT + ADDRESS_BYTES));
  }

  /** @param which of `addresses` */
  writeRows(into: RowBuffer, which: readonly number[]): void {
    for (const i of which) into.resume(this.all[i] as Piece);
  }
}
