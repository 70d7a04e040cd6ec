import { setTimeout as delay } from 'node:timers/promises';
import pino from 'pino';
import { type Api, startApi } from '../../api/server';
import { messageOf } from '../../schema/appError';
import type { TestDatabase } from '../run/database';
import { type Watch, watchSnapshots } from './survives';

interface Block {
  chainId: number;
  number: number;
  hash: string;
  finality: 'PENDING' | 'SAFE' | 'FINALIZED';
}
type Mark = { number: number; hash: string } | null;
interface Status {
  chainId: number;
  head: Mark;
  indexed: Mark;
  safe: Mark;
  finalized: Mark;
  blocksBehind: number | null;
  error: string | null;
}
interface Answer {
  indexStatus: { synced: boolean; chains: Status[] };
  [list: string]: unknown;
}

const rows = (at: string) => `{ nodes { at: ${at} { block { chainId number hash finality } } } }`;
/** What a client could ask: the status, and the rows that lie nearest to it. */
const QUERY = `{
  indexStatus {
    synced
    chains {
      chainId blocksBehind error
      head { number hash } indexed { number hash } safe { number hash } finalized { number hash }
    }
  }
  newest: events(first: 5) ${rows('at')}
  oldest: events(last: 1) ${rows('at')}
  rewards(first: 3) ${rows('accruedAt')}
  claims(first: 3) ${rows('claimedAt')}
}`;

/** Where an answer's rows contradict the status in it. */
export function contradictions({ indexStatus, ...lists }: Answer): string[] {
  const found: string[] = [];
  const { synced, chains } = indexStatus;
  for (const { chainId, head, indexed, safe, finalized, blocksBehind, error } of chains) {
    const behind = head && indexed ? Math.max(0, head.number - indexed.number) : null;
    if (blocksBehind !== behind) found.push(`chain ${chainId} says it is ${blocksBehind} behind, its marks ${behind}`);
    if (synced && (behind !== 0 || error !== null)) found.push(`synced, and chain ${chainId} is not`);
    for (const [what, mark] of Object.entries({ safe, finalized })) {
      if (mark && mark.number > (indexed?.number ?? -1)) found.push(`${what} is beyond what is indexed`);
      if (mark && mark.number === indexed?.number && mark.hash !== indexed.hash) found.push(`${what} is another block`);
    }
  }
  const status = new Map(chains.map((chain) => [chain.chainId, chain]));
  for (const [list, { nodes }] of Object.entries(lists as Record<string, { nodes: { at: { block: Block } }[] }>)) {
    for (const { block } of nodes.map(({ at }) => at)) {
      const { indexed, safe, finalized } = status.get(block.chainId) as Status;
      const marks = Object.entries({ indexed, safe, finalized });
      if (block.number > (indexed?.number ?? -1)) found.push(`${list} has block ${block.number}, beyond the status`);
      for (const [what, mark] of marks) {
        if (block.number === mark?.number && block.hash !== mark.hash) found.push(`${list} has another ${what} block`);
      }
      const isAtMost = (mark: Mark) => mark !== null && block.number <= mark.number;
      const finality = isAtMost(finalized) ? 'FINALIZED' : isAtMost(safe) ? 'SAFE' : 'PENDING';
      if (block.finality !== finality) found.push(`${list} calls block ${block.number} ${block.finality}`);
    }
  }
  return found;
}

/** Leaves the machine to what is watched. */
const BETWEEN_ANSWERS_MS = 150;

/**
 * Watches an index until the end as a client does, over the API, and from inside, by snapshots of its tables.
 * @param database one that stays up; an answer without data is a contradiction, too
 */
export async function watchIndex(database: TestDatabase): Promise<Watch> {
  const { pool, url: databaseUrl } = database;
  const snapshots = watchSnapshots(pool);
  const api = await startApi({ pool, databaseUrl, host: '127.0.0.1', port: 0, log: pino({ level: 'silent' }) });
  let ended: Promise<void> | undefined;
  let bad = '';
  const watching = (async () => {
    while (!ended && !bad) {
      bad = await lookAt(api).catch(messageOf);
      await delay(BETWEEN_ANSWERS_MS);
    }
  })();
  return {
    get snapshots() {
      return snapshots.snapshots;
    },
    end() {
      ended ??= (async () => {
        await watching;
        await api.close();
        await snapshots.end();
        if (bad) throw new Error(`an answer of the API contradicted itself: ${bad}`);
      })();
      return ended;
    },
  };
}

/** What is wrong with one answer; nothing: ''. */
async function lookAt({ url }: Api): Promise<string> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: QUERY }),
  });
  const text = await response.text();
  const { data, errors } = JSON.parse(text) as { data?: Answer; errors?: unknown };
  const found = errors || !data ? ['it has errors'] : contradictions(data);
  return found.length > 0 ? `${found.join('\n')}\nin ${text}` : '';
}
