import { header } from '../exchange.ts';
import type { Examination, Heard } from './examination.ts';
import { faultsOr, judged, problem, type Verdict, warning } from './finding.ts';
import { strangeOrigin } from './token-request.ts';
import { needed } from './trouble.ts';

/** Whether pages of strangers may read what is public, and nothing else (Fetch §3.2). */
export async function checkCors(examination: Examination): Promise<readonly Verdict[]> {
  const { document, jwkSet, subject } = examination;
  const metadata = { what: 'the metadata', check: 'issuer' };
  const set = { what: 'the JWK Set', check: 'jwk-set' };
  const parts = [
    () => tokenEndpointFaults(examination),
    async () =>
      closed('The metadata', await needed(document('oauth-authorization-server'), metadata)),
    async () => closed('The JWK Set', await needed(jwkSet(), set)),
    ...subject.apis.map((api) => () => apiFaults(examination, api)),
  ];
  const faults = (await Promise.all(parts.map(judged))).flat();
  return faultsOr(faults, fine);
}

const fine = 'Any page may read the metadata and the JWK Set, and none the token endpoint.';

async function tokenEndpointFaults(examination: Examination): Promise<readonly Verdict[]> {
  const what = 'an answer of the token endpoint';
  const url = await examination.endpoint('token_endpoint');
  const answers = [preflight(examination, url, 'POST'), examination.refusal()];
  const heard = await needed(Promise.all(answers), { what, check: 'challenge' });
  const [letIn] = heard.flatMap((answer) => allowedOrigin(answer) ?? []);
  if (letIn === undefined) return [];
  return [
    problem(
      `The token endpoint lets pages of other origins read its answers (${letIn}).`,
      'Take CORS off it: clients are machines, and no browser should hold a client secret.',
    ),
  ];
}

/** What should be open is not. */
function closed(what: string, answer: Heard): readonly Verdict[] {
  if (allowedOrigin(answer) === '*') return [];
  const remedy = 'Let the `Access-Control-Allow-Origin: *` of the discovery function through.';
  return [warning(`${what} cannot be read by a page of another origin.`, remedy)];
}

async function apiFaults(examination: Examination, api: URL): Promise<readonly Verdict[]> {
  const answering = preflight(examination, api, 'GET');
  const heard = await needed(answering, { what: 'an answer of the API', check: 'api-challenge' });
  const letIn = allowedOrigin(heard);
  if (letIn !== '*' && letIn !== strangeOrigin) return [];
  const remedy = 'Name the origins that need it in the CORS settings of the API.';
  return [warning(`${api.href} lets pages of any origin call it (${letIn}).`, remedy)];
}

function preflight({ ask }: Examination, url: URL, method: string): Promise<Heard> {
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

const allowedOrigin = (answer: Heard): string | undefined =>
  header(answer, 'access-control-allow-origin');
