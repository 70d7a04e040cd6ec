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
  const asking = useRef({ where, isBusy: false });
  asking.current.where = where;
  const head = chains.map(({ indexed }) => indexed?.hash).join(' ');
  const begun = useRef(head);
  const isOn = isWatched && known !== undefined && state === 'live';
  useEffect(() => {
    if (!isOn || asking.current.isBusy || document.hidden || head === begun.current) return;
    begun.current = head;
    asking.current.isBusy = true;
    const count = async () => {
      const variables = { where: asking.current.where, first: 1 };
      const options = { requestPolicy: 'network-only' } as const;
      const { data } = await client.query<Data>(list.document.text, variables, options).toPromise();
      setCounted({ key, total: (data && list.page(data)?.totalCount) ?? 0 });
      setTimeout(() => {
        asking.current.isBusy = false;
      }, PAUSE_MS);
    };
    void count();
  }, [isOn, head, key, client, list]);
  return isOn && counted.key === key ? Math.max(0, counted.total - known) : 0;
}
