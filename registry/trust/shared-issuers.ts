import type { TrustRule } from '../../functions/oauth/trust-rule.ts';

/** An issuer, or a family of issuers, of which it is known how its rules come out too wide. */
interface KnownIssuer {
  readonly issuer: RegExp;
  /** Whether a rule is one for such an issuer, though people run it themselves under any name. */
  isLike?(rule: TrustRule): boolean;
  /** Whether a rule names whose workload it means. */
  names(rule: TrustRule): boolean;
  /** What is to be done about a rule that does not. */
  readonly advice: string;
}

/** Whether a rule expects a claim, as a text of this pattern. */
const expects = (rule: TrustRule, claim: string, pattern: RegExp): boolean => {
  const value = rule.claims[claim];
  return typeof value === 'string' && pattern.test(value);
};

/** What a rule says literally of `sub`: all of it, or a glob as far as its first star. */
const literal = ({ subject, subject_glob = '' }: TrustRule): string =>
  subject ?? subject_glob.slice(0, `${subject_glob}*`.indexOf('*'));

const subjectOnly = ({ subject }: TrustRule): boolean => subject !== undefined;

const anyWorkload = (names: string) => `names no ${names}: anybody's workload would get in`;

/** Issuers that many tenants share, or all workloads of one tenant. A further one is an entry. */
const knownIssuers: readonly KnownIssuer[] = [
  {
    // github.com, an enterprise there, GHE.com, and GitHub Enterprise Server.
    issuer:
      /^https:\/\/(token\.actions\.(githubusercontent|[^/]+\.ghe)\.com|[^/]+\/_services\/token)(\/|$)/,
    names: (rule) =>
      expects(rule, 'repository', /^[\w-]+\/[\w.-]+$/) ||
      expects(rule, 'repository_id', /^\d+$/) ||
      /^repo:[^/:]+\/[^/:]+:/.test(literal(rule)),
    advice: `${anyWorkload('repository')}; expect the claim repository, such as octo-org/app`,
  },
  {
    issuer: /^https:\/\/gitlab\.com\/?$/,
    isLike: (rule) => literal(rule).startsWith('project_path:'),
    names: (rule) =>
      expects(rule, 'project_path', /^[^/]+\/.+$/) ||
      expects(rule, 'project_id', /^\d+$/) ||
      /^project_path:[^/:]+\/[^:]+:/.test(literal(rule)),
    advice: `${anyWorkload('project')}; expect the claim project_path, such as my-group/my-project`,
  },
  {
    issuer: /^https:\/\/agent\.buildkite\.com\/?$/,
    names: (rule) => /^organization:[^:]+:pipeline:[^:]+:/.test(literal(rule)),
    advice: `${anyWorkload('pipeline')}; begin the subject with organization:NAME:pipeline:NAME:`,
  },
  {
    issuer: /^https:\/\/app\.(eu\.)?terraform\.io\/?$/,
    names: (rule) =>
      expects(rule, 'terraform_workspace_id', /^ws-\w+$/) ||
      /^organization:[^:]+:project:[^:]+:workspace:[^:]+:/.test(literal(rule)),
    advice: `${anyWorkload('workspace')}; expect the claim terraform_workspace_id`,
  },
  {
    issuer: /^https:\/\/oidc\.vercel\.com(\/|$)/,
    names: (rule) => /^owner:[^:]+:project:[^:]+:/.test(literal(rule)),
    advice: `${anyWorkload('project')}; begin the subject with owner:TEAM:project:NAME:`,
  },
  {
    issuer: /^https:\/\/oidc\.modal\.com\/?$/,
    names: (rule) =>
      expects(rule, 'workspace_id', /^ac-\w+$/) || /^modal:workspace_id:[^:]+:/.test(literal(rule)),
    advice: `${anyWorkload('workspace')}; expect the claim workspace_id, such as ac-12345abcd`,
  },
  {
    issuer: /^https:\/\/oidc\.codefresh\.io\/?$/,
    names: (rule) => /^account:[^:]+:pipeline:[^:]+:/.test(literal(rule)),
    advice: `${anyWorkload('pipeline')}; begin the subject with account:ID:pipeline:ID:`,
  },
  {
    // Each organization has an issuer of its own.
    issuer: /^https:\/\/oidc\.circleci\.com(\/|$)/,
    names: (rule) =>
      /\/org\/[0-9a-f-]{36}$/.test(rule.issuer) &&
      /^org\/[^/]+\/project\/[^/]+\//.test(literal(rule)),
    advice: `${anyWorkload('project')}; begin the subject with org/ID/project/ID/`,
  },
  {
    issuer: /^https:\/\/api\.pulumi\.com\/oidc/,
    names: subjectOnly,
    advice: 'must name one subject, and no subject_glob: all organizations share this issuer',
  },
  {
    issuer: /^https:\/\/accounts\.google\.com\/?$/,
    names: ({ subject = '' }) => /^\d+$/.test(subject),
    advice: 'must name one service account: its unique id is the subject, and no subject_glob',
  },
  {
    issuer: /^https:\/\/(login\.microsoftonline\.(com|us)|login\.partner\.microsoftonline\.cn)\//,
    names: (rule) => subjectOnly(rule) && /\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-/.test(rule.issuer),
    advice: 'must name one tenant by its id in the issuer, and one subject, no subject_glob',
  },
  {
    issuer: /^https:\/\/sts\.windows\.net\//,
    names: (rule) => subjectOnly(rule) && /\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-/.test(rule.issuer),
    advice: 'must name one tenant by its id in the issuer, and one subject, no subject_glob',
  },
  {
    issuer: /^https:\/\/[^/]+\.tokens\.sts\.global\.api\.aws\/?$/,
    names: subjectOnly,
    advice: 'must name one role: its ARN is the subject, and no subject_glob',
  },
  {
    issuer:
      /^https:\/\/(oidc\.eks\.[^/]+|container\.googleapis\.com|[^/]+\.oic\.prod-aks\.azure\.com)\//,
    names: subjectOnly,
    advice: 'must name one service account as the subject, and no subject_glob',
  },
];

/** Whether it is known who shares the issuer of a rule. */
export const hasKnownIssuer = (rule: TrustRule): boolean =>
  knownIssuers.some(({ issuer }) => issuer.test(rule.issuer));

/** Whether a rule names whose workload it means, in the way that its platform is known to have. */
export const namesWorkload = (rule: TrustRule): boolean =>
  knownIssuerOf(rule)?.names(rule) === true;

/** What is to be done about a rule for a known platform that does not name whose workload it means. */
export function sharedIssuerProblem(rule: TrustRule): string | undefined {
  const known = knownIssuerOf(rule);
  return known && !known.names(rule) ? known.advice : undefined;
}

/** Whether two rules are for one platform that is known, be it at the same server or at two. */
export const isOfSamePlatform = (one: TrustRule, other: TrustRule): boolean => {
  const known = knownIssuerOf(one);
  return known !== undefined && known === knownIssuerOf(other);
};

const knownIssuerOf = (rule: TrustRule): KnownIssuer | undefined =>
  knownIssuers.find(({ issuer, isLike }) => issuer.test(rule.issuer) || isLike?.(rule) === true);
