import { badUserInput } from '../errors';

const VERSION = 1;

/** A position in the log of changes as clients keep it. */
export function encodeChangeCursor(position: bigint): string {
  const bytes = Buffer.alloc(9);
  bytes.writeUInt8(VERSION, 0);
  bytes.writeBigInt64BE(position, 1);
  return bytes.toString('base64url');
}

/** @throws BAD_USER_INPUT for anything that encodeChangeCursor didn't write. */
export function decodeChangeCursor(cursor: string, argument = 'after'): bigint {
  const bytes = Buffer.from(cursor, 'base64url');
  if (bytes.length === 9 && bytes[0] === VERSION && bytes.toString('base64url') === cursor) {
    const position = bytes.readBigInt64BE(1);
    if (position >= 0n) return position;
  }
  throw badUserInput(argument, 'not a cursor of the log of changes');
}
