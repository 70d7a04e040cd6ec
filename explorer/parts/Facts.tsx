import type { ReactNode } from 'react';

/** Names and values of one thing; those without a value are left out. */
export function Facts({ of }: { of: readonly (readonly [name: ReactNode, value: ReactNode])[] }) {
  return (
    <dl className="facts">
      {of
        .filter(([, value]) => value !== null && value !== undefined && value !== '' && value !== false)
        .map(([name, value], place) => (
          // A thing has the same facts in the same order for as long as it is shown.
          <div key={typeof name === 'string' ? name : place}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** A few large figures in a row. */
export function Figures({ of }: { of: readonly (readonly [name: string, value: ReactNode, note?: ReactNode])[] }) {
  return (
    <dl className="figures">
      {of.map(([name, value, note]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {value}
            {note && <small>{note}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
