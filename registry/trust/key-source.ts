import { X509Certificate } from 'node:crypto';
import type { JWK } from 'jose';
import { maxTries } from '../../functions/oauth/assertion-keys.ts';
import { type KeyFault, keyFaults, readForeignKey } from '../../functions/oauth/foreign-key.ts';
import { saidMembers } from '../../functions/oauth/public-jwk.ts';
import { hasOwnKeys, type TrustRule } from '../../functions/oauth/trust-rule.ts';
import { bareKeysTooMany } from '../bare-keys.ts';
import { isObject, type JsonObject } from '../json-input.ts';
import { RegistryError } from '../registry-error.ts';
import { isPrivateName, isPublicHost, remoteUrlProblem } from '../remote-url.ts';

const maxKeys = 10;
const maxAuthorities = 5;

/** Members of a rule that say where the keys of its issuer are. */
export const keySourceMembers = ['jwks', 'jwks_uri', 'jwks_ca'] as const;

/**
 * Reads the keys that a rule gives its issuer (RFC 7517 §5): the public members of those that can verify an assertion.
 * Keys for other purposes are left out, as they are where a set is fetched.
 * @throws RegistryError when one is private, weak or malformed, or none is left
 */
export function readRuleKeys(written: JsonObject): { readonly keys: readonly JWK[] } {
  const all: unknown = written.keys;
  if (!Array.isArray(all) || !all.every(isObject)) {
    return refuse('has jwks that are no JWK Set, which is {"keys": [...]}');
  }
  if (all.length > maxKeys) refuse(`has jwks of more than ${maxKeys} keys`);
  const read = all.map(readKey);
  const keys = read.filter((key) => typeof key !== 'string');
  if (bareKeysTooMany(keys).size > 0) refuse(`has jwks of which ${bareProblem}`);
  if (keys.length > 0) return { keys };
  const [why] = read.filter((key) => typeof key === 'string');
  return refuse(`has jwks without a key that verifies${why ? `: one ${keyFaults[why]}` : ''}`);
}

/** The kid is the issuer's: no other would be in its JWTs. */
const bareProblem = `more than ${maxTries} keys for one algorithm have no kid, and no more are tried: give each the kid that its issuer signs with`;

/** What makes a key one for another purpose, rather than a bad one. */
const otherPurpose: ReadonlySet<KeyFault> = new Set(['type', 'alg', 'use', 'key_ops']);

function readKey(written: JsonObject): JWK | KeyFault {
  const said = saidMembers(written);
  // SPIFFE Trust Domain and Bundle §4.2.2: a key that signs JWT-SVIDs.
  const key = said.use === 'jwt-svid' ? { ...said, use: 'sig' } : said;
  const fault = readForeignKey(key);
  if (typeof fault === 'string') {
    return otherPurpose.has(fault) ? fault : refuse(`has jwks of which a key ${keyFaults[fault]}`);
  }
  const { kty, n, e, crv, x, y, kid, alg, use } = key;
  const members = Object.entries({ kty, n, e, crv, x, y, kid, alg, use });
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}

/**
 * Reads the authorities of a rule: certificates in PEM, and nothing else of the text is kept.
 * @throws RegistryError
 */
export function readAuthorities(text: string): string {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) {
    refuse('has a private key in its jwks_ca, which must never leave its server: replace that key');
  }
  const found = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  if (found.length === 0 || found.length > maxAuthorities) {
    refuse(`has a jwks_ca that is not one to ${maxAuthorities} certificates in PEM`);
  }
  try {
    return found.map((pem) => new X509Certificate(pem).toString()).join('');
  } catch {
    return refuse('has a certificate in its jwks_ca that cannot be read');
  }
}

/** What is wrong with where a rule has the keys of its issuer, behind "the trust rule"; each a problem of its own. */
export const keySourceProblems: readonly ((
  rule: TrustRule,
  issuer: string,
) => string | undefined)[] = [
  ({ jwks, jwks_uri }) =>
    jwks !== undefined && jwks_uri !== undefined
      ? 'has jwks and a jwks_uri: give one of them'
      : undefined,
  ({ jwks_uri, jwks_ca }) =>
    jwks_ca !== undefined && jwks_uri === undefined
      ? 'has a jwks_ca, which vouches for the server of a jwks_uri: give that, too'
      : undefined,
  ({ jwks_uri, jwks_ca }, issuer) => {
    if (jwks_uri === undefined) return undefined;
    // The certificate of an authority of one's own may well be for an address, as that of a cluster is.
    if (jwks_ca !== undefined && isPublicHttps(jwks_uri)) return undefined;
    const problem = remoteUrlProblem(jwks_uri.replace(/\?[^#]*/, ''), issuer);
    return problem && `has a jwks_uri that will not do: ${printed(jwks_uri)} ${problem}`;
  },
  (rule, issuer) => {
    const problem = hasOwnKeys(rule) ? undefined : remoteUrlProblem(rule.issuer, issuer);
    if (problem === undefined) return undefined;
    const wayOut = isPlainHttps(rule.issuer) ? `; ${keysInRule}` : '';
    return `has an issuer that will not do: ${printed(rule.issuer)} ${problem}${wayOut}`;
  },
];

/** What is wrong with a rule from before such issuers were refused: it lets nobody in. */
export function unreachableProblem(rule: TrustRule): string | undefined {
  const url = URL.parse(rule.issuer);
  return url && !hasOwnKeys(rule) && isPrivateName(url)
    ? `has an issuer that is known to its own network alone, and lets nobody in; ${keysInRule}`
    : undefined;
}

const keysInRule =
  'where it cannot be asked, give its keys in the rule: their JWK Set as jwks (that of a cluster is what ' +
  '`kubectl get --raw /openid/v1/jwks` prints), or its URL as jwks_uri';

/** Whether a text is an https URL without anything but host and path, so that only the host may be at fault. */
const isPlainHttps = (text: string): boolean => /^https:[^?#@\s]+$/.test(text);

const isPublicHttps = (text: string): boolean => isPlainHttps(text) && isPublicHost(text);

/** Short enough for a sentence. */
const printed = (text: string): string => (text.length > 100 ? `${text.slice(0, 100)}...` : text);

function refuse(sentence: string): never {
  throw new RegistryError('input', `the trust rule ${sentence}`);
}
