import type { IncomingMessage } from 'node:http';
import { type ClientAddress, clientAddressBehind } from './clientAddress';
import { type Allowance, openRequestLimit, type RequestLimit } from './requestLimit';
import { openSocketLimit, type SocketLimit } from './socketLimit';

/** What may be asked per address; undefined: no limit. */
export interface StrangersOptions {
  /** Addresses or networks whose X-Forwarded-For is believed. */
  trustProxy?: readonly string[];
  /** Cost units a minute. */
  rateLimit?: number;
  maxSocketsPerAddress?: number;
  /** An ioredis client, where several API processes count together. */
  redis?: unknown;
}

/** The limits per client address, for both transports. */
export interface Strangers {
  /** Null where the client or the API has no limit. */
  charge(request: IncomingMessage, units: number): Promise<Allowance | null>;
  /** Counts a socket of the client's, until the returned function is called; null where it has too many. */
  takeSocket(request: IncomingMessage): (() => void) | null;
  /** Units a minute of this client; null where it has no limit. */
  limitOf(request: IncomingMessage): number | null;
}

export function openStrangers(options: StrangersOptions): Strangers {
  const { rateLimit, maxSocketsPerAddress, redis } = options;
  const addressOf: ClientAddress = clientAddressBehind(options.trustProxy ?? []);
  const requests: RequestLimit | null = rateLimit ? openRequestLimit({ limit: rateLimit, redis }) : null;
  const sockets: SocketLimit | null = maxSocketsPerAddress ? openSocketLimit(maxSocketsPerAddress) : null;
  return {
    async charge(request, units) {
      const address = requests && addressOf(request);
      return address && requests && units > 0 ? requests.charge(address, units) : null;
    },
    takeSocket(request) {
      const address = sockets && addressOf(request);
      if (!address || !sockets) return () => undefined;
      return sockets.take(address) ? () => sockets.release(address) : null;
    },
    limitOf: (request) => (requests && addressOf(request) ? requests.limit : null),
  };
}
