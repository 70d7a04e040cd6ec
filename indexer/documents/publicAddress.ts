import { BlockList, isIP } from 'node:net';

/**
 * What is not the public internet, from IANA's special-purpose address registries and the clouds' own services. For
 * IPv6 the rule is the other way round: only 2000::/3 is public at all, which leaves out loopback, ULA, link-local,
 * multicast, and IPv4 in disguise (::ffff:0:0/96 mapped, ::/96 compatible, 64:ff9b::/96 and 64:ff9b:1::/48 NAT64).
 */
const specialV4: readonly [network: string, prefix: number][] = [
  ['0.0.0.0', 8], // this network
  ['10.0.0.0', 8], // private
  ['100.64.0.0', 10], // carrier-grade NAT; Alibaba's metadata
  ['127.0.0.0', 8], // loopback
  ['168.63.129.16', 32], // Azure's wire server, in a range that looks public
  ['169.254.0.0', 16], // link-local; the metadata of AWS, Google, Azure
  ['172.16.0.0', 12], // private
  ['192.0.0.0', 24], // IETF protocols; Oracle's metadata
  ['192.0.2.0', 24], // documentation
  ['192.31.196.0', 24], // AS112
  ['192.52.193.0', 24], // AMT
  ['192.88.99.0', 24], // 6to4 relays
  ['192.168.0.0', 16], // private
  ['192.175.48.0', 24], // AS112
  ['198.18.0.0', 15], // benchmarks
  ['198.51.100.0', 24], // documentation
  ['203.0.113.0', 24], // documentation
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, broadcast
];
const specialV6: readonly [network: string, prefix: number][] = [
  ['2001::', 23], // IETF protocols: Teredo (IPv4 inside), benchmarks, ORCHID
  ['2001:db8::', 32], // documentation
  ['2002::', 16], // 6to4: IPv4 inside
  ['2620:4f:8000::', 48], // AS112
  ['3fff::', 20], // documentation
];

const refused = new BlockList();
for (const [network, prefix] of specialV4) refused.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of specialV6) refused.addSubnet(network, prefix, 'ipv6');
const unicastV6 = new BlockList();
unicastV6.addSubnet('2000::', 3, 'ipv6');

/** May a server of ours connect there on a stranger's word? Takes an IP address; whatever else it is given is not public. */
export function isPublicAddress(address: string): boolean {
  if (address.includes('%')) return false;
  switch (isIP(address)) {
    case 4:
      return !refused.check(address, 'ipv4');
    case 6:
      return unicastV6.check(address, 'ipv6') && !refused.check(address, 'ipv6');
    default:
      return false;
  }
}
