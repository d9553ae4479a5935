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

/** Whether pages of strangers may read what is public, and nothing else (Fetch §3.2). Pages in `corsOrigins` may read more. */
export async function checkCors(examination: Examination): Promise<readonly Verdict[]> {
  const { document, jwkSet, refusal, subject } = examination;
  const parts = [
    async () => tokenEndpointFaults(await needed(refusal(), 'an answer of the token endpoint')),
    async () => tokenEndpointFaults(await tokenPreflight(examination)),
    async () =>
      publicFaults(
        'The metadata',
        await needed(document('oauth-authorization-server'), 'the metadata'),
      ),
    async () => publicFaults('The JWK Set', await needed(jwkSet(), 'the JWK Set')),
    ...subject.apis.map((api) => () => apiFaults(examination, api)),
  ];
  const faults = (await Promise.all(parts.map(judged))).flat();
  return faultsOr(faults, fine);
}

const fine =
  'Any page may read the metadata and the JWK Set, and no page of a stranger what the token endpoint answers.';

/** A preflight without an answer keeps every page out, so it is no fault: it is not checked. */
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
  const readers = readersOf(answer);
  if (readers === undefined) return [];
  return [
    problem(
      `The token endpoint lets pages of other origins read its answers (${shown(readers)}).`,
      'Take CORS off it: a page that asks for tokens has a client secret. Name those that you trust in `corsOrigins`.',
    ),
  ];
}

/** What is public: any page may read it, and need not send its user's cookies for that. */
function publicFaults(what: string, answer: DatedAnswer): readonly Verdict[] {
  const readers = readersOf(answer);
  const remedy = 'Let the `Access-Control-Allow-Origin: *` of the discovery function through.';
  if (!readers || !isOpen(readers)) {
    return [warning(`${what} cannot be read by a page of another origin.`, remedy)];
  }
  if (!readers.withCredentials || readers.origin === '*') return [];
  return [
    warning(`${what} can be read by any page, with credentials (${shown(readers)}).`, remedy),
  ];
}

async function apiFaults(examination: Examination, api: URL): Promise<readonly Verdict[]> {
  const answering = preflight(examination, api, 'GET');
  const heard = await needed(answering, 'an answer of the API');
  const readers = readersOf(heard);
  if (!readers || !isOpen(readers)) return [];
  const remedy = 'Name the origins that need it in the CORS settings of the API.';
  return [
    warning(`${shownUrl(api)} lets pages of any origin call it (${shown(readers)}).`, remedy),
  ];
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

/** Which pages may read an answer (Fetch §3.2.3). */
interface Readers {
  readonly origin: string;
  readonly withCredentials: boolean;
}

function readersOf(answer: DatedAnswer): Readers | undefined {
  const origin = header(answer, 'access-control-allow-origin');
  const withCredentials = header(answer, 'access-control-allow-credentials') === 'true';
  return origin === undefined ? undefined : { origin, withCredentials };
}

const isOpen = ({ origin }: Readers): boolean => origin === '*' || origin === strangeOrigin;

const shown = ({ origin, withCredentials }: Readers): string =>
  withCredentials ? `${shortened(origin)}, with credentials` : shortened(origin);
