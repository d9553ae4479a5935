import { header } from '../../io/http.ts';
import type { DatedAnswer, Examination } from '../examination/examination.ts';
import { judged, notChecked, ok, problem, type Verdict } from '../findings/finding.ts';
import { shownUrl } from '../findings/foreign-value.ts';
import { challengeVerdict } from './challenge.ts';

/** Whether the APIs refuse a request without a token, by 401 and a challenge (RFC 6750 §3). */
export async function checkApiChallenge(examination: Examination): Promise<readonly Verdict[]> {
  const { apis } = examination.subject;
  if (apis.length === 0) return [noApi];
  const verdicts = await Promise.all(
    apis.map((url) => judged(async () => [apiVerdict(url, await examination.ask({ url }))])),
  );
  return verdicts.flat();
}

function apiVerdict(url: URL, answer: DatedAnswer): Verdict {
  const { status } = answer;
  const who = shownUrl(url);
  if (status >= 200 && status <= 299) return open(who, status);
  if (status !== 401) return notRefused(who, status);
  const verdict = challengeVerdict(answer, { who, scheme: 'Bearer' });
  if (!verdict) return ok(`${who} answers 401 and a Bearer challenge without a token.`);
  if (header(answer, 'www-authenticate') === undefined && header(answer, httpApi)) {
    return ok(`${who} answers 401 without a token; an HTTP API cannot add a challenge to it.`);
  }
  return verdict;
}

/** The request id, which only HTTP APIs send under this name: it tells them from REST APIs. */
const httpApi = 'apigw-requestid';

const noApi = notChecked(
  'No API is named.',
  'Name the URL of a route that an authorizer guards with --api.',
);

function open(who: string, status: number): Verdict {
  return problem(
    `${who} answers ${status} without a token.`,
    'Give the route the authorizer; deploy the API again if it has one.',
  );
}

function notRefused(who: string, status: number): Verdict {
  return notChecked(
    `${who} answers ${status} without a token, not 401.`,
    'Name the URL of a route that an authorizer guards and that GET reaches.',
  );
}
