import { checkApiChallenge } from './checks/api-challenge.ts';
import { checkApiMetadata } from './checks/api-metadata.ts';
import { checkAuthorizerCache } from './checks/authorizer-cache.ts';
import { checkChallenge } from './checks/challenge.ts';
import { checkClock } from './checks/clock.ts';
import { checkCors } from './checks/cors.ts';
import { checkDefaultEndpoint } from './checks/default-endpoint.ts';
import { checkIssuer } from './checks/issuer.ts';
import { checkJwkSet } from './checks/jwk-set.ts';
import { checkJwkSetCache } from './checks/jwk-set-cache.ts';
import { checkKeyTags } from './checks/key-tags.ts';
import { checkRevocation } from './checks/revocation.ts';
import { checkRevocationList } from './checks/revocation-list.ts';
import { checkRevokedToken } from './checks/revoked-token.ts';
import { checkToken } from './checks/token.ts';
import { checkTokenCache } from './checks/token-cache.ts';
import { checkTrustRules } from './checks/trust-rules.ts';
import { checkVersion } from './checks/version.ts';
import { createExamination, type Examination } from './examination/examination.ts';
import type { Subject } from './examination/subject.ts';
import { type Finding, judged, problem, type Verdict } from './findings/finding.ts';
import { shortened } from './findings/foreign-value.ts';
import { within } from './findings/time-limit.ts';

/** A check of one thing. */
interface Check {
  readonly name: string;
  /** The rule behind it. */
  readonly section: string;
  /** @throws CannotCheck when it cannot go on */
  readonly run: (examination: Examination) => Promise<readonly Verdict[]>;
}

const checks: readonly Check[] = [
  { name: 'issuer', section: 'RFC 8414 §3.3', run: checkIssuer },
  { name: 'jwk-set', section: 'RFC 7517 §5', run: checkJwkSet },
  { name: 'jwk-set-cache', section: 'RFC 9111 §5.2.2', run: checkJwkSetCache },
  { name: 'token', section: 'RFC 9068 §4', run: checkToken },
  { name: 'challenge', section: 'RFC 6749 §5.2', run: checkChallenge },
  { name: 'api-challenge', section: 'RFC 6750 §3', run: checkApiChallenge },
  { name: 'api-metadata', section: 'RFC 9728 §3.3', run: checkApiMetadata },
  { name: 'token-cache', section: 'RFC 6749 §5.1', run: checkTokenCache },
  { name: 'cors', section: 'Fetch §3.2', run: checkCors },
  { name: 'clock', section: 'RFC 9068 §2.2', run: checkClock },
  { name: 'revocation', section: 'RFC 7009 §2', run: checkRevocation },
  { name: 'revocation-list', section: 'docs/revocation.md', run: checkRevocationList },
  { name: 'revoked-token', section: 'RFC 7009 §2.2', run: checkRevokedToken },
  { name: 'default-endpoint', section: 'RFC 8705 §2', run: checkDefaultEndpoint },
  { name: 'authorizer-cache', section: 'RFC 9068 §4', run: checkAuthorizerCache },
  { name: 'trust-rules', section: 'RFC 7523 §3', run: checkTrustRules },
  { name: 'version', section: 'docs/deploy.md', run: checkVersion },
  { name: 'key-tags', section: 'docs/keys.md', run: checkKeyTags },
];

/**
 * Examines a deployment. The checks run at the same time, each with its own time limit. An error in
 * one is a finding of that one, so this never throws. No finding has a secret or an access token in
 * it.
 */
export async function examine(subject: Subject): Promise<readonly Finding[]> {
  const examination = createExamination(subject);
  const findings = await Promise.all(checks.map((check) => findingsOf(check, examination)));
  const { redacted } = examination.redaction;
  return findings.flat().map(({ what, remedy, ...finding }) => ({
    ...finding,
    what: redacted(what),
    ...(remedy !== undefined && { remedy: redacted(remedy) }),
  }));
}

async function findingsOf(
  { name, section, run }: Check,
  examination: Examination,
): Promise<readonly Finding[]> {
  const { limit: perRequest, refuseRevokedWithin = 0 } = examination.subject;
  const limit = 3 * perRequest + refuseRevokedWithin * 1000;
  const verdicts = await judged(() => within(run(examination), limit, tooLong(limit))).catch(
    (error) => [failed(error)],
  );
  // Parts of a check that lack the same thing say the same.
  const distinct = new Map(verdicts.map((verdict) => [verdict.what, verdict]));
  return [...distinct.values()].map((verdict) => ({ check: name, section, ...verdict }));
}

function tooLong(limit: number): Verdict {
  return problem(
    `It has not come to an end within ${limit / 1000} s.`,
    'Try again; if it stays so, look at what answers there, and at how long it takes.',
  );
}

function failed(error: unknown): Verdict {
  const why = error instanceof Error ? `${error.name}: ${error.message}` : 'it gives no reason';
  return problem(
    `The check failed over what it was given (${shortened(why)}).`,
    'Look at what the deployment answers; if that is in order, report this as a bug of Countersign.',
  );
}
