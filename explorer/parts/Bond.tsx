import { useAsk } from '../data/useAsk';
import { Native } from '../documents';
import { Amount } from './Amount';

/** What somebody put at stake. No event names its token: bonds are posted as the value of a call, in the chain's own. */
export function Bond({ of, chainId }: { of: string; chainId: number | string | null }) {
  const id = `token:${chainId}:native`;
  const { data } = useAsk(Native, { id }, { pause: chainId === null });
  const token = data?.node?.__typename === 'Token' ? data.node : { id, symbol: null, decimals: null };
  return <Amount of={{ amount: of, token }} />;
}
