import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type ClientAddress, clientAddressBehind, type PeerAddress, peerAddressBeside } from './clientAddress';
import { type HeldLimit, openHeldLimit } from './heldLimit';
import { type Allowance, openRequestLimit, type RequestLimit } from './requestLimit';
import { openTurns } from './turns';

/** What may be asked per address; undefined: no limit. */
export interface StrangersOptions {
  /** Addresses or networks whose X-Forwarded-For is believed. */
  trustProxy?: readonly string[];
  /** Cost units a minute. */
  rateLimit?: number;
  /** WebSockets. */
  maxSocketsPerAddress?: number;
  /** TCP connections, and requests being answered. */
  maxConnectionsPerAddress?: number;
  /** An ioredis client, where several API processes count together. */
  redis?: unknown;
}

type Release = () => void;
/** Waits for its turn; null where the signal came first. */
export type TakeTurn = (signal: AbortSignal) => Promise<Release | null>;

/** What is kept of a client who stays. */
export interface Stranger {
  /** Units a minute; null: any number. */
  limit: number | null;
  takeTurn: TakeTurn | undefined;
  /** As Strangers.charge. */
  charge(units: number): Promise<Allowance | null>;
}

/** The limits per client address, for both transports. */
export interface Strangers {
  /** Null where the client or the API has no limit. */
  charge(request: IncomingMessage, units: number): Promise<Allowance | null>;
  /** Counts a socket of the client's, until the returned function is called; null where it has too many. */
  takeSocket(request: IncomingMessage): Release | null;
  /** The same for a connection; those of loopback and of trusted proxies, which speak for many, are not counted. */
  takeConnection(socket: Socket): Release | null;
  /** The same for a request that is being answered: a proxy's connections, or pipelining, may bring many. */
  takeRequest(request: IncomingMessage): Release | null;
  /** A place at the database: an address has so many at a time. Undefined where the client may have any. */
  turnOf(request: IncomingMessage): TakeTurn | undefined;
  /** The client of a request; null: one without limits. */
  of(request: IncomingMessage | null): Stranger;
}

const UNLIMITED: Stranger = { limit: null, takeTurn: undefined, charge: async () => null };

/** @param places connections to the database that one address may use at a time */
export function openStrangers(options: StrangersOptions, places: number): Strangers {
  const { rateLimit, maxSocketsPerAddress, maxConnectionsPerAddress, redis, trustProxy = [] } = options;
  const addressOf: ClientAddress = clientAddressBehind(trustProxy);
  const peerOf: PeerAddress = peerAddressBeside(trustProxy);
  const charged: RequestLimit | null = rateLimit ? openRequestLimit({ limit: rateLimit, redis }) : null;
  const sockets = limitOf(maxSocketsPerAddress);
  const connections = limitOf(maxConnectionsPerAddress);
  const requests = limitOf(maxConnectionsPerAddress);
  const turns = openTurns(places);
  return {
    async charge(request, units) {
      const address = charged && addressOf(request);
      return address && charged && units > 0 ? charged.charge(address, units) : null;
    },
    takeSocket: (request) => take(sockets, addressOf(request)),
    takeConnection: (socket) => take(connections, peerOf(socket)),
    takeRequest: (request) => take(requests, addressOf(request)),
    turnOf(request) {
      const address = addressOf(request);
      return address === null ? undefined : (signal) => turns.take(address, signal);
    },
    of(request) {
      const address = request && addressOf(request);
      if (!address) return UNLIMITED;
      return {
        limit: charged?.limit ?? null,
        takeTurn: (signal) => turns.take(address, signal),
        charge: async (units) => (charged && units > 0 ? charged.charge(address, units) : null),
      };
    },
  };
}

function limitOf(limit: number | undefined): HeldLimit | null {
  return limit ? openHeldLimit(limit) : null;
}

function take(limit: HeldLimit | null, address: string | null): Release | null {
  return limit && address !== null ? limit.take(address) : () => undefined;
}
