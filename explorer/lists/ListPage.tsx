import { symbolOf } from '../format/amount';
import { counted, formatCount } from '../format/number';
import { useTokens } from '../live/useTokens';
import { Empty, Failed, Loading } from '../parts/states';
import { Table } from '../parts/Table';
import { usePast } from '../past/usePast';
import { hrefWith, navigate, usePlace } from '../router/place';
import { CsvButton } from './CsvButton';
import type { ListDefinition } from './definition';
import { FilterBar } from './FilterBar';
import { type ListState, listState, SIZES } from './listState';
import { useFresh } from './useFresh';
import { useRows } from './useRows';

/** A whole list: filters and order in the URL, pages both ways, the export. */
export function ListPage<Data, Row>({ list }: { list: ListDefinition<Data, Row> }) {
  const place = usePlace();
  const sort = place.params.get('sort')?.replace(/^-/, '');
  const byMoney = list.sorts.some(({ param, money }) => money && param === sort);
  const tokens = useTokens({ pause: !byMoney });
  const state = listState(place, list, tokens[0]?.id);
  const past = usePast();
  const where = past.chainId === undefined ? state.where : { ...state.where, chainId: { eq: past.chainId } };
  const pause = past.isWaiting || (byMoney && !state.orderBy?.token);
  const asked = useRows(list, { where, orderBy: state.orderBy, asOf: past.asOf }, state, { pause });
  const { page } = asked;
  const fresh = useFresh(list, where, { page, isWatched: !past.isPast && !state.sort && isFirst(state) });
  const anew = { after: undefined, before: undefined };
  // A reorg may have taken the row away after which a page begins: that page is not there however often it is asked for.
  const beginning = isFirst(state) ? undefined : { href: hrefWith(place, anew), label: 'To the first page' };
  const { totalCount = 0, pageInfo } = page ?? {};

  return (
    <div className="page">
      <title>{`${list.title} · Flywheel`}</title>
      <header className="head">
        <h1>{list.title}</h1>
        <p className="lead">{list.lead}</p>
      </header>
      <FilterBar filters={list.filters} />
      <div className="bar">
        <p role="status" className="count">
          {page ? counted(totalCount, list.noun) : '…'}
        </p>
        {byMoney && tokens.length > 1 && (
          <label className="inline">
            Amounts in{' '}
            <select
              value={state.orderBy?.token}
              onChange={(event) => navigate(hrefWith(place, { ...anew, token: event.target.value }))}
            >
              {tokens.map((token) => (
                <option key={token.id} value={token.id}>
                  {symbolOf(token)} ({token.id.split(':')[1]})
                </option>
              ))}
            </select>
          </label>
        )}
        <label className="inline sorts">
          Sorted by{' '}
          <select
            value={state.sort ?? ''}
            onChange={(event) => navigate(hrefWith(place, { ...anew, sort: event.target.value || undefined }))}
          >
            <option value="">newest</option>
            {list.sorts.flatMap(({ param, label }) => [
              <option key={`-${param}`} value={`-${param}`}>
                {label}, descending
              </option>,
              <option key={param} value={param}>
                {label}, ascending
              </option>,
            ])}
          </select>
        </label>
        <CsvButton list={list} variables={{ where, orderBy: state.orderBy }} past={past} total={totalCount} />
      </div>
      {asked.error && <Failed error={asked.error} again={asked.again} elsewhere={beginning} />}
      {!page && !asked.error && <Loading rows={12} />}
      {page && page.nodes.length === 0 && <Empty>Nothing fits these filters.</Empty>}
      {page && page.nodes.length > 0 && (
        <div className={asked.fetching ? 'panel stale' : 'panel'} aria-busy={asked.fetching}>
          {fresh > 0 && (
            <button type="button" className="fresh-rows" onClick={asked.again}>
              {formatCount(fresh)} new
            </button>
          )}
          <Table
            caption={list.title}
            rows={page.nodes}
            columns={list.columns}
            keyOf={list.keyOf}
            sort={{ current: state.sort, href: (next) => hrefWith(place, { ...anew, sort: next }) }}
          />
          {asked.isGrowing && (
            <p className="growing" role="status">
              {formatCount(page.nodes.length)} of {formatCount(Math.min(state.size, totalCount))} rows are here…
            </p>
          )}
        </div>
      )}
      {pageInfo && (
        <nav className="paging" aria-label="Pages">
          <Step
            label="Previous"
            href={
              pageInfo.hasPreviousPage &&
              hrefWith(place, { after: undefined, before: pageInfo.startCursor ?? undefined })
            }
          />
          <label className="inline">
            Rows{' '}
            <select
              value={state.size}
              onChange={(event) => navigate(hrefWith(place, { ...anew, size: event.target.value }))}
            >
              {SIZES.map((size) => (
                <option key={size} value={size}>
                  {formatCount(size)}
                </option>
              ))}
            </select>
          </label>
          <Step
            label="Next"
            href={
              pageInfo.hasNextPage && hrefWith(place, { before: undefined, after: pageInfo.endCursor ?? undefined })
            }
          />
        </nav>
      )}
    </div>
  );
}

const isFirst = ({ paging }: ListState) => !paging.after && !paging.before;

function Step({ label, href }: { label: string; href: string | false }) {
  return href ? (
    <a className="button" href={href} rel={label === 'Next' ? 'next' : 'prev'}>
      {label}
    </a>
  ) : (
    <span className="button off" aria-hidden="true">
      {label}
    </span>
  );
}
