import type { Answer, Outgoing } from '../../cli/io/http.ts';

/** What was sent and what came back, in words, without secrets. */
export interface Exchanged {
  readonly sent: string;
  readonly received: string;
}

/** Values that differ from run to run or are secret, and what stands for them in a report. */
export type Names = ReadonlyMap<string, string>;

const longest = 300;
const toldHeaders = new Set([
  'access-control-allow-origin',
  'allow',
  'cache-control',
  'etag',
  'location',
  'retry-after',
  'www-authenticate',
]);

/** Says what a request was: method, path, headers but the usual ones, and body. */
export function requestText(
  { url, method = 'GET', headers = [], body = '' }: Outgoing,
  names: Names,
) {
  const parts = [
    `${method} ${url.pathname}${url.search}`,
    ...headers.filter(isUnusual).map(([name, value]) => `${name}: ${credentialsText(value)}`),
    ...(body.length > 0 ? [body.toString()] : []),
  ];
  return plain(parts.join('; '), names);
}

/**
 * Says what an answer was: status, the headers that matter, and body.
 * @param isPrivate whether the body may hold what is nobody's business: then only its size is told
 */
export function answerText(
  { status, headers, body }: Answer,
  names: Names,
  isPrivate = false,
): string {
  const told = headers.filter(([name]) => toldHeaders.has(name.toLowerCase()));
  const content = isPrivate && status < 400 ? `${Buffer.byteLength(body)} bytes` : body;
  const parts = [String(status), ...told.map(([name, value]) => `${name}: ${value}`), content];
  return plain(parts.filter(Boolean).join('; '), names);
}

/** Takes out of a text what is secret, random, or too long for a report. */
export function plain(text: string, names: Names): string {
  const named = [...names]
    .sort(([one], [other]) => other.length - one.length)
    .flatMap(([value, name]) => [
      [value, name] as const,
      [encodeURIComponent(value), name] as const,
    ])
    .reduce((rest, [value, name]) => rest.replaceAll(value, name), text)
    .replaceAll(/\(\{(\w+)\}:\{secret of \1\}\)/g, '{$1}')
    .replaceAll(/eyJ[\w-]*\.[\w-]*\.[\w-]*/g, '{JWT}')
    .replaceAll(/(?:[\w-]|%[\dA-Fa-f]{2}){40,}/g, (long) => (isName(long) ? long : '…'))
    .replaceAll(/(.)\1{20,}/gu, '$1$1$1…')
    .replaceAll(/[^\P{C}\n]/gu, '\u{FFFD}');
  return named.length > longest ? `${named.slice(0, longest)}…` : named;
}

/** A long member of metadata, not a random value. */
const isName = (text: string): boolean => /^[a-z_]+$/.test(text);

const isUnusual = ([name, value]: readonly [string, string]): boolean =>
  name.toLowerCase() !== 'content-type' || value !== 'application/x-www-form-urlencoded';

/** Basic credentials are told decoded, so that their two halves get their names. */
function credentialsText(value: string): string {
  const [, scheme, encoded] = /^(basic) ([A-Za-z0-9+/]+=*)$/i.exec(value) ?? [];
  if (encoded === undefined) return value;
  return `${scheme} (${Buffer.from(encoded, 'base64').toString('utf8')})`;
}
