import { Finality } from '../parts/Finality';
import { Hex } from '../parts/Hex';
import { Time } from '../parts/Time';
import { asOfText, PARAM } from '../past/asOf';
import { hrefWith, usePlace } from '../router/place';

interface AtLike {
  transactionHash: string;
  logIndex: number;
  timestamp: string;
  eventId: string;
  block: { chainId: number; number: number; hash: string; finality: 'PENDING' | 'SAFE' | 'FINALIZED' };
}

/** Where on chain something stands, so that anyone can check it. */
export function Evidence({ of, name }: { of: AtLike; name?: string }) {
  const place = usePlace();
  const { chainId, number } = of.block;
  return (
    <span className="evidence">
      <a href={`/${of.eventId}`}>{name ?? 'Event'}</a> in block{' '}
      <a href={hrefWith(place, { [PARAM]: asOfText({ chainId, number }) })} title="This page as of that block">
        {number.toLocaleString('en')}
      </a>
      , transaction <Hex of={of.transactionHash} /> log {of.logIndex} · <Time at={of.timestamp} />{' '}
      <Finality of={of.block} text />
    </span>
  );
}
