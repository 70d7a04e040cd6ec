import { createHash } from 'node:crypto';
import { badUserInput } from './errors';

/** A row's place in a list: its sort key, if the order has one, then chain order. */
export interface Place {
  /** The sort key as numeric text; null where the row has none, or the order is chain order. */
  key: string | null;
  /** Seconds; 0 in the order of a single chain, which needs none. */
  timestamp: bigint;
  chainId: number;
  pos: bigint;
  item: number;
}

export interface DecodedCursor extends Place {
  /** The first bytes of the block's hash, hex: how a reorg is noticed. */
  blockHash: string;
}

const HASH_BYTES = 10;

/** A digest of the list's name, which holds the order too, and of the fields: neither can be another's. */
function tag(list: string, fields: PlaceFields): string {
  return createHash('sha256')
    .update(JSON.stringify([list, ...fields]))
    .digest('base64url')
    .slice(0, 8);
}

export function hashPrefix(blockHash: Buffer): string {
  return blockHash.subarray(0, HASH_BYTES).toString('base64url');
}

export function encodeCursor(list: string, place: Place, blockHash: Buffer): string {
  const { key, timestamp, chainId, pos, item } = place;
  const fields: PlaceFields = [hashPrefix(blockHash), String(timestamp), chainId, String(pos), item, key];
  return Buffer.from(JSON.stringify([tag(list, fields), ...fields])).toString('base64url');
}

/** @throws BAD_USER_INPUT for garbage and for the cursor of another list or order. */
export function decodeCursor(list: string, cursor: string, argument: string): DecodedCursor {
  const fields = parse(cursor);
  if (!fields) throw badUserInput(argument, 'not a cursor that this API gave out');
  const [listTag, ...place] = fields;
  if (listTag !== tag(list, place)) {
    throw badUserInput(argument, 'not a cursor of this list in this order: of another one, or changed');
  }
  const [blockHash, timestamp, chainId, pos, item, key] = place;
  return { blockHash, timestamp: BigInt(timestamp), chainId, pos: BigInt(pos), item, key };
}

type PlaceFields = [
  blockHash: string,
  timestamp: string,
  chainId: number,
  pos: string,
  item: number,
  key: string | null,
];
type Fields = [tag: string, ...PlaceFields];

function parse(cursor: string): Fields | null {
  let fields: unknown;
  try {
    const bytes = Buffer.from(cursor, 'base64url');
    // Decoding passes over what isn't base64.
    if (bytes.toString('base64url') !== cursor) return null;
    fields = JSON.parse(bytes.toString());
  } catch {
    return null;
  }
  if (!Array.isArray(fields) || fields.length !== 7) return null;
  const [listTag, blockHash, timestamp, chainId, pos, item, key] = fields as unknown[];
  const good =
    typeof listTag === 'string' &&
    typeof blockHash === 'string' &&
    isBigint(timestamp) &&
    isBigint(pos) &&
    isInt(chainId) &&
    isInt(item) &&
    (key === null || (typeof key === 'string' && /^-?\d{1,400}(\.\d{1,400})?$/.test(key)));
  return good ? (fields as Fields) : null;
}

function isBigint(value: unknown): boolean {
  return typeof value === 'string' && /^\d{1,18}$/.test(value);
}

function isInt(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 31;
}
