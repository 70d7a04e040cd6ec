import { finalityNow, useConnection } from '../live/connection';

const SAYS = {
  PENDING: 'Pending: a reorg may still take it back',
  SAFE: 'Safe: a reorg is unlikely to take it back',
  FINALIZED: 'Final',
};

type BlockLike = Parameters<typeof finalityNow>[1];

/** Whether what stands in a block may still change; goes on with the chain while the page is open. */
export function Finality({ of, text = false }: { of: BlockLike; text?: boolean }) {
  const finality = finalityNow(useConnection().chains, of);
  return (
    <span className={`finality ${finality.toLowerCase()}`} title={SAYS[finality]}>
      <i aria-hidden="true" />
      <span className={text ? '' : 'hidden'}>{finality.toLowerCase()}</span>
    </span>
  );
}
