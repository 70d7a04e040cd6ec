import { useEffect } from 'react';
import { useQuery } from 'urql';
import type { TypedDocument } from '../../client/query';
import { useConnection } from '../live/connection';

export interface Asked<Data> {
  data: Data | undefined;
  /** In words for the reader; data may be there all the same, from before or in part. */
  error: string | undefined;
  /** Which of its variables the API can't read, e.g. `id`: asking again won't help. */
  unreadable: string | undefined;
  fetching: boolean;
  again(): void;
}

/** Asks the API; asks again when the connection comes back after a failure. */
export function useAsk<Data, Variables extends object>(
  document: TypedDocument<Data, Variables>,
  variables: Variables,
  { pause = false } = {},
): Asked<Data> {
  const [{ data, error, fetching }, execute] = useQuery<Data>({ query: document.text, variables, pause });
  const again = () => execute({ requestPolicy: 'network-only' });
  const { state } = useConnection();
  const failed = Boolean(error?.networkError);
  useEffect(() => {
    if (state === 'live' && failed) execute({ requestPolicy: 'network-only' });
  }, [state, failed, execute]);
  const unreadable = error?.graphQLErrors[0]?.extensions.argument as string | undefined;
  return { data: data ?? undefined, error: error && textOf(error), unreadable, fetching, again };
}

function textOf(error: { networkError?: Error; graphQLErrors: readonly { message: string }[] }): string {
  if (error.graphQLErrors.length > 0) return error.graphQLErrors.map(({ message }) => message).join(' ');
  return 'The server does not answer.';
}
