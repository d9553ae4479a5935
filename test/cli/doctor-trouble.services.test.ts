import { createServer } from 'node:https';
import { afterAll, describe, expect, test } from 'vitest';
import { close, listen } from '../../local/io/http-server.ts';
import { selfSigned } from '../support/self-signed.ts';
import { stoppedAt } from '../support/token-endpoint.ts';
import { breakableDeployment, faultsOf, serving } from './doctor-deployment.ts';

/** `countersign doctor` on what does not answer as a deployment: a sentence each, and the rest runs. */

const deployment = await breakableDeployment();
const html = '<!DOCTYPE html><title>Welcome</title>';
const templates = [
  { name: 'Orders', read: async () => ({ name: 'Orders', resources: [tokenAuthorizer] }) },
];
const tokenAuthorizer = {
  id: 'Authorizer',
  type: 'AWS::ApiGateway::Authorizer',
  properties: { Type: 'TOKEN', AuthorizerResultTtlInSeconds: 0 },
};

async function selfSignedIssuer(): Promise<string> {
  const server = createServer(selfSigned, (_, response) => response.end('{}'));
  const port = await listen(server);
  afterAll(() => close(server));
  return `https://127.0.0.1:${port}`;
}

const answering = (status: number, body: string, headers = {}) =>
  serving((_, response) => void response.writeHead(status, headers).end(body));

describe('an issuer that', () => {
  test.for<[string, () => Promise<string>, RegExp, RegExp]>([
    [
      'is not there',
      async () => 'http://127.0.0.1:1',
      /nothing listens there \(ECONNREFUSED\)/,
      /^Look whether the deployment runs/,
    ],
    ['answers HTML', () => answering(200, html), /it answers 200 with HTML/, /not to a web site/],
    [
      'answers something else',
      () => answering(200, '[]'),
      /200 with something that is no JSON object/,
      /Look at what answers there/,
    ],
    ['answers nothing', () => answering(200, ''), /200 without a body/, /what answers there/],
    [
      'redirects',
      () => answering(302, '', { location: 'https://b.example/' }),
      /it answers 302 to https:\/\/b\.example\//,
      /clients follow no redirect/,
    ],
    ['knows nothing', () => answering(404, '{}'), /it answers 404/, /^Look at the routes/],
    [
      'has a certificate that nobody signed',
      selfSignedIssuer,
      /certificate is not signed by an authority that this computer trusts \(\w+\)/,
      /certificate of a public authority/,
    ],
    [
      'hangs up',
      () => serving(({ socket }) => void socket.destroy()),
      /it hung up before it had answered/,
      /load balancer in front/,
    ],
    ['hangs', () => serving(() => {}), /no answer within 0\.3 s/, /proxy or firewall/],
    [
      'does not speak TLS',
      async () => deployment.issuer.replace('http:', 'https:'),
      /it does not speak TLS there/,
      /HTTPS front/,
    ],
  ])('%s', async ([name, start, sentence, remedy]) => {
    const issuer = await start();
    const limit = name === 'hangs' ? 300.0004 : 5_000;
    const findings = await deployment.examine((answer) => answer, { issuer, templates, limit });
    const faults = faultsOf(findings);
    expect(faults).toHaveLength(2);
    for (const fault of faults) {
      expect(fault).toMatchObject({ check: 'issuer', status: 'problem' });
      expect(fault.what).toMatch(/^GET http\S+ failed: [^\n]+[^.]\.$/);
      expect(fault.what).toMatch(sentence);
      expect(fault.remedy).toMatch(remedy);
    }
    const rest = findings.filter(({ check }) => check !== 'issuer');
    expect(new Set(rest.map(({ check }) => check)).size).toBe(14);
    expect(rest.find(({ check }) => check === 'authorizer-cache')?.status).toBe('ok');
    expect(rest.find(({ check }) => check === 'token')).toMatchObject({
      status: 'not checked',
      remedy: 'See to what issuer says first.',
    });
  });
});

