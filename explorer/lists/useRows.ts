import { useEffect, useRef, useState } from 'react';
import { useClient } from 'urql';
import type { TypedDocument } from '../../client/query';
import { type Asked, useAsk } from '../data/useAsk';
import type { ListDefinition, PageOf } from './definition';
import type { ListState } from './listState';

/** What the API gives at once. */
const AT_ONCE = 100;

export interface Rows<Row> extends Omit<Asked<unknown>, 'data'> {
  /** undefined: nothing is there yet. */
  page: PageOf<Row> | undefined;
  /** Of a long page, more rows are coming. */
  isGrowing: boolean;
}

interface More<Row> {
  /** Of which question these are. */
  key: string;
  rows: readonly Row[];
  pageInfo: PageOf<Row>['pageInfo'];
  error?: string;
}

/** One page of a list; a page longer than what the API gives at once grows until it is whole, without a gap. */
export function useRows<Data, Row>(
  list: ListDefinition<Data, Row>,
  variables: { where: object; orderBy: object | undefined; asOf: object | undefined },
  { paging, size }: Pick<ListState, 'paging' | 'size'>,
  { pause }: { pause: boolean },
): Rows<Row> {
  const document = list.document as TypedDocument<Data, object>;
  const isBack = Boolean(paging.before);
  const chunk = Math.min(size, AT_ONCE);
  const pageOf = (cursor: string | null | undefined) =>
    isBack ? { ...variables, last: chunk, before: cursor } : { ...variables, first: chunk, after: cursor };
  const { data, ...asked } = useAsk<Data, object>(document, pageOf(paging.before ?? paging.after), { pause });
  const first = (data && list.page(data)) ?? undefined;
  const client = useClient();
  const [more, setMore] = useState<More<Row>>();
  // Where the first part ends: what was read behind it stays, unless it ends elsewhere now.
  const key = `${list.path} ${JSON.stringify(variables)} ${size} ${first && cursorOf(first.pageInfo, isBack)}`;
  const latest = useRef({ first, pageOf, isBack });
  latest.current = { first, pageOf, isBack };
  useEffect(() => {
    const { first, pageOf, isBack } = latest.current;
    if (!first || size <= AT_ONCE) return;
    let isOver = false;
    const grow = async () => {
      let rows: readonly Row[] = [];
      let { pageInfo } = first;
      while (first.nodes.length + rows.length < size && goesOn(pageInfo, isBack)) {
        const variables = pageOf(cursorOf(pageInfo, isBack));
        const answer = await client.query<Data>(list.document.text, variables).toPromise();
        if (isOver) return;
        const next = answer.data && list.page(answer.data);
        if (!next)
          return setMore({ key, rows, pageInfo, error: answer.error?.message ?? 'The server does not answer.' });
        rows = isBack ? [...next.nodes, ...rows] : [...rows, ...next.nodes];
        pageInfo = next.pageInfo;
        setMore({ key, rows, pageInfo });
      }
    };
    void grow();
    return () => {
      isOver = true;
    };
  }, [key, size, client, list]);

  if (!first || size <= AT_ONCE) return { ...asked, page: first, isGrowing: false };
  const { rows, pageInfo, error } = more?.key === key ? more : { rows: [], pageInfo: first.pageInfo, error: undefined };
  const nodes = isBack ? [...rows, ...first.nodes] : [...first.nodes, ...rows];
  const ends = isBack
    ? { ...first.pageInfo, startCursor: pageInfo.startCursor, hasPreviousPage: pageInfo.hasPreviousPage }
    : { ...first.pageInfo, endCursor: pageInfo.endCursor, hasNextPage: pageInfo.hasNextPage };
  return {
    ...asked,
    error: asked.error ?? error,
    page: { ...first, nodes, pageInfo: ends },
    isGrowing: !error && nodes.length < size && goesOn(pageInfo, isBack),
  };
}

type PageInfo = PageOf<unknown>['pageInfo'];

const cursorOf = ({ startCursor, endCursor }: PageInfo, isBack: boolean) => (isBack ? startCursor : endCursor);
const goesOn = ({ hasPreviousPage, hasNextPage }: PageInfo, isBack: boolean) =>
  isBack ? hasPreviousPage : hasNextPage;
