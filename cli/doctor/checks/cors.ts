import { header } from '../../io/http.ts';
import type { DatedAnswer, Examination } from '../examination/examination.ts';
import { strangeOrigin } from '../examination/token-request.ts';
import {
  CannotCheck,
  faultsOr,
  judged,
  notChecked,
  problem,
  type Verdict,
  warning,
} from '../findings/finding.ts';
import { shortened, shownUrl } from '../findings/foreign-value.ts';
import { needed } from '../findings/trouble.ts';

/** Whether pages of strangers may read what is public, and nothing else (Fetch §3.2). */
export async function checkCors(examination: Examination): Promise<readonly Verdict[]> {
  const { document, jwkSet, refusal, subject } = examination;
  const metadata = { what: 'the metadata', check: 'issuer' };
  const set = { what: 'the JWK Set', check: 'jwk-set' };
  const answer = { what: 'an answer of the token endpoint', check: 'challenge' };
  const parts = [
    async () => tokenEndpointFaults(await needed(refusal(), answer)),
    async () => tokenEndpointFaults(await tokenPreflight(examination)),
    async () =>
      publicFaults('The metadata', await needed(document('oauth-authorization-server'), metadata)),
    async () => publicFaults('The JWK Set', await needed(jwkSet(), set)),
    ...subject.apis.map((api) => () => apiFaults(examination, api)),
  ];
  const faults = (await Promise.all(parts.map(judged))).flat();
  return faultsOr(faults, fine);
}

const fine = 'Any page may read the metadata and the JWK Set, and none the token endpoint.';

/** A browser needs its answer; that there is none says nothing of the other answers. */
async function tokenPreflight(examination: Examination): Promise<DatedAnswer> {
  const url = await examination.endpoint('token_endpoint');
  try {
    return await preflight(examination, url, 'POST');
  } catch (error) {
    if (!(error instanceof CannotCheck)) throw error;
    const remedy = 'Look at the proxy in front: a request that it does not like should be refused.';
    throw new CannotCheck(notChecked(error.verdict.what, remedy));
  }
}

function tokenEndpointFaults(answer: DatedAnswer): readonly Verdict[] {
  const letIn = allowed(answer);
  if (letIn === undefined) return [];
  return [
    problem(
      `The token endpoint lets pages of other origins read its answers (${shown(letIn)}).`,
      'Take CORS off it: clients are machines, and no browser should hold a client secret.',
    ),
  ];
}

/** What should be open to everybody, and to nobody's cookies. */
function publicFaults(what: string, answer: DatedAnswer): readonly Verdict[] {
  const letIn = allowed(answer);
  const remedy = 'Let the `Access-Control-Allow-Origin: *` of the discovery function through.';
  if (!letIn || !isOpen(letIn)) {
    return [warning(`${what} cannot be read by a page of another origin.`, remedy)];
  }
  if (!letIn.withCredentials || letIn.origin === '*') return [];
  return [warning(`${what} can be read by any page, with credentials (${shown(letIn)}).`, remedy)];
}

async function apiFaults(examination: Examination, api: URL): Promise<readonly Verdict[]> {
  const answering = preflight(examination, api, 'GET');
  const heard = await needed(answering, { what: 'an answer of the API', check: 'api-challenge' });
  const letIn = allowed(heard);
  if (!letIn || !isOpen(letIn)) return [];
  const remedy = 'Name the origins that need it in the CORS settings of the API.';
  return [warning(`${shownUrl(api)} lets pages of any origin call it (${shown(letIn)}).`, remedy)];
}

function preflight({ ask }: Examination, url: URL, method: string): Promise<DatedAnswer> {
  return ask({
    url,
    method: 'OPTIONS',
    headers: [
      ['Origin', strangeOrigin],
      ['Access-Control-Request-Method', method],
      ['Access-Control-Request-Headers', 'authorization'],
    ],
  });
}

/** Whom an answer lets read it (Fetch §3.2.3). */
interface Allowed {
  readonly origin: string;
  readonly withCredentials: boolean;
}

function allowed(answer: DatedAnswer): Allowed | undefined {
  const origin = header(answer, 'access-control-allow-origin');
  const withCredentials = header(answer, 'access-control-allow-credentials') === 'true';
  return origin === undefined ? undefined : { origin, withCredentials };
}

const isOpen = ({ origin }: Allowed): boolean => origin === '*' || origin === strangeOrigin;

const shown = ({ origin, withCredentials }: Allowed): string =>
  withCredentials ? `${shortened(origin)}, with credentials` : shortened(origin);
