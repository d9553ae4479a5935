/** What a route of API Gateway takes. `$default` takes every path; the root has no segment. */
interface Shape {
  readonly method: string;
  readonly segments: readonly string[] | undefined;
}

/** Whether there are requests that both routes would take. */
export function overlap(one: string, other: string): boolean {
  const [a, b] = [shapeOf(one), shapeOf(other)];
  const sameMethod = [a.method, b.method].includes('ANY') || a.method === b.method;
  return sameMethod && (!a.segments || !b.segments || meet(a.segments, b.segments));
}

/** Whether each request that the narrow route would take is one of the broad route, too. */
export function isWithin(narrow: string, broad: string): boolean {
  const [n, b] = [shapeOf(narrow), shapeOf(broad)];
  const sameMethod = b.method === 'ANY' || n.method === b.method;
  return (
    sameMethod && (!b.segments || (n.segments !== undefined && within(n.segments, b.segments)))
  );
}

/** The route key with the same path and any method. */
export const anyMethodOf = (key: string): string => key.replace(/^[A-Z]+ /, 'ANY ');

function shapeOf(key: string): Shape {
  const [, method = 'ANY', path] = /^([A-Z]+) \/(.*)$/.exec(key) ?? [];
  return { method, segments: path === '' ? [] : path?.split('/') };
}

function meet([x, ...laterX]: readonly string[], [y, ...laterY]: readonly string[]): boolean {
  if (x === undefined || y === undefined) return x === y;
  if (isGreedy(x) || isGreedy(y)) return true;
  return (isCovered(x, y) || isCovered(y, x)) && meet(laterX, laterY);
}

function within([n, ...laterN]: readonly string[], [b, ...laterB]: readonly string[]): boolean {
  if (n === undefined || b === undefined) return n === b;
  if (isGreedy(b)) return true;
  return !isGreedy(n) && isCovered(n, b) && within(laterN, laterB);
}

/** A parameter stands for one segment that is not empty. */
const isCovered = (narrow: string, broad: string): boolean =>
  narrow === broad || (isParameter(broad) && narrow !== '');

const isParameter = (segment: string): boolean => /^\{[^{}]+\}$/.test(segment);
const isGreedy = (segment: string): boolean => /^\{[^{}]+\+\}$/.test(segment);
