import { badUserInput } from '../errors';
import { parseIdOf } from '../ids';
import { type Sql, sql } from '../sql';

/** An order's or filter's `token`: a chain's token; null address: the one that no event names. */
export interface WantedToken {
  chainId: number;
  address: Buffer | null;
}

const NATIVE = Buffer.alloc(20);

/** @throws BAD_USER_INPUT for no token, or what is no token's id. */
export function wantedToken(argument: string, id: string | null | undefined): WantedToken {
  if (!id) throw badUserInput(argument, 'an order by money needs a token, like "token:1612:native"');
  const parsed = parseIdOf('token', id, argument);
  if (!parsed) throw badUserInput(argument, 'expected the id of a token, like "token:1612:native"');
  const { chainId, token } = parsed;
  return { chainId, address: token === 'unknown' ? null : token === 'native' ? NATIVE : token };
}

/** Whether a pool's token is the wanted one; `token` is null for a pool never created. */
export function isToken(chain: Sql, token: Sql, wanted: WantedToken): Sql {
  const same = wanted.address === null ? sql`${token} is null` : sql`${token} = ${wanted.address}::bytea`;
  return sql`(${chain} = ${wanted.chainId}::integer and ${same})`;
}

/** What accrued to a subject (or pool, contribution, …) in one token; null token: of pools never created. */
export interface TokenTotal {
  chain_id: number;
  token: Buffer | null;
  amount: string;
}
