import { createServer, type RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll } from 'vitest';
import { examine } from '../../cli/doctor/checks.ts';
import type { Subject } from '../../cli/doctor/examination/subject.ts';
import type { Finding } from '../../cli/doctor/findings/finding.ts';
import { createHandler as createDiscovery } from '../../functions/discovery/handler.ts';
import type { HttpResponse } from '../../functions/http/response.ts';
import { profiles } from '../../functions/oauth/profile.ts';
import { close, listen } from '../../local/io/http-server.ts';
import { httpApiEvent } from '../support/http-api-event.ts';
import { client_id, client_secret, stoppedAt, tokenEndpoint } from '../support/token-endpoint.ts';

/** Changes an answer on its way, keeps it back, or cuts the connection. */
export type Breakage = (answer: HttpResponse, path: string) => HttpResponse | 'hang' | 'cut';

const date = new Date(stoppedAt * 1000).toUTCString();
const unbroken: Breakage = (answer) => answer;

/**
 * Serves until the test file ends.
 * @returns the origin
 */
export async function serving(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  const port = await listen(server);
  afterAll(() => close(server));
  return `http://127.0.0.1:${port}`;
}

/**
 * The real token and discovery functions over HTTP, the clock stopped, behind something that may
 * break their answers.
 */
export async function breakableDeployment() {
  let handle: (path: string, init: Parameters<typeof httpApiEvent>[0]) => Promise<HttpResponse>;
  let breakage = unbroken;
  const issuer = await serving(async (request, response) => {
    const { method = '', url = '', headers } = request;
    const init = { method, path: url, headers: headers as never, body: await text(request) };
    const answer = breakage(await handle(url, init), url);
    if (answer === 'hang') return;
    if (answer === 'cut') return void request.socket.destroy();
    response.writeHead(answer.statusCode, { date, ...answer.headers }).end(answer.body);
  });
  const token = await tokenEndpoint({ issuer });
  const { keyRing, clock } = token;
  const discovery = createDiscovery({
    issuer,
    profile: profiles.none,
    authorizationEndpoint: 'openid',
    keyRing,
    now: () => clock.now,
    audit: () => {},
  });
  handle = (path, init) => (path === '/token' ? token.handler : discovery)(httpApiEvent(init));
  return {
    issuer,
    examine: async (broken: Breakage, special: Partial<Subject> = {}) => {
      breakage = broken;
      const findings = await examine({ ...subjectOf(issuer), ...special });
      breakage = unbroken;
      return findings;
    },
  };
}

/** The deployment as subject, with a registered client and a clock that agrees. */
function subjectOf(issuer: string): Subject {
  return {
    issuer,
    apis: [],
    templates: [],
    client: async () => ({ client_id, client_secret }),
    now: () => stoppedAt,
    limit: 5_000,
  };
}

/** The warnings and problems among the findings. */
export function faultsOf(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(({ status }) => status === 'warning' || status === 'problem');
}
