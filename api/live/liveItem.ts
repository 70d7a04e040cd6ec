import type { LogPosition } from '../logPosition';
import type { JudgedOf, KindName } from './judged';
import type { PlacedBlock } from './placedBlocks';

/** One change of one row, of a kind of stream: what an event did. */
export interface LiveItem<Kind extends KindName = KindName> {
  block: PlacedBlock;
  /** Of its event in the log of changes. */
  position: bigint;
  /** Which of the things that the event changed, in order; -1: it can change only one. */
  item: number;
  /** Of the event in the chain. */
  pos: bigint;
  txHash: Buffer;
  contract: Buffer;
  fragment: string;
  judged: JudgedOf[Kind];
  /** Of the kind's index, once they were asked for. */
  keys?: readonly string[];
}

/** How far a stream has come: through `position`, or only through one of the things that its event changed. */
export interface Place extends LogPosition {
  /** null: all of them. */
  item: number | null;
}

export function isAfter({ position, item, block }: LiveItem, place: Place): boolean {
  if (position !== place.position) return position > place.position;
  if (place.item === null) return false;
  return block.op === 'APPLY' ? item > place.item : item < place.item;
}

export function placeOf({ position, item, block: { stamp } }: LiveItem): Place {
  return { position, stamp, item: item < 0 ? null : item };
}

/** Of two places of one stream the one that is further. */
export function further(a: Place, b: Place): Place {
  if (a.position !== b.position) return a.position > b.position ? a : b;
  return a.item === null ? a : b;
}
