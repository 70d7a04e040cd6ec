import { useAsk } from '../data/useAsk';
import { Moment } from '../documents';
import { useConnection } from '../live/connection';
import { usePlace } from '../router/place';
import { asOfIn, chainOfPath } from './asOf';

export interface Past {
  /** What to ask for, as variables; empty in the present. */
  asOf?: { number: number };
  /** Of windows of time: just after the newest event up to that block. */
  to?: string;
  /** Of lists and accounts, which are on every chain: the block is of this one. */
  chainId?: number;
  /** The moment is not known yet: a question that needs `to` waits. */
  isWaiting: boolean;
  isPast: boolean;
}

const NOW: Past = { isWaiting: false, isPast: false };

/** As of which block the page answers, as the URL says; a thing of another chain than the block's is shown as it is now. */
export function usePast(): Past {
  const place = usePlace();
  const { chains } = useConnection();
  const wanted = asOfIn(place);
  const own = chainOfPath(place.path);
  const chainId = wanted?.chainId ?? own ?? chains[0]?.chainId;
  const isOther = own !== null && chainId !== own;
  const number = wanted?.number ?? 0;
  const pause = !wanted || isOther || chainId === undefined;
  const { data, error } = useAsk(Moment, { chainId: chainId ?? 0, block: number }, { pause });
  if (!wanted || isOther) return NOW;
  if (chainId === undefined) return { isWaiting: true, isPast: true };
  const newest = data?.events?.nodes[0]?.at.timestamp;
  return {
    asOf: { number },
    chainId,
    to: newest && new Date(Date.parse(newest) + 1_000).toISOString(),
    isWaiting: !data && !error,
    isPast: true,
  };
}