describe('a part that is in trouble leaves the others alone:', () => {
  test('a token endpoint that hangs', async () => {
    const findings = await deployment.examine(
      (answer, path) => (path === '/token' ? 'hang' : answer),
      { limit: 3_000 },
    );
    expect(faultsOf(findings)).toMatchObject([
      { check: 'token', what: expect.stringMatching(/^POST \S+\/token failed: no answer within/) },
      { check: 'challenge', what: expect.stringMatching(/^POST \S+ failed: no answer within 3 s/) },
    ]);
    const fine = findings.filter(({ status }) => status === 'ok').map(({ check }) => check);
    expect(fine).toEqual([
      'issuer',
      'jwk-set',
      'jwk-set-cache',
      'revocation',
      'revocation-list',
      'default-endpoint',
    ]);
  });

  test('a JWK Set whose connection is cut', async () => {
    const findings = await deployment.examine((answer, path) =>
      path === '/.well-known/jwks.json' ? 'cut' : answer,
    );
    expect(faultsOf(findings)).toMatchObject([{ check: 'jwk-set', status: 'problem' }]);
    const unknown = findings.filter(({ status }) => status === 'not checked');
    expect(unknown.filter(({ what }) => what.includes('JWK Set'))).toMatchObject([
      { check: 'jwk-set-cache', remedy: 'See to what jwk-set says first.' },
      { check: 'token', remedy: 'See to what jwk-set says first.' },
      { check: 'cors', remedy: 'See to what jwk-set says first.' },
      { check: 'revocation-list', remedy: 'See to what jwk-set says first.' },
    ]);
  });

  test('a preflight whose connection is cut', async () => {
    const findings = await deployment.examine((answer, path) => {
      if (path !== '/token') return answer;
      const headers = { ...answer.headers, 'access-control-allow-origin': '*' };
      return answer.statusCode === 405 ? 'cut' : { ...answer, headers };
    });
    expect(findings.filter(({ check }) => check === 'cors')).toMatchObject([
      { status: 'problem', what: expect.stringMatching(/lets pages of other origins .+\(\*\)/) },
      { status: 'not checked', what: expect.stringMatching(/^OPTIONS \S+ failed: it hung up/) },
    ]);
  });

  test('a check that does not come to an end', async () => {
    const read = () => new Promise<never>(() => {});
    const findings = await deployment.examine((answer) => answer, {
      templates: [{ name: 'Slow', read }],
      limit: 100,
    });
    for (const check of ['default-endpoint', 'authorizer-cache']) {
      expect(findings.filter((finding) => finding.check === check)).toMatchObject([
        { status: 'problem', what: 'It has not come to an end within 0.3 s.' },
      ]);
    }
  });

  test('a registry that has no end is not a fault', async () => {
    const clients = () => new Promise<never>(() => {});
    const findings = await deployment.examine((answer) => answer, { clients, limit: 100 });
    expect(findings.filter(({ check }) => check === 'trust-rules')).toMatchObject([
      { status: 'not checked', what: expect.stringMatching(/^There are more clients than can/) },
    ]);
  });

  test('a check that fails itself', async () => {
    const read = () => Promise.reject(new RangeError('no such thing'));
    const findings = await deployment.examine((answer) => answer, {
      templates: [{ name: 'Odd', read }],
    });
    expect(findings.find(({ check }) => check === 'authorizer-cache')).toMatchObject({
      status: 'problem',
      what: 'The check failed over what it was given (RangeError: no such thing).',
      remedy: expect.stringMatching(/^Look at what the deployment answers/),
    });
  });
});

describe('an issuer that is spelled otherwise', () => {
  /** Both documents say this issuer; the rest is as before. */
  const saying = (issuer: string) =>
    deployment.examine(
      (answer, path) => {
        if (!/oauth-auth|openid/.test(path)) return answer;
        return { ...answer, body: JSON.stringify({ ...JSON.parse(answer.body), issuer }) };
      },
      { issuer },
    );

  test('E03: tokens have another iss', async () => {
    const elsewhere = deployment.issuer.replace('127.0.0.1', 'localhost');
    const faults = faultsOf(await saying(elsewhere));
    expect(faults.filter(({ check }) => check === 'token')).toMatchObject([
      {
        status: 'problem',
        what: `An access token has the iss "${deployment.issuer}", not "${elsewhere}".`,
        remedy: expect.stringMatching(/byte by byte/),
      },
    ]);
    // Its endpoints still have the other host.
    expect(faults.filter(({ check }) => check === 'issuer')).toHaveLength(4);
    expect(faults.find(({ check }) => check === 'issuer')).toMatchObject({
      status: 'warning',
      what: expect.stringMatching(/token_endpoint ".+", which is not under the issuer/),
      remedy: expect.stringMatching(/this host is yours/),
    });
  });

  test('H01: no secret is sent where the metadata of another issuer point', async () => {
    const paths: string[] = [];
    const findings = await deployment.examine((answer, path) => {
      paths.push(path);
      const body = answer.body.replace(/"issuer":"[^"]+"/, '"issuer":"https://other.example"');
      return { ...answer, body };
    }, {});
    expect(findings.find(({ check }) => check === 'token')).toMatchObject({
      status: 'not checked',
      what: 'A secret is not sent where the metadata of another issuer point.',
    });
    // The preflight and the unregistered client, without a secret of anybody.
    expect(paths.filter((path) => path === '/token')).toHaveLength(2);
  });

  test('H01: it ends in a slash', async () => {
    const faults = faultsOf(await saying(`${deployment.issuer}/`));
    expect(faults).toMatchObject([
      { check: 'issuer', status: 'problem', what: expect.stringMatching(/ends in a slash/) },
      { check: 'token', status: 'problem', what: expect.stringMatching(/has the iss/) },
      { check: 'revocation-list', what: expect.stringMatching(/has the iss .+, not ".+\/"/) },
    ]);
  });
});

test("this computer's clock two hours behind", async () => {
  const findings = await deployment.examine((answer) => answer, { now: () => stoppedAt - 7200 });
  expect(faultsOf(findings)).toMatchObject([
    { check: 'clock', status: 'problem', what: expect.stringMatching(/Date .+ 7200 s ahead/) },
    { check: 'clock', status: 'problem', what: expect.stringMatching(/iat .+ 7200 s ahead/) },
    { check: 'revocation-list', what: expect.stringMatching(/is from the future by the clock/) },
  ]);
});
