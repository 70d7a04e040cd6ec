import { blockOf, logIndexOf, positionOf } from '../schema/position';
import { toBytes, toHex } from './bytes';
import { badUserInput } from './errors';

export type NumberedType = 'datanet' | 'contribution' | 'model' | 'adapter' | 'dispute';
export type HashedType = 'inference' | 'pool';
export type PlacedType = 'reward' | 'claim' | 'reversal' | 'influence' | 'event';

/** "<type>:<chainId>:<key>", taken apart. */
export type ParsedId =
  | { type: NumberedType; chainId: number; key: bigint }
  | { type: HashedType; chainId: number; key: Buffer }
  | { type: PlacedType; chainId: number; pos: bigint }
  | { type: 'account'; address: Buffer }
  | { type: 'token'; chainId: number; token: Buffer | 'native' | 'unknown' }
  | { type: 'chain'; chainId: number };
export type IdType = ParsedId['type'];
/** The members of ParsedId that `type` may be. Extract alone finds none, since each stands for several types. */
export type ParsedIdOf<Type extends IdType> = ParsedId extends infer Id
  ? Id extends { type: IdType }
    ? Type extends Id['type']
      ? Id
      : never
    : never
  : never;

const NUMBERED = new Set<string>(['datanet', 'contribution', 'model', 'adapter', 'dispute']);
const HASHED = new Set<string>(['inference', 'pool']);
const PLACED = new Set<string>(['reward', 'claim', 'reversal', 'influence', 'event']);
const MAX_CHAIN_ID = 2 ** 31 - 1;
const MAX_BLOCK = 2 ** 40;

/** null for what can't be an id of any type. */
export function parseId(id: string): ParsedId | null {
  const [type = '', second = '', third, ...more] = id.split(':');
  if (more.length > 0) return null;
  if (type === 'account') return third === undefined && isHex(second, 20) ? { type, address: toBytes(second) } : null;
  const chainId = /^(0|[1-9]\d{0,9})$/.test(second) ? Number(second) : -1;
  if (chainId < 0 || chainId > MAX_CHAIN_ID) return null;
  if (type === 'chain') return third === undefined ? { type, chainId } : null;
  if (third === undefined) return null;
  if (NUMBERED.has(type)) {
    const key = uint256(third);
    return key === null ? null : { type: type as NumberedType, chainId, key };
  }
  if (HASHED.has(type)) {
    return isHex(third, 32) ? { type: type as HashedType, chainId, key: toBytes(third) } : null;
  }
  if (PLACED.has(type)) {
    const pos = place(third);
    return pos === null ? null : { type: type as PlacedType, chainId, pos };
  }
  if (type === 'token') {
    if (third === 'native' || third === 'unknown') return { type, chainId, token: third };
    return isHex(third, 20) ? { type, chainId, token: toBytes(third) } : null;
  }
  return null;
}

/** The texts in an id that was made here, without a look at them; an account's has no chain. */
export function textsIn(id: string): { chainId: string | null; key: string } {
  const first = id.indexOf(':') + 1;
  const second = id.indexOf(':', first);
  return second < 0
    ? { chainId: null, key: id.slice(first) }
    : { chainId: id.slice(first, second), key: id.slice(second + 1) };
}

/** The id with those texts. */
export function idOfTexts(type: IdType, chainId: string, key: string): string {
  return type === 'account' ? `account:${key}` : `${type}:${chainId}:${key}`;
}

/** The id of that type; null for an id of another type. @throws BAD_USER_INPUT for what is no id at all. */
export function parseIdOf<Type extends IdType>(type: Type, id: string, argument = 'id'): ParsedIdOf<Type> | null {
  const parsed = parseId(id);
  if (!parsed) throw badUserInput(argument, 'expected an id like "datanet:1612:7"');
  return parsed.type === type ? (parsed as unknown as ParsedIdOf<Type>) : null;
}

export const datanetId = (chainId: number, key: bigint | string): string => `datanet:${chainId}:${key}`;
export const contributionId = (chainId: number, key: bigint | string): string => `contribution:${chainId}:${key}`;
export const modelId = (chainId: number, key: bigint | string): string => `model:${chainId}:${key}`;
export const adapterId = (chainId: number, key: bigint | string): string => `adapter:${chainId}:${key}`;
export const disputeId = (chainId: number, key: bigint | string): string => `dispute:${chainId}:${key}`;
export const inferenceId = (chainId: number, key: Buffer): string => `inference:${chainId}:${toHex(key)}`;
export const poolId = (chainId: number, key: Buffer): string => `pool:${chainId}:${toHex(key)}`;
export const accountId = (address: Buffer): string => `account:${toHex(address)}`;
/** reward, claim, reversal, influence, event: "<type>:<chainId>:<blockNumber>-<logIndex>". */
export const placedId = (type: PlacedType, chainId: number, pos: bigint): string =>
  `${type}:${chainId}:${blockOf(pos)}-${logIndexOf(pos)}`;

function uint256(text: string): bigint | null {
  if (!/^(0|[1-9]\d{0,77})$/.test(text)) return null;
  const value = BigInt(text);
  return value < 2n ** 256n ? value : null;
}

function isHex(text: string, length: number): boolean {
  return text.length === 2 + 2 * length && /^0x[0-9a-fA-F]*$/.test(text);
}

/** The position in the key of a PlacedType; null for what is none. */
export function place(text: string): bigint | null {
  const [, block, log] = /^(0|[1-9]\d{0,12})-(0|[1-9]\d{0,6})$/.exec(text) ?? [];
  if (block === undefined || log === undefined || Number(block) > MAX_BLOCK || Number(log) >= 2 ** 22) return null;
  return positionOf(Number(block), Number(log));
}
