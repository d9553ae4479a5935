import { beforeAll, expect, test } from 'vitest';
import { parseClient } from '../../functions/aws/registry-items.ts';
import { matchesClientSecret } from '../../functions/oauth/client-secret.ts';
import { inProcess } from './command.ts';
import { localDeployment } from './local-deployment.ts';

const { contents, registry } = await localDeployment();
const stoppedAt = 1_700_000_000;
const day = 86_400;

function run(parameters: readonly string[], now = stoppedAt) {
  return inProcess(['client', ...parameters, '--local', '--json'], { now: () => now });
}

async function done(parameters: readonly string[], now = stoppedAt) {
  const { exitCode, stdout, stderr } = await run(parameters, now);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  return JSON.parse(stdout);
}

const secretsOf = async (id: string) =>
  parseClient((await registry.store.read({ pk: `client#${id}` })) ?? {}).secrets;

beforeAll(async () => {
  await inProcess(['resource', 'create', 'urn:example:api', '--scope', 'read', '--local']);
});

test('A22: a secret has 256 random bits and is kept as a hash alone', async () => {
  const { client_secret } = await done(['create', '--name', 'N', '--client-id', 'a']);
  const added = await done(['secret', 'add', 'a']);
  for (const secret of [client_secret, added.client_secret]) {
    expect(secret).toMatch(/^countersign_[\w-]{49}$/);
    expect((await contents()).join()).not.toContain(secret);
  }
  const [first, second] = await secretsOf('a');
  expect(matchesClientSecret(client_secret, String(first?.hash))).toBe(true);
  expect(matchesClientSecret(added.client_secret, String(second?.hash))).toBe(true);
});

test('a secret that expires says when (RFC 7591 §3.2.1)', async () => {
  await done(['create', '--name', 'N', '--client-id', 'b']);
  const times = { '3600s': 3600, '90m': 5400, '12h': 43_200, '30d': 30 * day };
  for (const [text, seconds] of Object.entries(times)) {
    expect(await done(['secret', 'add', 'b', '--expires-in', text])).toEqual({
      client_id: 'b',
      secret_id: expect.stringMatching(/^[0-9a-f]{8}$/),
      client_secret: expect.stringMatching(/^countersign_/),
      client_secret_expires_at: stoppedAt + seconds,
      created_at: stoppedAt,
      expires_at: stoppedAt + seconds,
    });
  }
});

test('a client has five secrets at most, and expired ones make room', async () => {
  await done(['create', '--name', 'N', '--client-id', 'c']);
  for (const time of ['1d', '1d', '2d', '3d']) {
    await done(['secret', 'add', 'c', '--expires-in', time]);
  }
  const before = await contents();
  expect(await run(['secret', 'add', 'c'])).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: 'error: the client c has 5 secrets, the most that it may: revoke one first\n',
  });
  expect(await contents()).toEqual(before);
  await done(['secret', 'add', 'c'], stoppedAt + day);
  expect(await secretsOf('c')).toHaveLength(4);
});

test('a revoked secret is gone, also the last one', async () => {
  await done(['create', '--name', 'N', '--client-id', 'd']);
  const { secret_id } = await done(['secret', 'add', 'd']);
  const { secrets } = await done(['secret', 'list', 'd']);
  const [first] = secrets;
  const revoked = { client_id: 'd', secret_id, revoked: true };
  expect(await done(['secret', 'revoke', 'd', secret_id, '--yes'])).toEqual(revoked);
  expect(await done(['secret', 'list', 'd'])).toEqual({ client_id: 'd', secrets: [first] });
  const asked = await inProcess(['client', 'secret', 'revoke', 'd', first.secret_id, '--local'], {
    input: 'yes\n',
    isTTY: true,
  });
  expect(asked).toMatchObject({ exitCode: 0, stdout: `Revoked the secret ${first.secret_id}.\n` });
  expect(asked.stderr).toContain('It is the last one: the client will get no token. [y/N]');
  expect(await done(['secret', 'list', 'd'])).toEqual({ client_id: 'd', secrets: [] });
});

