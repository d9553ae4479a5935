import { ruleLifetimes, type TrustRule } from '../../functions/oauth/trust-rule.ts';
import { RegistryError } from '../registry-error.ts';
import { keySourceProblems } from './key-source.ts';
import { namesWorkload, sharedIssuerProblem } from './shared-issuers.ts';

/** Bytes of JSON that one rule may be without its keys: all of a client are read at each token request. */
const maxSize = 4096;
const maxStars = 3;
/** Audiences of AWS, Kubernetes, Azure and Google, to which a workload shows such JWTs, too. */
const foreignAudiences =
  /^(sts\.amazonaws\.com|https:\/\/kubernetes\.default\.svc.*|api:\/\/AzureADTokenExchange.*|(https:)?\/\/iam\.googleapis\.com\/.*)$/i;

/** Claims that a rule has a member for, and those that are checked of every assertion. */
const ownClaims = ['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti'];

/**
 * Refuses a trust rule that lets in more than somebody meant, or that no assertion can agree with.
 * @param issuer the deployment's
 * @throws RegistryError with the first reason
 */
export function checkTrustRule(rule: TrustRule, issuer: string): void {
  for (const problemOf of problems) {
    const problem = problemOf(rule, issuer);
    if (problem !== undefined) throw new RegistryError('input', `the trust rule ${problem}`);
  }
}

/** Each says what is wrong, behind "the trust rule". */
const problems: readonly ((rule: TrustRule, issuer: string) => string | undefined)[] = [
  ({ jwks: _, jwks_ca: __, ...rule }) =>
    Buffer.byteLength(JSON.stringify(rule)) > maxSize
      ? `is longer than ${maxSize} bytes`
      : undefined,
  ...keySourceProblems,
  ({ subject, subject_glob }) =>
    (subject === undefined) === (subject_glob === undefined)
      ? 'names a subject or a subject_glob, just one of them'
      : undefined,
  ({ subject }) =>
    subject?.includes('*')
      ? 'has a * in its subject, which is compared as it is: write subject_glob'
      : undefined,
  ({ audience }) =>
    foreignAudiences.test(audience)
      ? `has the audience ${audience}: whoever else takes such JWTs could use them here`
      : undefined,
  ({ claims }) => {
    const own = ownClaims.find((name) => Object.hasOwn(claims, name));
    return own && `must not expect the claim ${own}, which is checked without it`;
  },
  ({ max_lifetime }) =>
    Number.isInteger(max_lifetime) &&
    max_lifetime >= ruleLifetimes.least &&
    max_lifetime <= ruleLifetimes.most
      ? undefined
      : `has a max_lifetime that is no whole number from ${ruleLifetimes.least} to ${ruleLifetimes.most}`,
  ({ subject_glob }) => subject_glob && globProblem(subject_glob),
  sharedIssuerProblem,
  (rule) => {
    const { subject_glob: glob } = rule;
    if (glob === undefined || /^.+[:/]$/.test(nameIn(glob)) || namesWorkload(rule))
      return undefined;
    return (
      'is too wide: before the first * of its subject_glob stands a whole name, with its type ' +
      'before and a colon or a slash behind it'
    );
  },
];

/** What is wrong with a glob by itself. */
function globProblem(glob: string): string | undefined {
  const stars = glob.split('*').length - 1;
  if (stars === 0) return 'has a subject_glob without a *: write subject';
  if (/^\*+$/.test(glob))
    return 'is too wide: a subject_glob of * lets in everybody at this issuer';
  if (glob.includes('**')) return 'has ** in its subject_glob: one * stands for any characters';
  if (isServiceAccount(glob)) {
    return 'must name one service account as the subject, and no subject_glob';
  }
  if (/^spiffe:\/\/[^/]*\*/.test(glob)) return 'must name the trust domain of its subject_glob';
  return stars > maxStars ? `has more than ${maxStars} * in its subject_glob` : undefined;
}

const beforeStar = (glob: string): string => glob.slice(0, glob.indexOf('*'));

/** What names the workload: without a type such as `organization:` or `spiffe://`. */
const nameIn = (glob: string): string => beforeStar(glob).replace(/^[\w.+-]+:(\/\/)?/, '');

const serviceAccount = 'system:serviceaccount:';

/** Whether a glob covers service accounts of Kubernetes. */
const isServiceAccount = (glob: string): boolean =>
  glob.startsWith(serviceAccount) ||
  (beforeStar(glob).startsWith('system:') && serviceAccount.startsWith(beforeStar(glob)));
