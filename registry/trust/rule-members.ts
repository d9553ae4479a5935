import * as v from 'valibot';
import type { ClaimValue, ClaimValues, TrustRule } from '../../functions/oauth/trust-rule.ts';
import { isObject, type JsonObject } from '../json-input.ts';
import { RegistryError } from '../registry-error.ts';
import { readAuthorities, readRuleKeys } from './key-source.ts';

const text = (name: string) => {
  const message = `${name} of a trust rule is a text of visible ASCII characters and spaces`;
  return v.pipe(v.string(message), v.regex(/^[\x20-\x7E]+$/, message));
};

const expectedClaims =
  'claims of a trust rule is an object of claims with texts, whole numbers, true or false, or lists ' +
  'and objects of them, none of them empty and no more than four in one another';
const maxDepth = 4;

/** The members of a rule that is written out, with what is said of one that is of another type. */
const members = {
  issuer: text('issuer'),
  subject: v.optional(text('subject')),
  subject_glob: v.optional(text('subject_glob')),
  audience: v.optional(text('audience')),
  claims: v.optional(v.custom<ClaimValues>(isClaims, expectedClaims), {}),
  single_use: v.optional(v.boolean('single_use of a trust rule is true or false'), true),
  max_lifetime: v.optional(v.number('max_lifetime of a trust rule is a number of seconds'), 3600),
  jwks: v.optional(v.custom<JsonObject>(isObject, 'jwks of a trust rule is a JWK Set')),
  jwks_uri: v.optional(text('jwks_uri')),
  jwks_ca: v.optional(v.string('jwks_ca of a trust rule is a text in PEM')),
} satisfies Record<keyof TrustRule, v.GenericSchema>;

/** The issuer is the one member that a rule cannot be without. */
const ruleSchema = v.object(members, 'a trust rule needs issuer');

/**
 * Reads a trust rule that is written out, and fills in what it may leave open.
 * @param issuer the deployment's: the default audience
 * @throws RegistryError when a member is missing, unknown or of another type
 */
export function readRule(written: JsonObject, issuer: string): TrustRule {
  checkMembers(written, 'a trust rule', Object.keys(members));
  const rule = v.safeParse(ruleSchema, written);
  if (!rule.success) throw new RegistryError('input', rule.issues[0].message);
  const { subject, subject_glob, audience = issuer, jwks, jwks_ca, ...rest } = rule.output;
  return {
    ...rest,
    subject,
    subject_glob,
    audience,
    ...(jwks && { jwks: readRuleKeys(jwks) }),
    ...(jwks_ca !== undefined && { jwks_ca: readAuthorities(jwks_ca) }),
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

function isClaims(value: unknown): value is ClaimValues {
  return isObject(value) && (Object.keys(value).length === 0 || isClaim(value, 0));
}

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
