/** A route key of API Gateway, taken apart. */
export interface RoutePattern {
  readonly methods: readonly string[];
  /** Path segments: the text itself, or one of the two below for a path parameter. */
  readonly segments: readonly string[];
}

/** The route key of every route that is not listed. */
export const defaultRoute = '$default';

/** A path parameter among the segments of a pattern, and one for all that follows. */
export const parameter = '{}';
export const greedy = '{+}';

/** The methods of API Gateway, which are those of ANY. */
export const allMethods = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];

/**
 * Takes a route key apart: `$default`, or a method (or `ANY`) and a path, such as
 * `GET /orders/{id}` or `ANY /files/{proxy+}`.
 * @throws Error that says what is wrong with it.
 */
export function parseRouteKey(key: string): RoutePattern {
  if (key === defaultRoute) return { methods: allMethods, segments: [greedy] };
  const [, method, path = ''] = /^([A-Z]+) \/(.*)$/.exec(key) ?? malformed(key, 'METHOD /path');
  const methods = method === 'ANY' ? allMethods : allMethods.filter((name) => name === method);
  if (methods.length === 0) return malformed(key, `${allMethods.join(', ')} or ANY and a path`);
  return { methods, segments: path.split('/').map(segmentOf(key)) };
}

/** What follows a stage's ARN in the ARNs of a route's requests; `*` there matches `/` as well. */
export function arnSuffixes(key: string): readonly string[] {
  if (key === defaultRoute) return ['*/*'];
  const { methods, segments } = parseRouteKey(key);
  const path = segments.map((segment) => (isLiteral(segment) ? segment : '*')).join('/');
  return methods.map((method) => `${method}/${path}`);
}

/**
 * Whether a request that API Gateway gives to one route can have an ARN that is also among
 * another's, `other`.
 */
export function reaches(other: RoutePattern, route: RoutePattern): boolean {
  const sameMethod = other.methods.some((method) => route.methods.includes(method));
  return sameMethod && meet(route.segments, other.segments) && !takes(other, route);
}

// Compares segments with a glob, in which a star stands for one or more segments.
function meet(path: readonly string[], glob: readonly string[]): boolean {
  const [segment, ...laterPath] = path;
  const [star, ...laterGlob] = glob;
  if (segment === undefined || star === undefined) return segment === star;
  if (!mayEqual(segment, star)) return false;
  return (
    meet(laterPath, laterGlob) ||
    (segment === greedy && meet(path, laterGlob)) ||
    (!isLiteral(star) && meet(laterPath, glob))
  );
}

// An empty segment is the root or a trailing slash; `{name}` never stands for it.
function mayEqual(segment: string, star: string): boolean {
  if (!isLiteral(star) || segment === greedy) return true;
  return segment === parameter ? star !== '' : segment === star;
}

// API Gateway prefers the narrower route, so its requests never reach the broader one.
function takes(narrow: RoutePattern, broad: RoutePattern): boolean {
  if (narrow.segments.join('/') === broad.segments.join('/')) {
    return narrow.methods.length < broad.methods.length;
  }
  const sameRequests = isExact(narrow.segments) || !broad.segments.includes(greedy);
  return sameRequests && isWithin(narrow.segments, broad.segments);
}

function isWithin(narrow: readonly string[], broad: readonly string[]): boolean {
  const endless = broad.at(-1) === greedy;
  const fixed = endless ? broad.slice(0, -1) : broad;
  const lengthFits = endless ? narrow.length >= broad.length : narrow.length === broad.length;
  return lengthFits && fixed.every((segment, index) => isCovered(narrow[index], segment));
}

const isCovered = (narrow: string | undefined, broad: string): boolean =>
  narrow === broad || (broad === parameter && narrow !== greedy && narrow !== '');

// Whether the glob of a path matches nothing but that path's own requests.
function isExact(segments: readonly string[]): boolean {
  const rest = segments.slice(segments.findIndex((segment) => !isLiteral(segment)));
  return segments.every(isLiteral) || (rest.at(-1) === greedy && !rest.some(isLiteral));
}

const isLiteral = (segment: string): boolean => segment !== parameter && segment !== greedy;

const segmentOf = (key: string) => (text: string, index: number, all: readonly string[]) => {
  const last = index === all.length - 1;
  if (/^\{[\w.-]+\}$/.test(text)) return parameter;
  if (/^\{[\w.-]+\+\}$/.test(text) && last) return greedy;
  if (isPlain(text) || (last && text === '')) return text;
  return malformed(key, 'segments of plain characters, {name} or, at the end, {name+}');
};

// RFC 3986 §2.3, §3.3: characters that need no escape, and none with a meaning in an ARN.
const isPlain = (text: string): boolean => /^(?!\.{1,2}$)[\w.~!$&'()+,;=:@-]+$/.test(text);

function malformed(key: string, expected: string): never {
  throw new Error(`the route key "${key}" is malformed: expected ${expected}`);
}
