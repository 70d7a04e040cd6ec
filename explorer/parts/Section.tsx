import { type ReactNode, useId } from 'react';

/** A titled part of a page, a landmark by its heading. */
export function Section({
  title,
  note,
  side,
  children,
  className = '',
}: {
  title: string;
  note?: ReactNode;
  side?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  const id = useId();
  return (
    <section className={`section ${className}`} aria-labelledby={id}>
      <header>
        <div>
          <h2 id={id}>{title}</h2>
          {note && <p className="quiet">{note}</p>}
        </div>
        {side && <div className="side">{side}</div>}
      </header>
      {children}
    </section>
  );
}
