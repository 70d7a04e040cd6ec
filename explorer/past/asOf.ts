import { partsOf } from '../format/names';

/** The block as of which a page is looked at; it stands in the URL as `asof=31337:630`, or as `asof=630` of the only chain. */
export interface AsOf {
  chainId: number | null;
  number: number;
}

export const PARAM = 'asof';

export function asOfIn({ params }: { params: URLSearchParams }): AsOf | null {
  const [, chain, number] = /^(?:(\d{1,9}):)?(\d{1,9})$/.exec(params.get(PARAM) ?? '') ?? [];
  return number === undefined ? null : { chainId: chain === undefined ? null : Number(chain), number: Number(number) };
}

export const asOfText = ({ chainId, number }: AsOf) => (chainId === null ? String(number) : `${chainId}:${number}`);

/** Of the thing whose page is at this path; null for lists and for what is on all chains. */
export function chainOfPath(path: string): number | null {
  const { chainId } = partsOf(path.slice(1));
  return chainId !== null && /^\d{1,9}$/.test(chainId) ? Number(chainId) : null;
}

/** These pages have no past. */
export const isAlwaysNow = (path: string) => /^\/(status|search)\/?$/.test(path);
