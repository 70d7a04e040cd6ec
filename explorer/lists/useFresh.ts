import { useEffect, useRef, useState } from 'react';
import { useClient } from 'urql';
import { useConnection } from '../live/connection';
import type { ListDefinition, PageOf } from './definition';

/** A list that grows with every block is not counted with every block. */
const PAUSE_MS = 5_000;

/** How many rows came since the page was read: they are announced, and nothing moves that is being looked at. */
export function useFresh<Data, Row>(
  list: ListDefinition<Data, Row>,
  where: object,
  { page, isWatched }: { page: PageOf<Row> | undefined; isWatched: boolean },
): number {
  const { chains, state } = useConnection();
  const client = useClient();
  const known = page?.totalCount;
  const key = `${list.path} ${JSON.stringify(where)}`;
  const [counted, setCounted] = useState({ key, total: 0 });
  const latest = useRef(where);
  latest.current = where;
  const [isFree, setFree] = useState(true);
  const head = chains.map(({ indexed }) => indexed?.hash).join(' ');
  const begun = useRef(head);
  const isOn = isWatched && known !== undefined && state === 'live';
  useEffect(() => {
    if (!isOn || !isFree || document.hidden || head === begun.current) return;
    begun.current = head;
    setFree(false);
    const count = async () => {
      const variables = { where: latest.current, first: 1 };
      const options = { requestPolicy: 'network-only' } as const;
      const { data } = await client.query<Data>(list.document.text, variables, options).toPromise();
      setCounted({ key, total: (data && list.page(data)?.totalCount) ?? 0 });
      // What came meanwhile is counted then.
      setTimeout(() => setFree(true), PAUSE_MS);
    };
    void count();
  }, [isOn, isFree, head, key, client, list]);
  return isOn && counted.key === key ? Math.max(0, counted.total - known) : 0;
}
