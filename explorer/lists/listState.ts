import type { Place } from '../router/place';
import type { Filter, Sort } from './definition';

export const SIZES = [25, 50, 100, 1000];

export interface ListState {
  where: Record<string, unknown>;
  orderBy: { field: string; direction: 'ASC' | 'DESC'; token?: string } | undefined;
  size: number;
  /** Behind or before which row the page is. */
  paging: { after?: string; before?: string };
  /** As it stands in the URL. */
  sort: string | null;
}

/** What the URL says about a list; a value that it can't have is as if it weren't there. */
export function listState(
  { params }: Place,
  { filters, sorts }: { filters: readonly Filter[]; sorts: readonly Sort[] },
  moneyToken: string | undefined,
): ListState {
  const where = Object.assign({}, ...filters.map((filter) => whereOf(filter, params.get(filter.param))));
  const asked = Number(params.get('size'));
  const size = SIZES.includes(asked) ? asked : 25;
  const before = params.get('before');
  const after = params.get('after') ?? undefined;
  const sort = params.get('sort');
  const known = sorts.find(({ param }) => param === sort?.replace(/^-/, ''));
  return {
    where,
    size,
    sort: known ? sort : null,
    orderBy: known && {
      field: known.field,
      direction: sort?.startsWith('-') ? 'DESC' : 'ASC',
      ...(known.money ? { token: params.get('token') ?? moneyToken } : {}),
    },
    paging: before ? { before } : { after },
  };
}

function whereOf({ where, choices }: Filter, value: string | null): Record<string, unknown> {
  if (!value) return {};
  if (choices && !choices.some((choice) => choice.value === value)) return {};
  return where(value);
}
