import type { Sql } from '../../sql';
import type { SortDirection } from '../../types/filters';
import { type WantedToken, wantedToken } from '../money';
import type { Listing } from './listing';

interface Order<Field extends string> {
  field: Field;
  direction: SortDirection;
  token?: string | null;
}
/** What a field orders by: nothing (chain order), a number, or an amount of the order's token. */
export type OrderValue = Sql | null | { ofToken: (token: WantedToken) => Sql };
export type Ordering = Pick<Listing, 'name' | 'value' | 'missing' | 'direction'> & { token: WantedToken | null };

/**
 * `list`: names the list; the cursors of every order of it differ.
 * @throws BAD_USER_INPUT for an order by money without a token
 */
export function orderingOf<Field extends string>(
  list: string,
  order: Order<Field> | null | undefined,
  values: Readonly<Record<Field, OrderValue>>,
): Ordering {
  if (!order) return { name: `${list} DESC`, direction: 'DESC', token: null };
  const { field, direction } = order;
  const value = values[field];
  // The order by chain order is the one of a list without orderBy: their cursors are one another's.
  if (value === null) return { name: `${list} ${direction}`, direction, token: null };
  if (!('ofToken' in value)) {
    return { name: `${list} ${field} ${direction}`, value, missing: 'lowest', direction, token: null };
  }
  const token = wantedToken('orderBy.token', order.token);
  const name = `${list} ${field} ${direction} ${order.token}`;
  return { name, value: value.ofToken(token), missing: 'last', direction, token };
}
