import { appendFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { close, listen } from '../../local/io/http-server.ts';
import { authority, certificate } from '../support/certificates.ts';
import { json, startDocumentServer } from '../support/document-server.ts';
import { selfSigned } from '../support/self-signed.ts';
import { sharedStack } from '../support/shared-stack.ts';
import { inProcess } from './command.ts';

const stack = await sharedStack();
const { authority: ca, demoClient: cert, demoClientKey: key } = stack.tls;
const path = (name: string) => join(stack.directory, name);

const token = (...parameters: readonly string[]) =>
  inProcess(['token', '--client-id', 'tls', '--json', ...parameters]);

beforeAll(async () => {
  vi.stubEnv('COUNTERSIGN_DIRECTORY', stack.directory);
  const subject = ['--tls-subject-dn', 'CN=demo-client,O=Countersign demo'];
  const create = ['client', 'create', '--name', 'TLS', '--client-id', 'tls', ...subject];
  expect(await inProcess([...create, '--local'])).toMatchObject({ exitCode: 0 });
  for (const [name, issued] of [
    ['self', await certificate()],
    ['strange', await certificate({ issuer: authority() })],
  ] as const) {
    await writeFile(path(`${name}.pem`), issued.cert);
    await writeFile(path(`${name}.key`), issued.key, { mode: 0o600 });
  }
});

afterAll(() => void vi.unstubAllEnvs());

describe('--cert and --key', () => {
  test('C01: the certificate is a way in, and --local knows the authority of the server', async () => {
    const outcome = await token('--local', '--cert', cert, '--key', key);
    expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
    expect(JSON.parse(outcome.stdout)).toMatchObject({ claims: { client_id: 'tls' } });
  });

  test('C03: so is a self-signed one that is in the truststore, for a key of the client', async () => {
    const { cert: own, key: ownKey, jwk } = await certificate({ subject: 'CN=own' });
    await writeFile(path('own.pem'), own);
    await writeFile(path('own.key'), ownKey, { mode: 0o600 });
    await writeFile(path('own.json'), JSON.stringify(jwk));
    await appendFile(stack.tls.truststore, own);
    const method = ['--auth-method', 'self_signed_tls_client_auth'];
    const create = ['client', 'create', '--name', 'Own', '--client-id', 'own', ...method];
    const created = await inProcess([...create, '--jwks', path('own.json'), '--local']);
    expect(created).toMatchObject({ exitCode: 0 });
    const files = ['--cert', path('own.pem'), '--key', path('own.key')];
    const outcome = await inProcess(['token', '--client-id', 'own', ...files, '--local']);
    expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('C07: --issuer finds the endpoint by the metadata, and --ca the authority', async () => {
    const files = ['--cert', cert, '--key', key, '--ca', ca];
    const outcome = await token('--issuer', stack.issuer, ...files);
    expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('a server that this computer does not trust is one sentence', async () => {
    const outcome = await token('--issuer', stack.issuer, '--cert', cert, '--key', key);
    expect(outcome).toMatchObject({ exitCode: 1, stdout: '' });
    expect(outcome.stderr).toMatch(/^error: [^\n]+not signed by an authority that this [^\n]+\n$/);
  });

  test.for(['self', 'strange'])(
    'a certificate that nobody vouches for is one sentence (%s)',
    async (name) => {
      const files = ['--cert', path(`${name}.pem`), '--key', path(`${name}.key`)];
      const outcome = await token('--local', ...files);
      expect(outcome).toMatchObject({ exitCode: 1, stdout: '' });
      expect(outcome.stderr).toMatch(
        /^error: no answer from the token endpoint for mutual TLS: [^\n]+truststore\n$/,
      );
    },
  );

  test('an issuer without mutual TLS is one sentence', async () => {
    const issuer = await startDocumentServer();
    const metadata = { issuer: issuer.url, token_endpoint: `${issuer.url}/token` };
    issuer.replies.set('/.well-known/oauth-authorization-server', json(metadata));
    const outcome = await token('--issuer', issuer.url, '--cert', cert, '--key', key);
    await issuer.close();
    expect(outcome).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `error: ${issuer.url}/ has no token endpoint for mutual TLS (mtls_endpoint_aliases): the deployment is not set up for it\n`,
    });
  });

  test('a gateway that answers for the token endpoint is one sentence', async () => {
    const gateway = createServer(selfSigned, (_, response) => {
      response.writeHead(403).end('{"message":"Forbidden"}');
    });
    const token_endpoint = `https://127.0.0.1:${await listen(gateway)}/token`;
    const issuer = await startDocumentServer();
    const aliases = { token_endpoint, mtls_endpoint_aliases: { token_endpoint } };
    const metadata = { issuer: issuer.url, ...aliases };
    issuer.replies.set('/.well-known/oauth-authorization-server', json(metadata));
    await writeFile(path('gateway.pem'), selfSigned.cert);
    const files = ['--cert', cert, '--key', key, '--ca', path('gateway.pem')];
    const outcome = await token('--issuer', issuer.url, ...files);
    await Promise.all([issuer.close(), close(gateway)]);
    expect(outcome).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'error: the token endpoint answered 403 and neither a token nor an error\n',
    });
  });

  test.for<[string, readonly string[], string]>([
    ['another key', [cert, path('self.key')], `the key in ${path('self.key')} is not the one of`],
    ['a key for a certificate', [key, key], `${key} holds no certificate in PEM`],
    ['a certificate for a key', [cert, cert], `${cert} holds no private key in PEM`],
    ['no certificate', [path('none.pem'), key], `cannot read ${path('none.pem')}: there is no`],
    ['no authority', [cert, key, path('none.pem')], `cannot read ${path('none.pem')}: there is no`],
    ['a key for an authority', [cert, key, key], `${key} holds no certificate in PEM`],
  ])('%s is wrong usage', async ([, [one = '', other = '', third], sentence]) => {
    const files = ['--cert', one, '--key', other, ...(third ? ['--ca', third] : [])];
    const outcome = await token('--local', ...files);
    expect(outcome).toMatchObject({ exitCode: 2, stdout: '' });
    expect(outcome.stderr).toContain(`error: ${sentence}`);
  });
});
