import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importPKCS8, SignJWT } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { certificate } from '../support/certificates.ts';
import { inProcess } from './command.ts';
import { localDeployment } from './local-deployment.ts';
import { wrongCredentials } from './wrong-credentials.ts';

/** Clients that authenticate without a secret, from their registration to their token. */

const stoppedAt = 1_700_000_000;
const now = () => stoppedAt;
const { contents, directory, file } = await localDeployment(now);
const key = join(directory, 'key.pem');
const jwks = join(directory, 'jwks.json');
const authority = await certificate({ isAuthority: true });
const run = (...parameters: readonly string[]) =>
  inProcess([...parameters, '--local', '--json'], { now });

async function done(...parameters: readonly string[]) {
  const { exitCode, stdout, stderr } = await run(...parameters);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  return JSON.parse(stdout);
}

const create = (name: string, ...more: readonly string[]) =>
  done('client', 'create', '--name', name, '--client-id', name, '--scope', 'read', ...more);
const update = (name: string, ...more: readonly string[]) =>
  done('client', 'update', name, ...more);

beforeAll(async () => {
  await done('resource', 'create', 'https://api.example.com', '--scope', 'read');
  await done('client', 'create', '--name', 'Billing', '--client-id', 'billing');
  await writeFile(jwks, (await run('keypair', '--out', key)).stdout);
});

/** Asks the real token endpoint with a real signature. */
async function token(client_id: string) {
  const privateKey = await importPKCS8(await readFile(key, 'utf8'), 'ES256');
  const client_assertion = await new SignJWT({ jti: crypto.randomUUID() })
    .setProtectedHeader({ alg: 'ES256' })
    .setIssuer(client_id)
    .setSubject(client_id)
    .setAudience(file.issuer)
    .setIssuedAt(stoppedAt)
    .setExpirationTime(stoppedAt + 60)
    .sign(privateKey);
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion,
  });
  return (await fetch(`${file.issuer}/token`, { method: 'POST', body })).status;
}

test.for(wrongCredentials)(
  '%s: one sentence, the registry untouched',
  async ([, words, sentence]) => {
    const before = await contents();
    const outcome = await run(...words);
    const [, said] = /^error: (.*)\n$/.exec(outcome.stderr) ?? [];
    expect(outcome).toMatchObject({ exitCode: 2, stdout: '' });
    expect(said).toMatch(sentence);
    expect(await contents()).toEqual(before);
  },
);

