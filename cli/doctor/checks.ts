import { setTimeout as delay } from 'node:timers/promises';
import { checkApiChallenge } from './api-challenge.ts';
import { checkAuthorizerCache } from './authorizer-cache.ts';
import { checkChallenge } from './challenge.ts';
import { checkClock } from './clock.ts';
import { checkCors } from './cors.ts';
import { checkDefaultEndpoint } from './default-endpoint.ts';
import { createExamination, type Examination } from './examination.ts';
import { type Finding, judged, notChecked, type Verdict } from './finding.ts';
import { checkIssuer } from './issuer.ts';
import { checkJwkSet } from './jwk-set.ts';
import { checkJwkSetCache } from './jwk-set-cache.ts';
import type { Subject } from './subject.ts';
import { checkToken } from './token.ts';
import { checkTokenCache } from './token-cache.ts';

/** A check of one thing. */
interface Check {
  readonly name: string;
  /** What it is founded on. */
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
  { name: 'token-cache', section: 'RFC 6749 §5.1', run: checkTokenCache },
  { name: 'cors', section: 'Fetch §3.2', run: checkCors },
  { name: 'clock', section: 'RFC 9068 §2.2', run: checkClock },
  { name: 'default-endpoint', section: 'RFC 8705 §2', run: checkDefaultEndpoint },
  { name: 'authorizer-cache', section: 'RFC 9068 §4', run: checkAuthorizerCache },
];

/**
 * Examines a deployment. The checks run at the same time, each with its own time limit, and what
 * goes wrong in one is that one's finding: this never fails.
 */
export async function examine(subject: Subject): Promise<readonly Finding[]> {
  const examination = createExamination(subject);
  const findings = checks.map((check) => findingsOf(check, examination));
  return (await Promise.all(findings)).flat();
}

async function findingsOf(
  { name, section, run }: Check,
  examination: Examination,
): Promise<readonly Finding[]> {
  const stop = new AbortController();
  const limit = 2 * examination.subject.limit;
  const late = delay(limit, [tooLong(limit)], { signal: stop.signal });
  try {
    const verdicts = await Promise.race([judged(() => run(examination)), late]);
    // Parts of a check that lack the same thing say the same.
    const distinct = new Map(verdicts.map((verdict) => [verdict.what, verdict]));
    return [...distinct.values()].map((verdict) => ({ check: name, section, ...verdict }));
  } catch (error) {
    return [{ check: name, section, ...failed(error) }];
  } finally {
    stop.abort();
  }
}

function tooLong(limit: number): Verdict {
  return notChecked(`It has not come to an end within ${limit / 1000} s.`, 'Try again.');
}

function failed(error: unknown): Verdict {
  const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return notChecked(`The check itself failed (${why}).`, 'Report this as a bug of Countersign.');
}
