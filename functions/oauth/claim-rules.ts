import { isReservedClaim } from './reserved-claims.ts';

/**
 * Bytes of JSON that the claims of one origin may have. Three origins add to a token: its resource server, its client
 * and the hook. Together they are half of what a key signs that takes 4,096 bytes at most, and leave the other half to
 * the claims that every token has.
 */
const longestClaims = 512;

/** Levels of objects and lists in a claim. */
const deepest = 4;

/** No equals sign, which parts name and value on a command line. */
const isName = (name: string): boolean => /^[\x21\x23-\x3C\x3E-\x5B\x5D-\x7E]{1,128}$/.test(name);

/** Names that mean something to JavaScript itself: code that copies members may change what all objects are. */
const pollutingNames = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Says which rule the claims of an owner break.
 * @returns a sentence that names a claim and never a value; undefined: none
 */
export function claimsProblem(value: unknown): string | undefined {
  if (!isPlainObject(value)) return 'claims are an object of names and JSON values';
  for (const [name, claim] of Object.entries(value)) {
    const problem = nameProblem(name) ?? valueProblem(claim);
    if (problem !== undefined) return problem.replace('{}', JSON.stringify(name.slice(0, 128)));
  }
  if (Buffer.byteLength(JSON.stringify(value)) <= longestClaims) return undefined;
  return `claims are at most ${longestClaims} bytes of JSON`;
}

/** Says which rule the name of a claim breaks, with `{}` in place of the name. */
function nameProblem(name: string): string | undefined {
  if (!isName(name)) {
    return 'the name of the claim {} is not 1 to 128 visible ASCII characters without " \\ and =';
  }
  if (pollutingNames.has(name)) return 'the claim {} has a name that JavaScript reserves';
  return isReservedClaim(name) ? 'the claim {} has a name that standards reserve' : undefined;
}

function valueProblem(value: unknown): string | undefined {
  const problem = jsonProblem(value, 0);
  return problem === undefined ? undefined : `the claim {} ${problem}`;
}

function jsonProblem(value: unknown, depth: number): string | undefined {
  if (typeof value !== 'object' || value === null) return scalarProblem(value);
  if (depth === deepest) return `has more than ${deepest} levels of objects and lists`;
  const isList = Array.isArray(value);
  if (!isList && !isPlainObject(value)) return 'is not JSON';
  // Not Object.values: it passes over the holes of a list.
  const members = isList ? Array.from<unknown>(value) : Object.values(value);
  if (!isList && Object.keys(value).some((name) => pollutingNames.has(name))) {
    return 'has a member whose name JavaScript reserves';
  }
  return members.map((member) => jsonProblem(member, depth + 1)).find((each) => each !== undefined);
}

function scalarProblem(value: unknown): string | undefined {
  if (typeof value === 'number') return isKept(value) ? undefined : 'has a number out of range';
  if (typeof value === 'string') {
    return value.isWellFormed() ? undefined : 'has a text that is not Unicode';
  }
  return value === null || typeof value === 'boolean' ? undefined : 'is not JSON';
}

/** Whether a number comes out of DynamoDB, and of any JSON parser, as it went in. */
const isKept = (value: number): boolean =>
  Number.isInteger(value)
    ? Number.isSafeInteger(value)
    : Number.isFinite(value) && Math.abs(value) > 1e-100;

const isPlainObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' &&
  value !== null &&
  [Object.prototype, null].includes(Object.getPrototypeOf(value));