describe('a client is registered without a secret', () => {
  test('B09: with the public half of keypair, and gets a token with the other', async () => {
    const client = await create('signer', '--jwks', jwks);
    expect(client).toMatchObject({
      token_endpoint_auth_method: 'private_key_jwt',
      strict_assertion_audience: false,
      jwks: JSON.parse(await readFile(jwks, 'utf8')),
    });
    for (const absent of ['client_secret', 'client_secret_expires_at', 'secrets', 'trust']) {
      expect(client).not.toHaveProperty(absent);
    }
    expect(await token('signer')).toBe(200);
  });

  test('a person is told its id and its method, and no secret', async () => {
    const named = ['--name', 'N', '--client-id', 'told', '--scope', 'read', '--jwks', jwks];
    const outcome = await inProcess(['client', 'create', ...named, '--local']);
    const stdout = 'client_id       told\nauthentication  private_key_jwt\n';
    expect(outcome).toEqual({ exitCode: 0, stdout, stderr: '' });
  });

  test('B13: with the address of its keys, which a local stack may read on this computer', async () => {
    const far = 'https://client.example/jwks.json?tenant=a';
    expect(await create('far', '--jwks-uri', far)).toMatchObject({ jwks_uri: far });
    const near = 'http://127.0.0.1:9/jwks.json';
    const client = await create('near', '--jwks-uri', near, '--strict-audience');
    expect(client).toMatchObject({ jwks_uri: near, strict_assertion_audience: true });
  });

  test.for([
    ['--tls-subject-dn', 'tls_client_auth_subject_dn', 'CN=meter-17,O=Example'],
    ['--tls-san-dns', 'tls_client_auth_san_dns', 'meter.example.com'],
    ['--tls-san-uri', 'tls_client_auth_san_uri', 'spiffe://example.com/meter'],
    ['--tls-san-ip', 'tls_client_auth_san_ip', '2001:db8::7'],
    ['--tls-san-email', 'tls_client_auth_san_email', 'meter@example.com'],
  ] as const)('C02: %s', async ([flag, member, value]) => {
    const client = await create(member, flag, value);
    expect(client).toMatchObject({
      token_endpoint_auth_method: 'tls_client_auth',
      [member]: value,
    });
    expect(client).not.toHaveProperty('secrets');
  });

  test('B02, B03: with a SPIFFE ID, which is its client_id unless another is named', async () => {
    const id = 'spiffe://example.org/shop/billing';
    const endpoint = ['--spiffe-bundle-endpoint', 'https://spire.example.org/bundle.json'];
    const svid = ['client', 'create', '--name', 'Svid', '--scope', 'read', '--spiffe-id', id];
    const client = await done(...svid, ...endpoint);
    expect(client).toMatchObject({
      client_id: id,
      token_endpoint_auth_method: 'spiffe_jwt',
      spiffe_id: id,
      spiffe_bundle_endpoint: 'https://spire.example.org/bundle.json',
    });
    const { stdout } = await inProcess(['client', 'show', id, '--local']);
    expect(stdout).toMatch(/\nbundle +https:\/\/spire\S+\nSPIFFE ID +spiffe:\S+\n/);
    const moved = await update(id, '--auth-method', 'spiffe_x509', '--yes');
    expect(moved).toMatchObject({ token_endpoint_auth_method: 'spiffe_x509', spiffe_id: id });
    expect(moved).not.toHaveProperty('spiffe_bundle_endpoint');
    expect(await create('certified', '--spiffe-id', id)).toMatchObject({
      client_id: 'certified',
      token_endpoint_auth_method: 'spiffe_x509',
    });
    const all = [...svid.slice(0, -1), 'spiffe://example.org/shop/*'];
    expect((await done(...all)).client_id).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('B03: with a repository at a GitHub of its own', async () => {
    const issuer = 'https://github.example.com/_services/token';
    const at = ['--github', 'octo-org/app', '--github-issuer', issuer];
    const { trust } = await create('at-server', ...at);
    expect(trust).toMatchObject([{ issuer, claims: { repository: 'octo-org/app' } }]);
  });

  test('B03: with rules for platforms, from options and a file together', async () => {
    const rule = { issuer: 'https://idp.example', subject: 'worker' };
    const path = join(directory, 'rules.json');
    await writeFile(path, JSON.stringify([rule]));
    const pod = 'https://oidc.example/id/A:shop:billing';
    const role = 'arn:aws:iam::123456789012:role/worker';
    const account = 'https://a1b2.tokens.sts.global.api.aws';
    const aws = ['--aws-role', role, '--aws-issuer', account];
    const given = ['--trust', path, '--github', 'octo-org/app@main', '--kubernetes', pod, ...aws];
    const { trust, ...client } = await create('worker', ...given);
    expect(client).toMatchObject({ token_endpoint_auth_method: 'federated' });
    expect(trust).toMatchObject([
      { ...rule, audience: file.issuer },
      { claims: { repository: 'octo-org/app' } },
      { issuer: account, subject: role },
      { subject: 'system:serviceaccount:shop:billing' },
    ]);
  });
});

describe('a client of a cluster that cannot be asked', () => {
  const cluster = 'https://kubernetes.default.svc.cluster.local';
  const pod = { platform: 'kubernetes', issuer: cluster, namespace: 'a', service_account: 'b' };
  const path = join(directory, 'pod.json');
  const withKeys = async (keys: object) => {
    await writeFile(path, JSON.stringify({ ...pod, ...keys }));
    return ['--trust', path];
  };

  test('B13: has its keys in the rule, and gets others by an update', async () => {
    const { keys } = JSON.parse(await readFile(jwks, 'utf8'));
    const client = await create('pod', ...(await withKeys({ jwks: { keys } })));
    expect(client).toMatchObject({ trust: [{ issuer: cluster, jwks: { keys } }] });
    const { stdout } = await inProcess(['client', 'show', 'pod', '--local']);
    expect(stdout).toMatch(/\n +key [\w-]{43} \(ES256\)\n/);
    const jwks_uri = 'https://api.cluster.example/openid/v1/jwks';
    const moved = await update('pod', ...(await withKeys({ jwks_uri })));
    expect(moved.trust).toMatchObject([{ issuer: cluster, jwks_uri }]);
    expect(moved.trust[0]).not.toHaveProperty('jwks');
    const shown = (await inProcess(['client', 'show', 'pod', '--local'])).stdout;
    expect(shown).toMatch(`  keys from ${jwks_uri}\n`);
  });

  test('B13: or has the authority of its server in it', async () => {
    const jwks_uri = 'https://api.cluster.example/openid/v1/jwks';
    const rule = await withKeys({ jwks_uri, jwks_ca: authority.cert });
    expect(await create('authority', ...rule)).toMatchObject({
      trust: [{ jwks_uri, jwks_ca: authority.cert }],
    });
    const { stdout } = await inProcess(['client', 'show', 'authority', '--local']);
    expect(stdout).toMatch(`  keys from ${jwks_uri}, by an authority of its own\n`);
  });
});

describe('a client changes how it authenticates', () => {
  test('from a secret to its keys: its secrets are gone', async () => {
    await create('mover');
    expect(await update('mover', '--jwks', jwks, '--yes')).not.toHaveProperty('secrets');
    expect(await token('mover')).toBe(200);
    expect((await contents()).find((item) => item.includes('client#mover'))).not.toMatch(/sha256/);
  });

  test('and back: its keys are gone, and it gets a secret', async () => {
    await create('returner', '--jwks', jwks);
    const back = await update('returner', '--auth-method', 'client_secret_post', '--yes');
    expect(back).toMatchObject({
      client_secret_expires_at: 0,
      secrets: [{ secret_id: expect.any(String) }],
    });
    expect(back.client_secret).toMatch(/^countersign_/);
    expect(back).not.toHaveProperty('jwks');
    expect(await token('returner')).toBe(400);
  });

  test('at a terminal it is asked, and told what is lost', async () => {
    await create('asked', '--tls-san-dns', 'a.example');
    const words = ['client', 'update', 'asked', '--github', 'octo-org/app', '--local'];
    const before = await contents();
    const no = await inProcess(words, { input: 'n\n', isTTY: true });
    expect(no.stderr).toContain(
      'Change the client asked (asked) to federated? It loses the subject of its certificate. [y/N]',
    );
    expect(await contents()).toEqual(before);
    expect(await inProcess(words, { input: 'y\n', isTTY: true })).toMatchObject({ exitCode: 0 });
    const client = await done('client', 'show', 'asked');
    expect(client).toMatchObject({ token_endpoint_auth_method: 'federated' });
    expect(client).not.toHaveProperty('tls_client_auth_san_dns');
  });

  test('what both methods use is kept, without a question', async () => {
    const { secrets } = await create('kept');
    const post = await update('kept', '--auth-method', 'client_secret_post');
    expect(post).toMatchObject({ token_endpoint_auth_method: 'client_secret_post', secrets });
    const { jwks: keys } = await create('keyed', '--jwks', jwks);
    const certified = await update('keyed', '--auth-method', 'self_signed_tls_client_auth');
    expect(certified).toMatchObject({ jwks: keys });
  });

  test('within its method new material takes the place of the old', async () => {
    await create('renewed', '--jwks', jwks, '--strict-audience');
    const uri = 'https://client.example/jwks.json';
    const moved = await update('renewed', '--jwks-uri', uri);
    expect(moved).toMatchObject({ jwks_uri: uri, strict_assertion_audience: true });
    expect(moved).not.toHaveProperty('jwks');
    const loose = await update('renewed', '--no-strict-audience');
    expect(loose).toMatchObject({ jwks_uri: uri, strict_assertion_audience: false });
    await create('renamed', '--tls-san-dns', 'a.example');
    const renamed = await update('renamed', '--tls-subject-dn', 'CN=a');
    expect(renamed).toMatchObject({ tls_client_auth_subject_dn: 'CN=a' });
    expect(renamed).not.toHaveProperty('tls_client_auth_san_dns');
  });

  test('how strict its assertions are says nothing of its method', async () => {
    await create('meter', '--jwks', jwks, '--auth-method', 'self_signed_tls_client_auth');
    const { exitCode, stderr } = await run('client', 'update', 'meter', '--strict-audience');
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /^error: --strict-audience does not go with self_signed_tls_client_auth:/,
    );
    expect(await update('meter', '--jwks-uri', 'https://a.example/k')).toMatchObject({
      token_endpoint_auth_method: 'self_signed_tls_client_auth',
    });
  });

  test('a client without a secret is given none', async () => {
    await create('bare', '--jwks', jwks);
    const before = await contents();
    const { exitCode, stderr } = await run('client', 'secret', 'add', 'bare');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^error: the client bare authenticates by private_key_jwt and can have no/,
    );
    expect(await contents()).toEqual(before);
  });
});

