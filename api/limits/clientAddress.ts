import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, isIPv6 } from 'node:net';

/**
 * What a request's client is counted under: its address, of IPv6 the network of 64 bits that one household or machine
 * has; null for loopback, which is never limited.
 */
export type ClientAddress = (request: IncomingMessage) => string | null;

/** What a connection is counted under; null for loopback and for trusted proxies, whose connections are of many clients. */
export type PeerAddress = (socket: { remoteAddress?: string | undefined }) => string | null;

const LOOPBACK = ['127.0.0.0/8', '::1'];

/**
 * Of X-Forwarded-For the last address that none of the trusted proxies wrote about another one of them; whoever isn't one
 * of these may write there what it likes.
 * @param trusted addresses or networks in CIDR notation, already checked
 */
export function clientAddressBehind(trusted: readonly string[]): ClientAddress {
  const proxies = listOf(trusted);
  const loopback = listOf(LOOPBACK);
  // What no proxy stands before is the same for all requests of a connection, and looking at lists takes a while.
  const known = new WeakMap<object, string | null>();
  const addressOf: ClientAddress = ({ socket, headers }) => {
    let address = plain(socket.remoteAddress ?? '');
    const forwarded = String(headers['x-forwarded-for'] ?? '').split(',');
    while (contains(proxies, address)) {
      const before = plain(forwarded.pop()?.trim() ?? '');
      if (!isIP(before)) break;
      address = before;
    }
    if (contains(loopback, address)) return null;
    return counted(address);
  };
  return (request) => {
    if (trusted.length > 0) return addressOf(request);
    const { socket } = request;
    let address = known.get(socket);
    // A socket that has ended has no address any more.
    if (address === undefined) {
      address = addressOf(request);
      if (socket.remoteAddress !== undefined) known.set(socket, address);
    }
    return address;
  };
}

export function peerAddressBeside(trusted: readonly string[]): PeerAddress {
  const uncounted = listOf([...trusted, ...LOOPBACK]);
  return ({ remoteAddress }) => {
    const address = plain(remoteAddress ?? '');
    return contains(uncounted, address) ? null : counted(address);
  };
}

function counted(address: string): string {
  return isIPv6(address) ? networkOf(address) : address;
}

function listOf(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', bits] = entry.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

function contains(list: BlockList, address: string): boolean {
  return isIP(address) !== 0 && list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** Without the port that some proxies add, and without the IPv6 that Node wraps around IPv4. */
function plain(address: string): string {
  const withPort = /^\[([^\]]+)\](?::\d+)?$|^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(address);
  return (withPort?.[1] ?? withPort?.[2] ?? address).replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
}

function networkOf(address: string): string {
  const [head = '', tail] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split('::');
  const first = head.split(':').filter(Boolean);
  const last = tail?.split(':').filter(Boolean) ?? [];
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - first.length - last.length }, () => '0');
  return `${[...first, ...zeros, ...last].slice(0, 4).join(':')}::/64`;
}
