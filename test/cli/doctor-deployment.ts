import { createServer, type RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll } from 'vitest';
import { examine } from '../../cli/doctor/checks.ts';
import type { Subject } from '../../cli/doctor/examination/subject.ts';
import type { Finding } from '../../cli/doctor/findings/finding.ts';
import { createHandler as createDiscovery } from '../../functions/discovery/handler.ts';
import type { HttpFunction } from '../../functions/http/http-function.ts';
import type { HttpResponse } from '../../functions/http/response.ts';
import type { CachedKeyRing } from '../../functions/oauth/cached-key-ring.ts';
import { currentRevocations } from '../../functions/oauth/current-revocations.ts';
import { profiles } from '../../functions/oauth/profile.ts';
import { createHandler as createPublisher } from '../../functions/revocation-list/handler.ts';
import { knownLists } from '../../functions/revocation-list/known-lists.ts';
import { encodedLists } from '../../functions/revocation-list/list-content.ts';
import { signedLists } from '../../functions/revocation-list/signed-lists.ts';
import type { TokenEndpoint } from '../../functions/token/handler.ts';
import { close, listen } from '../../local/io/http-server.ts';
import { httpApiEvent } from '../support/http-api-event.ts';
import { serverInMemory } from '../support/server-in-memory.ts';
import { client_id, client_secret, stoppedAt } from '../support/token-endpoint.ts';

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
 * The real functions of a server over HTTP, the clock stopped, behind something that may break their answers.
 * @param tokens what is special about its tokens
 */
export async function breakableDeployment(
  tokens: (issuer: string) => Partial<TokenEndpoint> = () => ({}),
) {
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
  const server = await serverInMemory({
    token: { issuer, ...tokens(issuer) },
    revocation: { issuer },
  });
  const { keyRing, clock } = server;
  const discovery = createDiscovery({
    issuer,
    profile: profiles.none,
    authorizationEndpoint: 'openid',
    keyRing,
    now: () => clock.now,
    audit: () => {},
  });
  const others: Readonly<Record<string, HttpFunction>> = {
    '/token': server.handler,
    '/revoke': server.revocation,
  };
  let lists = publisher(server, issuer);
  handle = (path, init) => {
    const other = path === '/revocation-list' ? lists : others[path];
    return (other ?? discovery)(httpApiEvent(init));
  };
  return {
    issuer,
    examine: async (broken: Breakage, special: Partial<Subject> = {}) => {
      breakage = broken;
      lists = publisher(server, issuer);
      const findings = await examine({ ...subjectOf(issuer), ...special });
      breakage = unbroken;
      return findings;
    },
  };
}

/** Publishes what the server has revoked. Each request comes a second later, as far as the list goes. */
function publisher(
  { store: log, ring, ports, clock }: Awaited<ReturnType<typeof serverInMemory>>,
  issuer: string,
): HttpFunction {
  let seconds = -1;
  const now = () => clock.now + Math.max(0, seconds);
  const signList = signedLists({ signingKeys: ports.signingKeys, now, tooLong: () => {} });
  const handler = createPublisher({
    issuer,
    revocations: currentRevocations({ log, now, oldest: 1 }),
    keyRing: { current: ring.current } as CachedKeyRing,
    encoded: encodedLists(),
    signList,
    knownLists: knownLists(log, now),
    audit: () => {},
  });
  return (event) => {
    seconds += 1;
    return handler(event);
  };
}

/** The deployment as subject, with a registered client and a clock that agrees. */
function subjectOf(issuer: string): Subject {
  return {
    issuer,
    apis: [],
    templates: [],
    client: async () => ({ client_id, client_secret, isThrowAway: true }),
    now: () => stoppedAt,
    limit: 5_000,
  };
}

/** The warnings and problems among the findings. */
export function faultsOf(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(({ status }) => status === 'warning' || status === 'problem');
}
