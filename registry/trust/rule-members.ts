import type { ClaimValue, ClaimValues, TrustRule } from '../../functions/oauth/trust-rule.ts';
import { RegistryError } from '../registry-error.ts';

/** A JSON object that somebody wrote. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a JSON value is an object. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Seconds from `iat` to `exp`, for a rule that does not say. */
const defaultLifetime = 3600;

const members = [
  'issuer',
  'subject',
  'subject_glob',
  'audience',
  'claims',
  'single_use',
  'max_lifetime',
] as const satisfies readonly (keyof TrustRule)[];

/**
 * Reads a trust rule that is written out, and fills in what it may leave open.
 * @param issuer the deployment's: the default audience
 * @throws RegistryError when a member is missing, unknown or of another type
 */
export function readRule(written: JsonObject, issuer: string): TrustRule {
  checkMembers(written, 'a trust rule', members);
  const audience = optionalText(written, 'audience') ?? issuer;
  const single_use = optional(written, 'single_use', isBoolean, 'true or false') ?? true;
  const lifetime = optional(written, 'max_lifetime', isNumber, 'a number of seconds');
  return {
    issuer: requiredText(written, 'issuer'),
    subject: optionalText(written, 'subject'),
    subject_glob: optionalText(written, 'subject_glob'),
    audience,
    claims: optional(written, 'claims', isClaims, expectedClaims) ?? {},
    single_use,
    max_lifetime: lifetime ?? defaultLifetime,
  };
}

/**
 * Checks that an object has no member but these.
 * @throws RegistryError that names those which are known
 */
export function checkMembers(written: JsonObject, what: string, known: readonly string[]): void {
  const strange = Object.keys(written).find((name) => !known.includes(name));
  if (strange === undefined) return;
  throw new RegistryError(
    'input',
    `${what} has no member ${strange}; it may have ${known.join(', ')}`,
  );
}

function requiredText(written: JsonObject, name: string): string {
  const text = optionalText(written, name);
  if (text === undefined) throw new RegistryError('input', `a trust rule needs ${name}`);
  return text;
}

const optionalText = (written: JsonObject, name: string) =>
  optional(written, name, isText, 'a text of visible ASCII characters and spaces');

function optional<T>(
  written: JsonObject,
  name: string,
  is: (value: unknown) => value is T,
  looks: string,
): T | undefined {
  const value = written[name];
  if (value === undefined || is(value)) return value;
  throw new RegistryError('input', `${name} of a trust rule is ${looks}`);
}

const isText = (value: unknown): value is string =>
  typeof value === 'string' && /^[\x20-\x7E]+$/.test(value);
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
const isNumber = (value: unknown): value is number => typeof value === 'number';

const expectedClaims =
  'an object of claims with texts, whole numbers, true or false, or lists and objects of them, ' +
  'none of them empty and no more than four in one another';
const maxDepth = 4;

const isClaims = (value: unknown): value is ClaimValues =>
  isObject(value) && (Object.keys(value).length === 0 || isClaim(value, 0));

/** An empty object would agree with any; numbers and depth are what the registry can keep. */
function isClaim(value: unknown, depth: number): value is ClaimValue {
  if (typeof value === 'number') return Number.isSafeInteger(value);
  if (typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value !== 'object' || value === null || Object.hasOwn(value, '__proto__'))
    return false;
  const members = Object.values(value);
  const isRight = members.length > 0 && depth <= maxDepth;
  return isRight && members.every((member) => isClaim(member, depth + 1));
}
