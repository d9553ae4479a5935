import type { TrustRule } from '../../functions/oauth/trust-rule.ts';
import { unreachableProblem } from './key-source.ts';
import { hasKnownIssuer, sharedIssuerProblem } from './shared-issuers.ts';

/**
 * What a trust rule may let in beside the workloads that it is meant for, one sentence each without a full
 * stop. Whoever has been told may register it all the same.
 */
export function risksOf(rule: TrustRule): readonly string[] {
  return risks.flatMap((riskOf) => riskOf(rule) ?? []);
}

const risks: readonly ((rule: TrustRule) => string | undefined)[] = [
  // A rule from before its issuer was known; registration refuses such a one by now.
  (rule) => {
    const problem = sharedIssuerProblem(rule) ?? unreachableProblem(rule);
    return problem && `the rule for ${rule.issuer} ${problem}`;
  },
  // By OpenID Connect Core 1.0 §2 a subject is one workload's at an issuer: a glob may be anybody's.
  (rule) =>
    rule.subject_glob !== undefined && !hasKnownIssuer(rule) && !namesGitlabProject(rule)
      ? `it is not known who shares the issuer ${rule.issuer}: anybody there gets in whose subject fits ${rule.subject_glob}`
      : undefined,
  ({ issuer, audience }) =>
    isDefaultAudience(issuer.replace(/\/$/, ''), audience.replace(/\/$/, ''))
      ? `JWTs of ${issuer} are for ${audience} unless somebody asks for another audience: whoever else is shown one can use it here`
      : undefined,
];

/** What the preset for another GitLab than gitlab.com expects: one project, by sub and by claim. */
const namesGitlabProject = ({ subject_glob = '', claims }: TrustRule): boolean =>
  typeof claims.project_path === 'string' &&
  subject_glob.startsWith(`project_path:${claims.project_path}:`);

/** Whether the audience is the issuer, its host, its tenant, or what one of these platforms puts in. */
const isDefaultAudience = (issuer: string, audience: string): boolean =>
  issuer === audience ||
  issuer.endsWith(`/${audience}`) ||
  URL.parse(issuer)?.host === audience ||
  isOwnerAtServer(issuer, audience) ||
  /^https:\/\/(github|buildkite|vercel|[^/.]+\.ghe)\.com\/[^/]+$|^ari:cloud:bitbucket:/.test(
    audience,
  );

/** GitHub Enterprise Server puts in the owner of the repository, as github.com does. */
const isOwnerAtServer = (issuer: string, audience: string): boolean =>
  issuer.endsWith('/_services/token') && URL.parse(issuer)?.origin === URL.parse(audience)?.origin;
