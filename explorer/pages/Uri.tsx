import { safeLink } from '../format/names';

const MOST = 80;

/** What stands in a data: address itself, as far as it is text. */
function readable(uri: string): string {
  if (!uri.startsWith('data:')) return uri;
  try {
    return decodeURIComponent(uri);
  } catch {
    return uri;
  }
}

/** What somebody wrote on chain as an address: a link only if it is http(s), and then without an opener. */
export function Uri({ of }: { of: string }) {
  const whole = readable(of);
  const text = whole.length > MOST ? `${whole.slice(0, MOST)}…` : whole;
  const href = safeLink(of);
  if (!href) {
    return (
      <button type="button" className="plain-text mono" data-copy={of} title="Click to copy the whole of it">
        {text}
      </button>
    );
  }
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow" className="mono">
      {text}
    </a>
  );
}
