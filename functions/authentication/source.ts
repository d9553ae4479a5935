import { isIP } from 'node:net';

/**
 * Whom failures are counted for: an IPv4 address, or the first half of an IPv6 one, since whoever has one of
 * these addresses has all of its network (RFC 6177 §2). Requests without an address have one source together.
 */
export function sourceOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  return mapped ?? firstHalf(address);
}

/** The first four groups, each without leading zeros (RFC 5952 §4.1); `::` stands for as many as are missing. */
function firstHalf(address: string): string {
  const [front = '', back] = address.toLowerCase().split('::');
  const first = groups(front);
  const last = back === undefined ? [] : groups(back);
  const missing = Array.from({ length: 8 - first.length - last.length }, () => '0');
  return [...first, ...missing, ...last].slice(0, 4).join(':');
}

const groups = (part: string): readonly string[] =>
  part === '' ? [] : part.split(':').map((group) => group.replace(/^0+(?=.)/, ''));
