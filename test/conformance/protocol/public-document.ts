import { type Answer, header } from '../../../cli/io/http.ts';
import { check, checkSame, type Deployment } from '../conformance-case.ts';

const origin = ['Origin', 'https://page.example'] as const;

/**
 * Checks that any page may read a document, that caches may keep it for a while, and that who has
 * it already is told so (Fetch, CORS protocol, RFC 9111 §5.2.2, RFC 9110 §13.1.2).
 * @throws Nonconformity
 */
export async function checkPublic(deployment: Deployment, url: URL): Promise<void> {
  const get = (known?: string): Promise<Answer> =>
    deployment.send({
      url,
      headers: known === undefined ? [origin] : [origin, ['If-None-Match', known]],
    });
  const answer = await get();
  const etag = header(answer, 'etag');
  checkSame(`the status of ${url.pathname}`, answer.status, 200);
  checkOpenToAll(url, answer);
  checkCacheable(url, answer);
  check(/^(W\/)?"[^"]*"$/.test(etag ?? ''), `the ETag of ${url.pathname} is ${etag ?? 'missing'}`);
  const unchanged = await get(etag);
  checkSame(`${url.pathname} with its ETag in If-None-Match`, unchanged.status, 304);
  checkSame('the ETag of the 304', header(unchanged, 'etag'), etag);
  checkOpenToAll(url, unchanged);
  const changed = await get('"another"');
  checkSame(`${url.pathname} with another ETag in If-None-Match`, changed.status, 200);
}

/**
 * Checks that any page may ask beforehand whether it may send headers of its own (Fetch, CORS
 * protocol).
 * @throws Nonconformity
 */
export async function checkPreflight(deployment: Deployment, url: URL): Promise<void> {
  const asks = [
    ['Access-Control-Request-Method', 'GET'],
    ['Access-Control-Request-Headers', 'mcp-protocol-version'],
  ] as const;
  const answer = await deployment.send({ url, method: 'OPTIONS', headers: [origin, ...asks] });
  const isGood = answer.status === 200 || answer.status === 204;
  check(isGood, `a preflight request for ${url.pathname} is answered ${answer.status}`);
  checkOpenToAll(url, answer);
  const allowed = header(answer, 'access-control-allow-headers') ?? '';
  const names = allowed.split(',').map((name) => name.trim().toLowerCase());
  check(
    names.includes('*') || names.includes('mcp-protocol-version'),
    `Access-Control-Allow-Headers of ${url.pathname} is ${allowed || 'missing'}`,
  );
}

function checkOpenToAll(url: URL, answer: Answer): void {
  const allowed = header(answer, 'access-control-allow-origin');
  checkSame(`Access-Control-Allow-Origin of ${url.pathname}`, allowed, '*');
}

function checkCacheable(url: URL, answer: Answer): void {
  const directives = header(answer, 'cache-control')?.toLowerCase() ?? 'missing';
  check(
    /(^|[\s,])max-age=[1-9]/.test(directives) && !/no-store|no-cache|private/.test(directives),
    `Cache-Control of ${url.pathname} is ${directives}`,
  );
}
