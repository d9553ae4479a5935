import { BlockList, isIP } from 'node:net';

// IANA's registry of special-purpose IPv4 addresses (RFC 6890), multicast (RFC 5771) and the
// reserved class (RFC 1112 §4). 169.254.169.254 and the like, where clouds keep secrets, are in it.
const special4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];

// Global unicast (RFC 4291 §2.4); all else is not of the public internet: loopback, link-local,
// unique local, multicast, and those that have an IPv4 address in them (mapped, NAT64).
const unicast6 = ['2000::/3'];

// The special ones among these: protocol assignments with Teredo, documentation, 6to4.
const special6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

/** Made at their first use: most instances never ask, and they take 3 ms of a cold start. */
let lists: { readonly special: BlockList; readonly unicast: BlockList } | undefined;

/** Whether an IP address belongs to the public internet; a text that is none does not. */
export function isPublicAddress(address: string): boolean {
  lists ??= { special: blockList([...special4, ...special6]), unicast: blockList(unicast6) };
  const { special, unicast } = lists;
  const version = isIP(address);
  if (version === 4) return !special.check(address, 'ipv4');
  return version === 6 && unicast.check(address, 'ipv6') && !special.check(address, 'ipv6');
}

function blockList(subnets: readonly string[]): BlockList {
  const blocks = new BlockList();
  for (const subnet of subnets) {
    const [network = '', prefix] = subnet.split('/');
    blocks.addSubnet(network, Number(prefix), isIP(network) === 6 ? 'ipv6' : 'ipv4');
  }
  return blocks;
}
