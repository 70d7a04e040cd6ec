import { useSyncExternalStore } from 'react';

/** Where the reader is: everything that a page shows is a function of it, so that a link survives a reload. */
export interface Place {
  /** Decoded, with the slash at its beginning. */
  path: string;
  params: URLSearchParams;
}

const listeners = new Set<() => void>();
const notify = () => {
  for (const listener of listeners) listener();
};

let known: { href: string; place: Place } | undefined;

function read(): Place {
  const { href, pathname, search } = window.location;
  if (known?.href !== href) {
    known = { href, place: { path: decoded(pathname), params: new URLSearchParams(search) } };
  }
  return known.place;
}

function decoded(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}

export function usePlace(): Place {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, read);
}

/** Goes to another place; the page begins at its top, unless only parameters differ. */
export function navigate(href: string, { replace = false } = {}): void {
  const before = window.location.pathname;
  window.history[replace ? 'replaceState' : 'pushState'](null, '', href);
  notify();
  if (window.location.pathname === before) return;
  window.scrollTo(0, 0);
  // Whoever can't see the page hears where it is now.
  requestAnimationFrame(() => document.querySelector<HTMLElement>('main')?.focus({ preventScroll: true }));
}

/** Who looks at the past goes on in it: a link that says nothing of another block leads to the same one. */
export function carried(href: string): string {
  const asOf = read().params.get('asof');
  const { pathname, searchParams } = new URL(href, window.location.href);
  if (asOf === null || searchParams.has('asof')) return href;
  searchParams.set('asof', asOf);
  return `${pathname}?${searchParams.toString().replaceAll('%3A', ':')}`;
}

/** The same place with other parameters; those that are undefined or empty go. */
export function hrefWith({ path, params }: Place, changes: Record<string, string | undefined>): string {
  const next = new URLSearchParams(params);
  for (const [name, value] of Object.entries(changes)) {
    if (value) next.set(name, value);
    else next.delete(name);
  }
  // Ids are read as they are: only what would end a path is escaped.
  const query = next.toString().replaceAll('%3A', ':');
  return `${encodeURI(path)}${query ? `?${query}` : ''}`;
}

/** Plain links of this site lead on without a new page. */
export function followLinks(): void {
  window.addEventListener('popstate', notify);
  window.addEventListener('hashchange', () => {
    followOldHash();
    notify();
  });
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element).closest?.('a');
    const href = link?.getAttribute('href');
    if (!link || !href || href.startsWith('#') || link.hasAttribute('target') || link.hasAttribute('download')) return;
    // Also of a link inside a picture, which knows no pathname.
    const { origin, pathname, search } = new URL(href, window.location.href);
    if (origin !== window.location.origin || !isPage(pathname)) return;
    event.preventDefault();
    navigate('now' in link.dataset ? `${pathname}${search}` : carried(`${pathname}${search}`));
  });
}

/** What the server answers itself is none of ours. */
function isPage(pathname: string): boolean {
  return !/^\/(graphql|schema\.graphql|health|ready|metrics|assets\/.*)$/.test(pathname);
}

/** Links of the page that there was before: `/#datanet:1612:7`. */
export function followOldHash(): void {
  const id = window.location.hash.slice(1);
  if (/^[a-z]+:/.test(id)) window.history.replaceState(null, '', `/${id}`);
}
