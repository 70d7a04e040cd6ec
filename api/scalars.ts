import 'reflect-metadata';
import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { toAddress, toHex } from './bytes';
import { apiError } from './errors';
import { writtenOnce } from './writtenOnce';

/** 9999-12-31T23:59:59Z: RFC 3339 has years of four digits, a block's timestamp doesn't know. */
const LAST_SECOND = 253_402_300_799;
const RFC_3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/;

function wrong(scalar: string, expected: string): GraphQLError {
  return apiError('BAD_USER_INPUT', `${scalar} must be ${expected}.`);
}

/** The literal as the JSON value that a variable would hold; undefined for lists, objects, enums. */
function literal(node: ValueNode): unknown {
  if (node.kind === Kind.STRING) return node.value;
  if (node.kind === Kind.INT) return node.value;
  return undefined;
}

function scalar<T>(
  name: string,
  description: string,
  parse: (value: unknown) => T,
  serialize: (value: never) => string,
) {
  return new GraphQLScalarType<T, string>({
    name,
    description,
    serialize: serialize as (value: unknown) => string,
    parseValue: parse,
    parseLiteral: (node) => parse(literal(node)),
  });
}

function parseBigInt(value: unknown): bigint {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  if (typeof value === 'string' && /^-?\d{1,80}$/.test(value)) return BigInt(value);
  throw wrong('BigInt', 'a decimal string of at most 80 digits');
}

/** In: a bigint. Out: from bigint, a decimal string of Postgres' numeric, or an integer. */
export const BigIntScalar = scalar(
  'BigInt',
  "A uint256, an int256 or a sum of such as a decimal string; token amounts are in the token's smallest unit (wei).",
  parseBigInt,
  (value: bigint | string | number) => {
    const text = String(value);
    if (!/^-?\d+$/.test(text)) throw new Error(`not an integer: ${text}`);
    return text;
  },
);

/** In: lower-case 0x hex. Out: from 20 bytes or hex of any case. */
export const AddressScalar = scalar(
  'Address',
  'A 20-byte address. Any case goes in; EIP-55 checksummed comes out.',
  (value) => {
    if (typeof value === 'string' && /^0[xX][0-9a-fA-F]{40}$/.test(value)) return value.toLowerCase();
    throw wrong('Address', '0x and 40 hexadecimal digits');
  },
  (value: Buffer | string) => toAddress(value),
);

/** In: lower-case 0x hex. Out: from bytes or hex. */
export const HexScalar = scalar(
  'Hex',
  'Bytes as 0x-prefixed lower-case hex.',
  (value) => {
    if (typeof value === 'string' && value.length <= 10_000 && /^0[xX]([0-9a-fA-F]{2})*$/.test(value)) {
      return value.toLowerCase();
    }
    throw wrong('Hex', '0x and an even number of hexadecimal digits');
  },
  (value: Buffer | string) => (typeof value === 'string' ? value : toHex(value)),
);

function parseDateTime(value: unknown): Date {
  const parts = typeof value === 'string' ? RFC_3339.exec(value) : null;
  const date = parts ? new Date(String(value).toUpperCase()) : new Date(Number.NaN);
  // Date.parse rolls 30 February over to March; the day must come back as it went in.
  const day = parts ? new Date(Date.UTC(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3]))) : date;
  if (!parts || Number.isNaN(date.getTime()) || (Number(parts[1]) > 99 && day.getUTCDate() !== Number(parts[3]))) {
    throw wrong('DateTime', 'a date and time of RFC 3339, like 2026-11-22T16:00:00Z');
  }
  // A Date has milliseconds. What lies between two of them becomes the later one: blocks have whole seconds, so one is
  // before it, or isn't, as the time given says.
  return /\.\d{3}\d*[1-9]/.test(String(value)) ? new Date(date.getTime() + 1) : date;
}

/** Of milliseconds: buckets and blocks of one answer are those of the next. */
const isoOf = writtenOnce((timeMs: number) => new Date(timeMs).toISOString());

/** In: a Date. Out: from a Date or from a block's timestamp in seconds. */
export const DateTimeScalar = scalar('DateTime', 'RFC 3339, UTC.', parseDateTime, (value: Date | bigint | number) =>
  isoOf(Math.min(value instanceof Date ? value.getTime() : Number(value) * 1000, LAST_SECOND * 1000)),
);

function opaque(name: string, description: string): GraphQLScalarType<string, string> {
  return scalar(
    name,
    description,
    (value) => {
      if (typeof value === 'string' && value.length <= 1000) return value;
      throw wrong(name, 'a cursor that this API gave out');
    },
    (value: string) => value,
  );
}

export const CursorScalar = opaque(
  'Cursor',
  "An opaque place in one list, in one order. Garbage, or another list's: BAD_USER_INPUT; of a block that a reorg removed: CURSOR_STALE.",
);

export const ChangeCursorScalar = opaque(
  'ChangeCursor',
  'An opaque position in the log of changes. Every page and the index status carry the position at which they were read, so that a query can be continued as a subscription without a seam.',
);
