import { badUserInput } from '../errors';
import type { KindName } from './judged';
import type { Place } from './liveItem';

/** 1: all of a position; 2: of the things that its event changed, those up to one, for one kind of stream. */
const WHOLE = 1;
const PART = 2;
/** In this order for ever. */
const kinds: readonly KindName[] = [
  'events',
  'rewards',
  'claims',
  'reversals',
  'contributions',
  'inferences',
  'influences',
];

/** A position in the log of changes as clients keep it. */
export function encodeChangeCursor(position: bigint): string {
  const bytes = Buffer.alloc(9);
  bytes.writeUInt8(WHOLE, 0);
  bytes.writeBigInt64BE(position, 1);
  return bytes.toString('base64url');
}

/** A place in a stream of that kind. */
export function encodePlace(kind: KindName, { position, item }: Place): string {
  if (item === null) return encodeChangeCursor(position);
  const bytes = Buffer.alloc(14);
  bytes.writeUInt8(PART, 0);
  bytes.writeBigInt64BE(position, 1);
  bytes.writeUInt8(kinds.indexOf(kind), 9);
  bytes.writeUInt32BE(item, 10);
  return bytes.toString('base64url');
}

/**
 * Where a stream of that kind goes on. Another kind's place within a position is before that position.
 * @throws BAD_USER_INPUT for anything that encodePlace didn't write
 */
export function decodePlace(cursor: string, kind: KindName | null, argument = 'after'): Place {
  const bytes = Buffer.from(cursor, 'base64url');
  if (bytes.toString('base64url') === cursor) {
    if (bytes.length === 9 && bytes[0] === WHOLE) {
      const position = bytes.readBigInt64BE(1);
      if (position >= 0n) return { position, item: null };
    }
    if (bytes.length === 14 && bytes[0] === PART && kinds[bytes[9] as number]) {
      const position = bytes.readBigInt64BE(1);
      if (position > 0n) {
        if (kinds[bytes[9] as number] !== kind) return { position: position - 1n, item: null };
        return { position, item: bytes.readUInt32BE(10) };
      }
    }
  }
  throw badUserInput(argument, 'not a cursor of the log of changes');
}
