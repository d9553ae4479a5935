import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { authorizationServerMetadata } from '../../functions/discovery/metadata.ts';
import { type ProfileName, profiles } from '../../functions/oauth/profile.ts';
import { writeLocalStackFile } from '../../local/state/local-stack-file.ts';
import { assertionForm, signAssertion } from '../support/assertions.ts';
import { json, type Reply, raw, startDocumentServer } from '../support/document-server.ts';
import { testKey } from '../support/test-key.ts';
import { inProcess } from './command.ts';
import { localDeployment } from './local-deployment.ts';

/** `client trust test` goes by the profile of the deployment, which its metadata show. */

const stoppedAt = 1_700_000_000;
const now = () => stoppedAt;
const { directory, file } = await localDeployment(now, profiles.fapi2);
const [platform, server] = await Promise.all([startDocumentServer(), startDocumentServer()]);
const [rsa, elliptic] = await Promise.all([testKey('RS256'), testKey('ES256')]);
const path = (name: string) => join(directory, name);
const iss = platform.url;
const metadata = '/.well-known/oauth-authorization-server';

beforeAll(async () => {
  platform.replies.set(
    '/.well-known/openid-configuration',
    json({ issuer: iss, jwks_uri: `${iss}/keys` }),
  );
  platform.replies.set('/keys', json({ keys: [rsa.jwk, elliptic.jwk] }));
  await writeFile(path('rules.json'), JSON.stringify({ issuer: iss, subject: 'job' }));
  const done = async (...words: readonly string[]) =>
    expect(await inProcess([...words, '--local'], { now })).toMatchObject({ exitCode: 0 });
  await done('resource', 'create', 'https://api.example.com', '--scope', 'read');
  await done(
    ...['client', 'create', '--name', 'job', '--client-id', 'job'],
    ...['--trust', path('rules.json'), '--yes'],
  );
});
beforeEach(() => writeLocalStackFile(directory, file));
afterAll(() => Promise.all([platform.close(), server.close()]));

const jwt = (key = elliptic, sub = 'job'): Promise<string> => {
  const times = { aud: file.issuer, iat: stoppedAt, exp: stoppedAt + 300 };
  return signAssertion(key, { claims: { iss, sub, ...times } });
};

async function record(text: string) {
  await writeFile(path('job.jwt'), text);
  const words = ['client', 'trust', 'test', 'job', '--jwt', path('job.jwt'), '--local', '--json'];
  const { exitCode, stdout, stderr } = await inProcess(words, { now });
  expect(stderr).toBe('');
  return { exitCode, ...JSON.parse(stdout) };
}

/** Lets the deployment have these metadata. */
async function announce(reply: Reply): Promise<void> {
  server.replies.set(metadata, reply);
  await writeLocalStackFile(directory, { ...file, issuer: server.url });
}

const metadataOf = (name: ProfileName, issuer = server.url) =>
  authorizationServerMetadata(
    { issuer, profile: profiles[name], authorizationEndpoint: 'openid' },
    [],
  );

describe('L08: under fapi2', () => {
  test('a JWT that fits is not let in, as the token endpoint says', async () => {
    const text = await jwt();
    expect(await record(text)).toMatchObject({
      exitCode: 1,
      let_in: false,
      reason: 'the profile excludes federated',
      signature: { verified: true },
      rules: [{ agrees: true }],
    });
    const body = assertionForm(text, { client_id: 'job' });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await fetch(`${file.issuer}/token`, { method: 'POST', body, headers });
    expect(answer.status).toBe(400);
  });

  test('a signature by an algorithm that it excludes does not verify', async () => {
    expect(await record(await jwt(rsa))).toMatchObject({
      let_in: false,
      signature: { verified: false, reason: 'alg is none that a client may use' },
    });
  });
});

describe('what the metadata announce', () => {
  test('decides: no profile, and a JWT that fits is let in', async () => {
    await announce(json(metadataOf('none')));
    expect(await record(await jwt())).toMatchObject({ exitCode: 0, let_in: true });
    expect(await record(await jwt(rsa))).toMatchObject({ exitCode: 0, let_in: true });
  });

  test('decides: an algorithm that a deployment has not yet is none', async () => {
    const token_endpoint_auth_signing_alg_values_supported = ['RS256'];
    await announce(
      json({ ...metadataOf('none'), token_endpoint_auth_signing_alg_values_supported }),
    );
    expect(await record(await jwt(rsa))).toMatchObject({ let_in: true });
    expect(await record(await jwt())).toMatchObject({
      let_in: false,
      reason: 'alg is none that a client may use',
    });
  });

  test.for<[string, Reply, RegExp]>([
    ['cannot be had', raw(503, {}, ''), /it answers 503/],
    ['are a page', raw(200, {}, '<!doctype html>'), /it answers 200 with HTML/],
    ['come with an error', raw(500, {}, '{}'), /it answers 500/],
    ['lead elsewhere', raw(302, { location: 'https://a.example' }, ''), /it answers 302 to https:/],
    ['are of another issuer', json(metadataOf('none', 'https://a.example')), /another issuer/],
    ['say nothing of it', json({ issuer: server.url }), /do not say how clients authenticate/],
  ])('%s: it is not known whether a JWT that fits is let in', async ([, reply, why]) => {
    await announce(reply);
    const outcome = await record(await jwt());
    expect(outcome).toMatchObject({
      exitCode: 1,
      let_in: null,
      reason: expect.stringMatching(/^the profile of the deployment is not known: /),
      signature: { verified: true },
      rules: [{ agrees: true }],
    });
    expect(outcome.reason).toMatch(why);
    const stranger = await record(await jwt(elliptic, 'somebody'));
    expect(stranger).toMatchObject({ exitCode: 1, let_in: false });
  });
});
