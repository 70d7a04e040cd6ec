import { shorten } from '../format/names';
import { CopyIcon } from './icons';

/** A hash or an address, shortened; the whole one on hover, and copied whole. */
export function Hex({ of, href }: { of: string; href?: string }) {
  const text = shorten(of);
  return (
    <span className="hex" title={of}>
      {href ? <a href={href}>{text}</a> : text}
      <button type="button" className="copy" data-copy={of} aria-label={`Copy ${of}`}>
        <CopyIcon />
      </button>
    </span>
  );
}

export function Address({ of }: { of: string }) {
  return <Hex of={of} href={`/account:${of.toLowerCase()}`} />;
}
