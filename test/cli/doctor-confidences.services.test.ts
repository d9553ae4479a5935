import { describe, expect, test } from 'vitest';
import { breakableDeployment } from './doctor-deployment.ts';

/** `countersign doctor`: no secret and no access token is printed, whatever the deployment echoes. */

const deployment = await breakableDeployment();
const client_id = 's6BhdRkqt3';
const client_secret = '7Fjfp0 ZBr1+KtDRbnfVdmIw/é"';
const formEncoded = new URLSearchParams({ '': client_secret }).toString().slice(1);
const basic = Buffer.from(
  `${encodeURIComponent(client_id)}:${encodeURIComponent(client_secret)}`,
).toString('base64');
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

const answering = async (
  statusCode: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
) =>
  JSON.stringify(
    await deployment.examine(
      (answer, path) =>
        path === '/token' ? { ...answer, statusCode, body: JSON.stringify(body), headers } : answer,
      { client: async () => ({ client_id, client_secret }) },
    ),
  );

describe('the secret is not printed', () => {
  const spellings = [
    ['as it is', client_secret],
    ['form-encoded', formEncoded],
    ['percent-encoded', encodeURIComponent(client_secret)],
    ['in small letters', encodeURIComponent(client_secret).toLowerCase()],
    ['as Basic credentials', basic],
    ['as Basic credentials in a URL', encodeURIComponent(basic)],
  ] as const;

  test.for(spellings)('when error_description has it, %s', async ([, spelling]) => {
    const plain = spelling.replaceAll(/[^\x20-\x7E]|"/g, '');
    const body = { error: 'invalid_client', error_description: `was ${spelling}` };
    const findings = await answering(401, body);
    expect(findings).toContain('(invalid_client');
    for (const secret of [spelling, plain]) expect(findings).not.toContain(secret);
  });

  test.for(spellings)('when a redirect has it, %s', async ([, spelling]) => {
    const location = `https://a.example/?said=${spelling.replaceAll('é', '')}`;
    const findings = await answering(302, {}, { location });
    expect(findings).toContain('it answers 302 to https://a.example/?said=');
    expect(findings).not.toContain(spelling);
  });

  test.for(spellings)('when the iss of a token has it, %s', async ([, spelling]) => {
    const access_token = `${part({ alg: 'none' })}.${part({ iss: spelling })}.`;
    const findings = await answering(200, { access_token });
    expect(findings).toContain('An access token has the iss \\"[hidden]\\"');
    expect(findings).not.toContain(spelling);
  });

  test('when what is too long to show is cut off in the midst of it', async () => {
    const access_token = `${part({ alg: 'none' })}.${part({ iss: `${'a'.repeat(190)}${client_secret}` })}.`;
    const findings = await answering(200, { access_token });
    expect(findings).toMatch(/aaa\[hidden\]…/);
    expect(findings).not.toContain(client_secret.slice(0, 4));
  });
});

test('an access token is not printed, a JWT or not', async () => {
  for (const access_token of ['opaque-4711', `${part({ alg: 'none' })}.${part({})}.c2ln`]) {
    const findings = await answering(200, { access_token }, { 'cache-control': access_token });
    expect(findings).toContain('Cache-Control: [hidden].');
    expect(findings).not.toContain(access_token);
  }
});

test('A19: an error outside the characters of RFC 6749 is not printed', async () => {
  const findings = await answering(400, { error: 'a"b', error_description: 'c\nd' });
  expect(findings).toContain('no token to a registered client (with no error of RFC 6749).');
});
