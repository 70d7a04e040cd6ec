import { formatShare } from '../format/number';
import { useConnection } from '../live/connection';
import { PastBar } from '../past/PastBar';

/** What everything on the page must be read with: that we are offline, or that history is still being indexed. */
export function Banner() {
  const { state, chains } = useConnection();
  const halted = chains.find(({ error }) => error);
  const young = chains.filter(({ progress, error }) => progress < 1 && !error);
  return (
    <>
      <PastBar />
      <div role="status" className="banners">
        {state === 'offline' && (
          <p className="banner bad">Offline. What you see is from before; it goes on by itself, without a gap.</p>
        )}
        {halted && (
          <p className="banner bad">
            {halted.name} stands still: {halted.error}
          </p>
        )}
        {young.map(({ chainId, name, progress }) => (
          <p key={chainId} className="banner wait">
            The history of {name} is being indexed: {formatShare(progress)}. Totals grow until it is done.
          </p>
        ))}
      </div>
    </>
  );
}
