import { type ReactNode, useEffect, useRef, useState } from 'react';

/** The frame of a chart: its width, and the same as a table for whoever can't or won't read the picture. */
export function Chart({
  label,
  height,
  draw,
  head,
  rows,
}: {
  label: string;
  height: number;
  draw(width: number): ReactNode;
  head: readonly string[];
  /** Neighbours that say the same are shown once: points may be nearer to each other than their texts can tell. */
  rows: readonly (readonly (string | number)[])[];
}) {
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const different = rows.filter((row, place) => row.join(' ') !== rows[place - 1]?.join(' '));
  useEffect(() => {
    if (!frame.current) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(frame.current);
    return () => observer.disconnect();
  }, []);
  return (
    <figure className="chart">
      <div ref={frame} style={{ height }}>
        {width > 0 && (
          <svg width={width} height={height} role="img" aria-label={label}>
            {draw(width)}
          </svg>
        )}
      </div>
      <details>
        <summary>As a table</summary>
        <div className="scroll">
          <table className="small">
            <caption className="hidden">{label}</caption>
            <thead>
              <tr>
                {head.map((title) => (
                  <th key={title} scope="col">
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {Object.entries(different).map(([place, row]) => (
                <tr key={place}>
                  {head.map((title, column) => (
                    <td key={title}>{row[column]}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
