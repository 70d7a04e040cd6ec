import { createClient } from 'graphql-ws';
import { useSyncExternalStore } from 'react';
import { API_URL, client } from '../data/client';
import { Status, StatusChanges, type StatusChangesData, type StatusData } from '../documents';

export type ChainState = StatusData['indexStatus']['chains'][number];

export interface Connection {
  /** offline: it was live, and is being tried again. */
  state: 'connecting' | 'live' | 'offline';
  chains: readonly ChainState[];
  version: string | null;
}

let current: Connection = { state: 'connecting', chains: [], version: null };
const listeners = new Set<() => void>();

function change(next: Partial<Connection>): void {
  current = { ...current, ...next };
  for (const listener of listeners) listener();
}

export function useConnection(): Connection {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}

/** Follows how far each chain is indexed, for as long as the page is open; the socket also says whether we are online. */
export function connect(): void {
  const socket = createClient({
    url: API_URL.replace(/^http/, 'ws'),
    lazy: false,
    // A connection that died silently is noticed by a ping that nobody answers.
    keepAlive: 10_000,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: (retries) => new Promise((done) => setTimeout(done, Math.min(250 * 2 ** retries, 5_000))),
    on: {
      connected: () => {
        change({ state: 'live' });
        void readStatus();
      },
      closed: () => change({ state: current.state === 'connecting' ? 'connecting' : 'offline' }),
      ping: (received) => {
        if (received) return;
        waiting = setTimeout(() => socket.terminate(), 5_000);
      },
      pong: (received) => {
        if (received) clearTimeout(waiting);
      },
    },
  });
  let waiting: ReturnType<typeof setTimeout> | undefined;
  socket.subscribe<StatusChangesData>(
    { query: StatusChanges.text },
    {
      next: ({ data }) => {
        if (data) change({ chains: withChain(current.chains, data.indexStatus) });
      },
      error: () => change({ state: 'offline' }),
      complete: () => undefined,
    },
  );
  window.addEventListener('offline', () => change({ state: 'offline' }));
  window.addEventListener('online', () => socket.terminate());
}

async function readStatus(): Promise<void> {
  const { data } = await client.query<StatusData>(Status.text, {}, { requestPolicy: 'network-only' }).toPromise();
  if (data) change({ chains: data.indexStatus.chains, version: data.indexStatus.version });
}

function withChain(chains: readonly ChainState[], changed: ChainState): ChainState[] {
  const others = chains.filter(({ chainId }) => chainId !== changed.chainId);
  return [...others, changed].sort((a, b) => a.chainId - b.chainId);
}

/** What became of a block since its row was read: finality only grows, and the status says how far it is. */
export function finalityNow(
  chains: readonly ChainState[],
  block: { chainId: number; number: number; finality: 'PENDING' | 'SAFE' | 'FINALIZED' },
): 'PENDING' | 'SAFE' | 'FINALIZED' {
  const chain = chains.find(({ chainId }) => chainId === block.chainId);
  if (block.finality === 'FINALIZED' || block.number <= (chain?.finalized?.number ?? -1)) return 'FINALIZED';
  if (block.finality === 'SAFE' || block.number <= (chain?.safe?.number ?? -1)) return 'SAFE';
  return 'PENDING';
}
