import { useEffect, useReducer, useRef } from 'react';
import { follow } from '../../client/follow';
import { API_URL } from '../data/client';
import { RewardChanges, type RewardChangesData, type RewardFilter, type RewardListData } from '../documents';

export type RewardRow = NonNullable<RewardListData['rewards']>['nodes'][number];
type RewardChange = RewardChangesData['rewards'];

export interface FeedRow {
  reward: RewardRow;
  /** A reorg took its block back; it leaves in a moment. */
  retracted: boolean;
}
export interface Feed {
  shown: readonly FeedRow[];
  /** Came since, and wait for the reader to ask for them. */
  waiting: readonly RewardRow[];
}

type Action =
  | { do: 'begin'; rows: readonly RewardRow[] }
  | { do: 'apply'; reward: RewardRow }
  | { do: 'retract' | 'leave'; id: string; hash: string }
  | { do: 'show' };

const LEAVE_AFTER_MS = 6_000;
const MOST = 40;

const isOf = (reward: RewardRow, { id, hash }: { id: string; hash: string }) =>
  reward.id === id && reward.accruedAt.block.hash === hash;

function feedOf(feed: Feed, action: Action): Feed {
  switch (action.do) {
    case 'begin':
      return { shown: action.rows.map((reward) => ({ reward, retracted: false })), waiting: [] };
    case 'apply':
      return { ...feed, waiting: [action.reward, ...feed.waiting] };
    // What was never shown needs no farewell.
    case 'retract':
      return {
        shown: feed.shown.map((row) => (isOf(row.reward, action) ? { ...row, retracted: true } : row)),
        waiting: feed.waiting.filter((reward) => !isOf(reward, action)),
      };
    case 'leave':
      return { ...feed, shown: feed.shown.filter((row) => !(row.retracted && isOf(row.reward, action))) };
    case 'show': {
      const fresh = feed.waiting.map((reward) => ({ reward, retracted: false }));
      return { shown: [...fresh, ...feed.shown].slice(0, MOST), waiting: [] };
    }
  }
}

/**
 * Rewards from a page's answer on, each exactly once: the page's change cursor is where the stream begins, and it goes on
 * from the last one handled whenever the connection was lost.
 */
export function useFeed(
  page: { nodes: readonly RewardRow[]; pageInfo: { changeCursor: string } } | null | undefined,
  { where, isFollowed = true }: { where?: RewardFilter; isFollowed?: boolean } = {},
): Feed & { show(): void } {
  const [feed, act] = useReducer(feedOf, { shown: [], waiting: [] });
  const filter = JSON.stringify(where ?? null);
  const ready = Boolean(page);
  // Begun once per filter: what later answers of the page hold comes by the stream.
  const latest = useRef(page);
  latest.current = page;
  useEffect(() => {
    const first = latest.current;
    if (!ready || !first) return;
    act({ do: 'begin', rows: first.nodes });
    if (!isFollowed) return;
    const ending = new AbortController();
    const onChange = ({ op, id, at, reward }: RewardChange) => {
      if (op === 'APPLY' && reward) act({ do: 'apply', reward });
      if (op !== 'RETRACT' || !id || !at) return;
      const gone = { id, hash: at.block.hash };
      act({ do: 'retract', ...gone });
      setTimeout(() => act({ do: 'leave', ...gone }), LEAVE_AFTER_MS);
    };
    follow<RewardChange>(
      { url: API_URL, document: RewardChanges, variables: { where: JSON.parse(filter) } },
      { after: first.pageInfo.changeCursor, onChange, signal: ending.signal },
    ).catch(() => undefined);
    return () => ending.abort();
  }, [ready, filter, isFollowed]);
  return { ...feed, show: () => act({ do: 'show' }) };
}
