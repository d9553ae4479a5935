import { type Answer, header, headerValues } from '../../io/http.ts';
import type { Examination } from '../examination/examination.ts';
import { ok, problem, type Verdict } from '../findings/finding.ts';
import { quoted } from '../findings/foreign-value.ts';

/**
 * Whether wrong credentials get 401 and a challenge in WWW-Authenticate (RFC 6749 §5.2,
 * RFC 9110 §11.6.1).
 */
export async function checkChallenge({ refusal }: Examination): Promise<readonly Verdict[]> {
  const answer = await refusal();
  if (answer.status !== 401) return [notRefused(answer.status)];
  const fine = 'The token endpoint answers wrong credentials with 401 and a Basic challenge.';
  return [challengeVerdict(answer, { who: 'The token endpoint', scheme: 'Basic' }) ?? ok(fine)];
}

/**
 * Says what is wrong with the challenge of an answer (RFC 9110 §11.6.1).
 * @returns undefined when it is there and of this scheme
 */
export function challengeVerdict(
  answer: Answer,
  { who, scheme }: { readonly who: string; readonly scheme: string },
): Verdict | undefined {
  const challenges = headerValues(answer, 'www-authenticate');
  const wanted = new RegExp(`(^|,\\s*)${scheme}(\\s|$)`, 'i');
  if (challenges.some((challenge) => wanted.test(challenge))) return undefined;
  if (header(answer, renamed)) return renamedChallenge(who);
  const said = challenges.length === 0 ? 'without' : `with ${quoted(challenges.join())} as`;
  return problem(
    `${who} answers ${answer.status} ${said} WWW-Authenticate, and no ${scheme} challenge.`,
    'Look at the proxy in front: it must let the header WWW-Authenticate through.',
  );
}

/** The name that a REST API gives to the header when a function answers with it. */
const renamed = 'x-amzn-remapped-www-authenticate';

function renamedChallenge(who: string): Verdict {
  return problem(
    `${who} has its challenge under the name ${renamed}.`,
    'A REST API in front renames it: use an HTTP API, or set the header in a gateway response.',
  );
}

function notRefused(status: number): Verdict {
  return problem(
    `The token endpoint answers ${status} to a client that nobody knows, not 401.`,
    'Look at what answers there, and at the log of the token function.',
  );
}
