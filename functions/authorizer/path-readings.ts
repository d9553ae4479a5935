import { withoutPrefix } from './target.ts';

// Beyond these a path was made to confuse, or to cost time. No path of good faith comes near them.
const maxReadings = 100;
const maxCharacters = 50_000;

/**
 * All that a server behind API Gateway may take a path for: as it is, with its escapes decoded once more, its
 * dot segments resolved and so on, each of them in any order.
 * @param prefixes what the path may begin with before the API's own part: the stage, a domain's base path
 * @returns undefined when there are too many
 */
export function pathReadings(
  paths: readonly string[],
  prefixes: readonly string[],
): Iterable<string> | undefined {
  if (prefixes.length === 0 && paths.every(isPlain)) return paths;
  const readings = new Set(paths);
  let characters = 0;
  // A set is iterated to its end, what is added on the way included.
  for (const path of readings) {
    for (const rewrite of rewrites) readings.add(rewrite(path));
    for (const prefix of prefixes) readings.add(withoutPrefix(path, prefix));
    characters += path.length;
    if (readings.size > maxReadings || characters > maxCharacters) return undefined;
  }
  return readings;
}

/** Whether nothing below changes it. */
const isPlain = (path: string): boolean => /^(?:\/[\w~-]+)+$|^\/$/.test(path);

/** What servers do with a path, one step each. */
const rewrites: readonly ((path: string) => string)[] = [
  // Another decoding.
  (path) => path.replace(/(?:%[\dA-F]{2})+/gi, utf8),
  // Another kind of escapes: IIS.
  (path) => path.replace(/%u([\dA-F]{4})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16))),
  // Letters that look alike, which Windows and others take for those of ASCII.
  (path) => path.normalize('NFKC'),
  // The WHATWG URL parser, IIS.
  (path) => path.replaceAll('\\', '/'),
  // A query or a fragment that was escaped; what C takes for the end of a text.
  (path) => path.replace(/[?#\p{Cc}].*$/su, ''),
  // The WHATWG URL parser leaves these out.
  (path) => path.replace(/\p{Cc}/gu, ''),
  // Matrix parameters (RFC 3986 §3.3): Tomcat, Spring.
  (path) => path.replace(/;[^/]*/g, ''),
  withoutDotSegments,
  (path) => path.replace(/\/{2,}/g, '/'),
  // Resolved as a reference, `//name/path` has an authority (RFC 3986 §4.2).
  (path) => path.replace(/^\/\/[^/]*/, ''),
  // Windows leaves out dots and blanks at the end of a name, and a stream (`name::$DATA`); others trim.
  (path) => path.split('/').map(withoutTail).join('/'),
  (path) => path.replace(/:[^/]*/g, ''),
  (path) => path.replace(/\/[ ]+/g, '/'),
  // A format, such as `.json`: Rails, older Spring.
  (path) => path.replace(/(?<=[^/]\/?)\.[^./]*$/, ''),
  (path) => (path.endsWith('/') ? path.slice(0, -1) : path),
];

const utf8 = (escapes: string): string =>
  Buffer.from(escapes.replaceAll('%', ''), 'hex').toString();

/** RFC 3986 §5.2.4. */
function withoutDotSegments(path: string): string {
  const [root = '', ...others] = path.split('/');
  const kept: string[] = [];
  for (const segment of others) {
    if (segment === '..') kept.pop();
    else if (segment !== '.') kept.push(segment);
  }
  return [root, ...kept].join('/');
}

function withoutTail(segment: string): string {
  let end = segment.length;
  while (end > 0 && '. '.includes(segment.charAt(end - 1))) end -= 1;
  return segment.slice(0, end);
}
