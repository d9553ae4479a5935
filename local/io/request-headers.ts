import type { IncomingMessage } from 'node:http';

/** All values of each header of a request, by its name in lower case. */
export type RequestHeaders = Readonly<Record<string, readonly string[] | undefined>>;

/**
 * The headers of a request by HTTP/1.1 or HTTP/2. What is `Host` in the one is `:authority` in the other,
 * where both may come, and say the same (RFC 9113 §8.3.1).
 */
export function headersOf(message: IncomingMessage): RequestHeaders {
  if (message.httpVersionMajor < 2) return message.headersDistinct;
  const pairs = pairsOf(message.rawHeaders).map(([name, value]) => [
    name === ':authority' ? 'host' : name,
    value,
  ]);
  const byName = Map.groupBy(
    pairs.filter(([name = '']) => !name.startsWith(':')),
    ([name = '']) => name,
  );
  const headers = Object.fromEntries(
    [...byName].map(([name, all]) => [name, all.map(([, value = '']) => value)]),
  );
  return { ...headers, host: [...new Set(headers.host)] };
}

const pairsOf = (raw: readonly string[]): readonly (readonly [string, string])[] =>
  raw.flatMap((name, index) =>
    index % 2 === 0 ? [[name.toLowerCase(), raw[index + 1] ?? ''] as const] : [],
  );
