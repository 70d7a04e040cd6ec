import { shortTokens } from '../format/amount';
import { words } from '../format/names';
import { formatShare } from '../format/number';

export interface BackingPart {
  source: string;
  amount: string;
}

const ORDER = ['FEE', 'EMISSION', 'GRANT', 'SLASH', 'UNKNOWN'];

/** What a source is called beside an amount of it. */
export function sourceName(source: string): string {
  if (source === 'FEE') return 'fees paid by users';
  if (source === 'SLASH') return 'slashed bonds';
  return source === 'GRANT' ? 'grants' : words(source);
}

/** What an amount was funded by, as a bar; the parts sum to the whole, and are said in words too. */
export function BackingBar({ of, decimals }: { of: readonly BackingPart[]; decimals?: number | null }) {
  const parts = of.filter(({ amount }) => amount !== '0');
  const total = parts.reduce((sum, { amount }) => sum + Number(amount), 0);
  if (total === 0) return <span className="quiet">–</span>;
  const sorted = parts.toSorted((a, b) => ORDER.indexOf(a.source) - ORDER.indexOf(b.source));
  const says = sorted.map(({ source, amount }) => {
    const exact = decimals === undefined ? '' : ` (${shortTokens(amount, decimals)})`;
    return `${words(source)} ${formatShare(Number(amount) / total)}${exact}`;
  });
  return (
    <span className="backing" role="img" aria-label={`Backed by ${says.join(', ')}`} title={says.join('\n')}>
      {sorted.map(({ source, amount }) => (
        <i key={source} className={`of-${source.toLowerCase()}`} style={{ flexGrow: Number(amount) / total }} />
      ))}
    </span>
  );
}

export function BackingLegend({ sources = ORDER }: { sources?: readonly string[] }) {
  return (
    <ul className="legend" aria-label="What rewards are backed by">
      {sources.map((source) => (
        <li key={source}>
          <i className={`of-${source.toLowerCase()}`} />
          {sourceName(source)}
        </li>
      ))}
    </ul>
  );
}
