import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { AppError } from '../../schema/appError';
import { isPublicAddress } from './publicAddress';

/** Where documents may be fetched from. Everything that starts this program uses `publicWeb`; tests bring their own. */
export interface Reach {
  /** Why this URL is not asked at all, before any name is looked up; undefined: it may be. */
  refusal(url: URL): string | undefined;
  /** All addresses of a host. @throws AppError RETRY when it has none. */
  resolve(hostname: string, signal: AbortSignal): Promise<readonly string[]>;
  permits(address: string): boolean;
  /** A certificate to trust besides the usual ones. */
  ca?: string;
}

/** https on its own port, at public addresses. Other ports are services that never meant to be asked. */
export const publicWeb: Reach = {
  refusal(url) {
    if (url.protocol !== 'https:') return `only https:, ipfs: and data: are fetched, this is ${url.protocol}`;
    if (url.port !== '') return `only port 443 is asked, this is port ${url.port}`;
    if (url.username !== '' || url.password !== '') return 'an address with a user or password is not asked';
    return undefined;
  },
  resolve: resolveHost,
  permits: isPublicAddress,
};

/** Asks DNS itself: no hosts file, no search domains, and no threads of the pool that a slow name server could hold. */
async function resolveHost(hostname: string, signal: AbortSignal): Promise<readonly string[]> {
  if (isIP(hostname)) return [hostname];
  const resolver = new Resolver({ timeout: 3_000, tries: 2 });
  const cancel = (): void => resolver.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const answers = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (addresses.length === 0) throw new AppError('RETRY', `the name ${hostname.slice(0, 255)} has no address`);
    return addresses;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}
