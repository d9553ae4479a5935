import { describe, expect, test } from 'vitest';
import { breakableDeployment, faultsOf, serving } from './doctor-deployment.ts';

/** `countersign doctor --api`: what an API answers that stands behind an authorizer. */

const deployment = await breakableDeployment();

async function examineApi(status: number, headers: Readonly<Record<string, string>>) {
  const api = await serving((_, response) => void response.writeHead(status, headers).end());
  const apis = [new URL(api)];
  const findings = await deployment.examine((answer) => answer, { apis });
  return {
    faults: faultsOf(findings),
    challenge: findings.find(({ check }) => check === 'api-challenge'),
  };
}

describe('I09: an API that is asked without a token', () => {
  test.for<[string, number, Readonly<Record<string, string>>, string, RegExp]>([
    [
      'challenges',
      401,
      { 'www-authenticate': 'Bearer realm="x"' },
      'ok',
      /answers 401 and a Bearer challenge without a token/,
    ],
    [
      'is an HTTP API, which cannot',
      401,
      { 'apigw-requestid': 'x' },
      'ok',
      /an HTTP API cannot add a challenge to it/,
    ],
    [
      'does not challenge, though it could',
      401,
      {},
      'problem',
      /answers 401 without WWW-Authenticate, and no Bearer challenge/,
    ],
    [
      'challenges by another scheme',
      401,
      { 'www-authenticate': 'Basic realm="x"' },
      'problem',
      /and no Bearer challenge/,
    ],
    [
      'challenges under another name',
      401,
      { 'x-amzn-remapped-www-authenticate': 'Bearer' },
      'problem',
      /under the name x-amzn-remapped-www-authenticate/,
    ],
    ['lets everybody in', 200, {}, 'problem', /answers 200 without a token\.$/],
    ['knows no such route', 404, {}, 'not checked', /answers 404 without a token, not 401/],
  ])('%s', async ([, status, headers, expected, sentence]) => {
    const { challenge } = await examineApi(status, headers);
    expect(challenge).toMatchObject({ status: expected, section: 'RFC 6750 §3' });
    expect(challenge?.what).toMatch(sentence);
    if (expected !== 'ok') expect(challenge?.remedy).toMatch(/^[A-Z][^\n]+\.$/);
  });

  test('is not there', async () => {
    const apis = [new URL('http://127.0.0.1:1')];
    const findings = await deployment.examine((answer) => answer, { apis });
    expect(faultsOf(findings)).toMatchObject([
      { check: 'api-challenge', what: expect.stringMatching(/nothing listens there/) },
    ]);
  });
});

test('what is secret in the URL of an API is not shown', async () => {
  const api = await serving((_, response) => {
    response.writeHead(200, { 'access-control-allow-origin': '*' }).end();
  });
  const apis = [new URL(`${api}/orders?key=SECRET`)];
  const findings = await deployment.examine((answer) => answer, { apis });
  expect(faultsOf(findings)).toHaveLength(2);
  expect(JSON.stringify(findings)).toContain(`${api}/orders`);
  expect(JSON.stringify(findings)).not.toContain('SECRET');
});

describe('the CORS of an API', () => {
  test.for([
    ['*', ['cors']],
    ['https://countersign-doctor.example', ['cors']],
    ['https://app.example', []],
  ] as const)('%s', async ([origin, expected]) => {
    const { faults } = await examineApi(401, {
      'apigw-requestid': 'x',
      'access-control-allow-origin': origin,
    });
    expect(faults.map(({ check }) => check)).toEqual(expected);
    for (const fault of faults) {
      expect(fault).toMatchObject({ status: 'warning' });
      expect(fault.what).toContain(`lets pages of any origin call it (${origin})`);
      expect(fault.remedy).toMatch(/^Name the origins/);
    }
  });
});
