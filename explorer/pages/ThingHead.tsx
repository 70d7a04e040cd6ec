import type { ReactNode } from 'react';
import { capital, partsOf } from '../format/names';

/** The head of a thing's page: what kind of thing, what it is called, its id to copy. */
export function ThingHead({
  id,
  title,
  children,
  badges,
}: {
  id: string;
  title: string;
  children?: ReactNode;
  badges?: ReactNode;
}) {
  const { kind, chainId } = partsOf(id);
  return (
    <header className="head">
      <title>{`${title} · Flywheel`}</title>
      <p className="kind">
        {capital(kind)}
        {chainId && <span> on chain {chainId}</span>}
      </p>
      <h1>
        {title} {badges}
      </h1>
      {children}
      <button type="button" className="id" data-copy={id} title="Click to copy the id">
        {id}
      </button>
    </header>
  );
}