test('people see when a secret expires, or did', async () => {
  await done(['create', '--name', 'N', '--client-id', 'e']);
  await done(['secret', 'add', 'e', '--expires-in', '1d']);
  const now = () => stoppedAt + day;
  const { stdout } = await inProcess(['client', 'secret', 'list', 'e', '--local'], { now });
  expect(stdout).toMatch(/^SECRET_ID +CREATED +EXPIRES\n/);
  expect(stdout).toMatch(/\n[0-9a-f]{8} +2023-11-14T22:13:20Z +never\n/);
  expect(stdout).toMatch(
    /\n[0-9a-f]{8} +2023-11-14T22:13:20Z +2023-11-15T22:13:20Z \(expired\)\n$/,
  );
});

const own = 'x7Kp2mQz9LwR4tYvB6nC8jHs3fGd';

/** Adds a secret that is on standard input. */
const addOwn = (id: string, input: string, options: readonly string[] = []) =>
  inProcess(['client', 'secret', 'add', id, '--from-stdin', '--local', ...options], {
    now: () => stoppedAt,
    input,
  });

test('a secret of the owner is read from standard input, stored as our hash, and printed nowhere', async () => {
  await done(['create', '--name', 'N', '--client-id', 'own']);
  const added = await addOwn('own', `${own}\n`, ['--json']);
  expect(JSON.parse(added.stdout)).toEqual({
    client_id: 'own',
    secret_id: expect.stringMatching(/^[0-9a-f]{8}$/),
    client_secret_expires_at: 0,
    created_at: stoppedAt,
    strength_bits: 166,
  });
  expect(added.stdout + added.stderr).not.toContain(own);
  const [, secret] = await secretsOf('own');
  expect(matchesClientSecret(own, String(secret?.hash))).toBe(true);
  expect(await addOwn('own', own)).toMatchObject({
    exitCode: 1,
    stderr: `error: the client own has this secret already, as ${secret?.id}\n`,
  });
});

test('a weak secret of the owner is refused, unless somebody takes the risk', async () => {
  await done(['create', '--name', 'Billing', '--client-id', 'billing-service']);
  const before = await contents();
  for (const weak of ['hunter2', 'billing-service'.repeat(5), 'a'.repeat(100)]) {
    const { exitCode, stdout, stderr } = await addOwn('billing-service', weak);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(
      /^error: the secret has \d+ bits at most, and needs 128 .* with --yes\n$/,
    );
    expect(stderr).not.toContain(weak);
  }
  expect(await contents()).toEqual(before);
  const taken = await addOwn('billing-service', 'hunter2', ['--yes']);
  expect(taken).toMatchObject({ exitCode: 0 });
  expect(taken.stderr).toContain('warning: the secret has ');
});

test.each([
  [
    'no secret',
    '',
    /^error: no client secret was given: --from-stdin reads it from standard input\n$/,
  ],
  ['only a newline', '\n', /^error: no client secret was given/],
  ['a secret of two lines', `${own}\n${own}`, /printable characters of ASCII/],
  ['a secret of other letters', `${own}\u00e4`, /printable characters of ASCII/],
  ['a secret with a NUL', `${own}\0`, /printable characters of ASCII/],
  ['too long a secret', own.repeat(40), /1 to 1024 printable characters/],
])('%s is refused as input, and not repeated', async (what, input, sentence) => {
  const id = `bad-${what.replaceAll(' ', '-')}`;
  await done(['create', '--name', 'N', '--client-id', id]);
  const { exitCode, stderr } = await addOwn(id, input, ['--yes']);
  expect(exitCode).not.toBe(0);
  expect(stderr).toMatch(sentence);
  expect(stderr).not.toContain(own);
});