test('C07: without mutual TLS no client is registered for it', async () => {
  const path = join(directory, 'local.json');
  await rename(path, `${path}.whole`);
  const { mtlsTokenEndpoint: _, ...without } = file;
  await writeFile(path, JSON.stringify(without));
  const outcomes = await Promise.all([
    run('client', 'create', '--name', 'N', '--tls-subject-dn', 'CN=a'),
    run(
      'client',
      'update',
      'billing',
      '--auth-method',
      'self_signed_tls_client_auth',
      '--jwks',
      jwks,
    ),
  ]);
  await rename(`${path}.whole`, path);
  for (const { exitCode, stderr } of outcomes) {
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^error: this deployment has no mutual TLS, so that no client can auth/);
  }
});

describe('client show and client list say how a client authenticates', () => {
  const shown = async (name: string) =>
    (await inProcess(['client', 'show', name, '--local'])).stdout;

  test.for([
    [
      'keys',
      ['--jwks', jwks],
      /\nkeys +[\w-]{43} \(ES256\)\nassertions for +the issuer or the token/,
    ],
    ['a key set', ['--jwks-uri', 'https://a.example/k'], /\nkey set +https:\/\/a\.example\/k\n/],
    ['a subject', ['--tls-subject-dn', 'CN=a'], /\ncertificate +subject dn CN=a\n/],
    [
      'rules',
      ['--github', 'octo-org/app'],
      /\ntrusts +https:\/\/token\.actions\..*\n.*octo-org\/app\n/,
    ],
  ] as const)('%s', async ([name, more, row]) => {
    await create(`shows-${name}`.replaceAll(' ', '-'), ...more);
    expect(await shown(`shows-${name}`.replaceAll(' ', '-'))).toMatch(row);
  });

  test('the list names the method', async () => {
    const { stdout } = await inProcess(['client', 'list', '--local']);
    expect(stdout).toMatch(/\nshows-rules +shows-rules +enabled +federated +/);
  });
});
