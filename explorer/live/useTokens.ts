import { useAsk } from '../data/useAsk';
import { Tokens } from '../documents';
import type { TokenLike } from '../format/amount';
import { useConnection } from './connection';

/** Tokens that rewards were paid in, those of the largest sums first; before any, the chains' own. */
export function useTokens({ pause }: { pause: boolean }): readonly TokenLike[] {
  const { data } = useAsk(Tokens, {}, { pause });
  const { chains } = useConnection();
  const paid = data?.rewardHistory?.total.map(({ token }) => token) ?? [];
  if (paid.length > 0) return paid;
  return chains.map(({ chainId, name }) => ({ id: `token:${chainId}:native`, symbol: name, decimals: 18 }));
}
