import { type FormEvent, useEffect, useState } from 'react';
import { exactTime } from '../format/time';
import { useConnection } from '../live/connection';
import { Time } from '../parts/Time';
import { hrefWith, navigate, usePlace } from '../router/place';
import { asOfIn, asOfText, chainOfPath, isAlwaysNow, PARAM } from './asOf';
import { usePast } from './usePast';

/** Says that the page is of a past block, and leads through time: to another block, or back to now. */
export function PastBar() {
  const place = usePlace();
  const { chains } = useConnection();
  const past = usePast();
  const wanted = asOfIn(place);
  const chain = chains.find(({ chainId }) => chainId === (wanted?.chainId ?? past.chainId)) ?? chains[0];
  const newest = chain?.indexed?.number ?? wanted?.number ?? 0;
  const [number, setNumber] = useState(wanted?.number ?? 0);
  useEffect(() => setNumber(wanted?.number ?? 0), [wanted?.number]);
  if (!wanted) return null;

  const go = (next: number) => {
    if (!Number.isInteger(next) || next < 0 || next === wanted.number) return;
    const changes = { [PARAM]: asOfText({ chainId: chain?.chainId ?? null, number: next }), ...ANEW };
    navigate(hrefWith(place, changes), { replace: true });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    go(number);
  };
  return (
    <section className="banner past" aria-label="As of a past block">
      <p>
        <strong>
          {past.isPast && !isAlwaysNow(place.path) ? 'The past.' : 'This page has no past: it shows now.'}
        </strong>{' '}
        {past.isPast && !isAlwaysNow(place.path) && (
          <>
            Everything here is as of block {wanted.number.toLocaleString('en')}
            {past.to && (
              <>
                , <Time at={past.to} /> <span className="wide">({exactTime(past.to)})</span>
              </>
            )}
            .
          </>
        )}
        {!past.isPast && `The block is of ${chain?.name ?? 'another chain'}.`}
      </p>
      <form onSubmit={submit}>
        <input
          type="range"
          aria-label="Block, of all that are indexed"
          min={0}
          max={Math.max(newest, wanted.number)}
          value={number}
          onChange={(event) => setNumber(Number(event.target.value))}
          onPointerUp={() => go(number)}
          onKeyUp={() => go(number)}
        />
        <label>
          Block{' '}
          <input
            inputMode="numeric"
            size={9}
            value={number}
            onChange={(event) => setNumber(Number(event.target.value.replace(/\D/g, '').slice(0, 9)))}
          />
        </label>
        <button type="submit" className="button">
          Go
        </button>
        <a className="button primary" href={hrefWith(place, { [PARAM]: undefined, ...ANEW })} data-now>
          Back to now
        </a>
      </form>
    </section>
  );
}

/** A list of another block begins anew. */
const ANEW = { after: undefined, before: undefined };

/** Into the past: the newest block first, from which the way leads back. */
export function PastLink({ children }: { children: React.ReactNode }) {
  const place = usePlace();
  const { chains } = useConnection();
  const own = chainOfPath(place.path);
  const chain = own === null ? chains[0] : chains.find(({ chainId }) => chainId === own);
  if (asOfIn(place) || !chain?.indexed || isAlwaysNow(place.path)) return null;
  const asOf = asOfText({ chainId: chain.chainId, number: chain.indexed.number });
  return (
    <a
      className="plain"
      href={hrefWith(place, { [PARAM]: asOf, ...ANEW })}
      title="Look at this page as of a past block"
      aria-label="Look at this page as of a past block"
    >
      {children}
    </a>
  );
}
