import type { ReactNode } from 'react';
import type { Asked } from '../data/useAsk';

/** Rows that will be there: as high as what comes, so that nothing jumps. */
export function Loading({ rows = 6 }: { rows?: number }) {
  return (
    <div className="loading" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => 94 - ((row * 17) % 38)).map((percent) => (
        <i key={percent} style={{ width: `${percent}%` }} />
      ))}
    </div>
  );
}

/** `elsewhere`: where a reader finds something all the same. */
export function Failed({
  error,
  again,
  elsewhere,
}: {
  error: string;
  again?: () => void;
  elsewhere?: { href: string; label: string };
}) {
  return (
    <div className="state failed" role="alert">
      <strong>This could not be loaded.</strong>
      <p>{error}</p>
      {again && (
        <button type="button" className="button" onClick={again}>
          Try again
        </button>
      )}
      {elsewhere && (
        <a className="button" href={elsewhere.href}>
          {elsewhere.label}
        </a>
      )}
    </div>
  );
}

export function Empty({ children }: { children: ReactNode }) {
  return <div className="state">{children}</div>;
}

export function Missing({ what }: { what: string }) {
  return (
    <div className="page">
      <title>Not found · Flywheel</title>
      <div className="state missing">
        <h1>Nothing is here</h1>
        <p>
          <code>{what}</code> does not exist on the chains that are indexed, or not any more: a reorg may have taken it
          back.
        </p>
        <a className="button" href="/">
          To the beginning
        </a>
      </div>
    </div>
  );
}

/** Shows what was asked for once it is there, and else what became of the question. */
export function Shown<Data, Part>({
  asked,
  part,
  what,
  children,
}: {
  asked: Asked<Data>;
  part: (data: Data) => Part | null | undefined;
  /** What it is of, for whom finds nothing. */
  what: string;
  children: (part: Part, data: Data) => ReactNode;
}) {
  const { data, error, again } = asked;
  const found = data && part(data);
  if (data && found) return children(found, data);
  // No thing has an id that can't be one.
  if (asked.unreadable === 'id') return <Missing what={what} />;
  if (error) {
    return (
      <div className="page">
        <h1 className="hidden">{what}</h1>
        <Failed error={error} again={again} />
      </div>
    );
  }
  if (data && !asked.fetching) return <Missing what={what} />;
  return (
    <div className="page">
      <Loading rows={10} />
    </div>
  );
}
