import { badUserInput } from '../errors';
import type { LogPosition } from '../logPosition';
import type { KindName } from './judged';
import type { Place } from './liveItem';
import type { Cursor } from './plan';

/**
 * 1: all of a position; 2: of the things that its event changed, those up to one, for one kind of stream. Both end with
 * the stamp of the row that held the position, if they have more than the bytes of the first release.
 */
const WHOLE = 1;
const PART = 2;
const LENGTHS = { [WHOLE]: 9, [PART]: 14 };
const STAMP_BYTES = 4;
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
export function encodeChangeCursor({ position, stamp }: LogPosition): string {
  const bytes = Buffer.alloc(LENGTHS[WHOLE]);
  bytes.writeUInt8(WHOLE, 0);
  bytes.writeBigInt64BE(position, 1);
  return stamped(bytes, stamp);
}

/** A place in a stream of that kind. */
export function encodePlace(kind: KindName, { position, stamp, item }: Place): string {
  if (item === null) return encodeChangeCursor({ position, stamp });
  const bytes = Buffer.alloc(LENGTHS[PART]);
  bytes.writeUInt8(PART, 0);
  bytes.writeBigInt64BE(position, 1);
  bytes.writeUInt8(kinds.indexOf(kind), 9);
  bytes.writeUInt32BE(item, 10);
  return stamped(bytes, stamp);
}

function stamped(bytes: Buffer, stamp: bigint | null): string {
  if (stamp === null) return bytes.toString('base64url');
  const end = Buffer.alloc(STAMP_BYTES);
  end.writeUInt32BE(Number(stamp));
  return Buffer.concat([bytes, end]).toString('base64url');
}

/**
 * Where a stream of that kind goes on. Another kind's place within a position is before that position.
 * @throws BAD_USER_INPUT for anything that encodePlace didn't write
 */
export function decodePlace(cursor: string, kind: KindName | null, argument = 'after'): Cursor {
  const bytes = Buffer.from(cursor, 'base64url');
  const type = bytes[0];
  if (bytes.toString('base64url') === cursor && (type === WHOLE || type === PART)) {
    const length = LENGTHS[type];
    if (bytes.length === length || bytes.length === length + STAMP_BYTES) {
      const position = bytes.readBigInt64BE(1);
      const stamp = bytes.length > length ? BigInt(bytes.readUInt32BE(length)) : null;
      const madeAt = { position, stamp };
      if (type === WHOLE && position >= 0n) return { ...madeAt, item: null, madeAt };
      if (type === PART && position > 0n && kinds[bytes[9] as number]) {
        if (kinds[bytes[9] as number] === kind) return { ...madeAt, item: bytes.readUInt32BE(10), madeAt };
        return { position: position - 1n, stamp: null, item: null, madeAt };
      }
    }
  }
  throw badUserInput(argument, 'not a cursor of the log of changes');
}
