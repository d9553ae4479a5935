import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signJwt } from '../../functions/oauth/jws.ts';
import { removeLocalStackFile, writeLocalStackFile } from '../../local/state/local-stack-file.ts';
import { testSigningKey } from '../../testing/tokens/signing-key.ts';
import { json, type Reply, startDocumentServer } from '../support/document-server.ts';
import { inProcess } from './command.ts';
import { localDeployment } from './local-deployment.ts';

/** What an operator takes back from a computer whose clock is an hour behind. */

const { contents, directory, file } = await localDeployment();
const api = 'https://api.example.com';
const day = 86_400;
const now = (): number => Math.floor(Date.now() / 1000);
const behind = { now: () => now() - 3600 };
const within = ['revocation', 'list', '--since', '10m'];

const run = (parameters: readonly string[], special: Parameters<typeof inProcess>[1] = {}) =>
  inProcess([...parameters, '--local'], { ...behind, ...special });

/** Runs a command that must succeed, and gives its JSON answer. */
async function done(parameters: readonly string[], input = '') {
  const { exitCode, stdout, stderr } = await run([...parameters, '--json'], { input });
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  return JSON.parse(stdout);
}

interface Listed {
  readonly kind: string;
  readonly id: string;
  readonly [member: string]: unknown;
}

const listed = async (id: string): Promise<readonly Listed[]> =>
  (await done(['revocation', 'list'])).revocations.filter((one: Listed) => one.id === id);

const create = (id: string, ...more: readonly string[]) =>
  done(['client', 'create', '--name', id, '--client-id', id, '--scope', 'read', ...more]);

beforeAll(async () => {
  await done(['resource', 'create', api, '--scope', 'read write']);
});

const takesEffect =
  /APIs that refuse revoked tokens do so within the seconds that each has set, 10 in the demo\.\nOthers accept them until they expire, at \d{4}-\d\d-\d\dT[\d:]{8}Z at the latest\.\n$/;

/** The answer has times of the store, though the computer is an hour behind. */
function expectTimes(answer: Record<string, number>, later: number): void {
  const { revoked_at = 0, not_before = 0, expires_at = 0 } = answer;
  expect(Math.abs(revoked_at - now())).toBeLessThan(60);
  // The clock is looked at twice.
  expect(Math.abs(not_before - revoked_at - later)).toBeLessThan(10);
  expect(expires_at - not_before).toBe(day + 60);
}

describe('J05 all tokens of a client', () => {
  test('are revoked once that is confirmed, and it is told from when on who refuses them', async () => {
    await create('billing');
    const asked = await run(['client', 'revoke-tokens', 'billing']);
    expect(asked).toMatchObject({ exitCode: 2, stdout: '' });
    expect(asked.stderr).toContain('confirm with --yes');
    const no = await run(['client', 'revoke-tokens', 'billing'], { isTTY: true, input: 'n\n' });
    expect(no).toMatchObject({ exitCode: 1, stdout: '' });
    expect(no.stderr).toContain(
      'Revoke all tokens of the client billing (billing)? It has to get new ones. [y/N]',
    );
    expect(await listed('billing')).toEqual([]);
    const yes = await run(['client', 'revoke-tokens', 'billing'], { isTTY: true, input: 'y\n' });
    expect(yes).toMatchObject({
      exitCode: 0,
      stdout: 'Revoked the tokens of the client billing.\n',
    });
    expect(yes.stderr).toMatch(takesEffect);
    const answer = await done(['client', 'revoke-tokens', 'billing', '--yes']);
    expect(answer).toMatchObject({ client_id: 'billing', registered: true });
    expectTimes(answer, 1);
    expect((await listed('billing')).map(({ kind }) => kind)).toEqual(['client']);
    const { stdout } = await run(['client', 'show', 'billing']);
    expect(stdout).toMatch(/\ntokens from +\d{4}-\d\d-\d\dT[\d:]{8}Z\n/);
  });

  test('go with the client that is disabled, and come again when it is enabled', async () => {
    await create('off');
    const disabled = await done(['client', 'disable', 'off']);
    expect(disabled).toMatchObject({ client_id: 'off', disabled: true });
    expectTimes(disabled, 331);
    expect((await run(['client', 'disable', 'off'])).stderr).toMatch(takesEffect);
    const { tokens_not_before } = await done(['client', 'enable', 'off']);
    expect(Math.abs(tokens_not_before - now())).toBeLessThan(60);
    expect(await listed('off')).toMatchObject([{ not_before: tokens_not_before }]);
  });

  test('go with the client that is deleted; one that is gone may have left some', async () => {
    await create('gone');
    const answer = await done(['client', 'delete', 'gone', '--yes']);
    expect(answer).toMatchObject({ client_id: 'gone', deleted: true });
    expectTimes(answer, 331);
    for (const id of ['gone', 'never-there']) {
      const asked = await run(['client', 'revoke-tokens', id], { isTTY: true, input: 'y\n' });
      expect(asked.exitCode).toBe(0);
      expect(asked.stderr).toContain('There is no such client now; one may have left some. [y/N]');
      expect(asked.stderr).toContain(
        `warning: there is no client ${id}: tokens that one of this client_id has left are refused.`,
      );
      const again = await done(['client', 'revoke-tokens', id, '--yes']);
      expect(again).toMatchObject({ registered: false });
      expectTimes(again, 331);
    }
    await create('gone');
    const { tokens_not_before } = await done(['client', 'show', 'gone']);
    expect(await listed('gone')).toMatchObject([{ not_before: tokens_not_before }]);
  });

  test('stay when a right is taken away alone, and a hint says what takes them back', async () => {
    await create('less', '--scope', 'read write');
    const hint =
      'Tokens that are out keep what they say until they expire; `countersign client revoke-tokens less --local` takes them back.\n';
    const { stderr } = await run(['client', 'update', 'less', '--scope', 'read']);
    expect(stderr).toBe(hint);
    const { stderr: more } = await run(['client', 'update', 'less', '--scope', 'read write']);
    expect(more).toBe('');
    const { secret_id } = await done(['client', 'secret', 'add', 'less']);
    const revoked = await run(['client', 'secret', 'revoke', 'less', secret_id, '--yes']);
    expect(revoked.stderr).toBe(hint);
    expect((await run(['client', 'update', 'less', '--remove-grant', api])).stderr).toBe(hint);
    expect(await listed('less')).toEqual([]);
  });
});

describe('J05 all tokens for a resource server', () => {
  test('are revoked, however its identifier is written', async () => {
    await done(['resource', 'create', 'https://b.example', '--scope', 'read']);
    const named = ['resource', 'revoke-tokens', 'HTTPS://B.example:443/'];
    expect((await run(named)).stderr).toContain('confirm with --yes');
    const yes = await run(named, { isTTY: true, input: 'y\n' });
    expect(yes).toMatchObject({
      exitCode: 0,
      stdout: 'Revoked the tokens for https://b.example.\n',
    });
    expect(yes.stderr).toMatch(takesEffect);
    const answer = await done([...named, '--yes']);
    expect(answer).toMatchObject({ resource: 'https://b.example', registered: true });
    expectTimes(answer, 1);
    expect(await listed('https://b.example')).toMatchObject([{ kind: 'resource' }]);
    const { stdout } = await run(['resource', 'show', 'https://b.example']);
    expect(stdout).toMatch(/\ntokens from +\d{4}-/);
  });

  test('go with it when it is deleted; one that is gone may have left some', async () => {
    await done(['resource', 'create', 'urn:gone', '--scope', 'read']);
    const answer = await done(['resource', 'delete', 'urn:gone', '--yes']);
    expect(answer).toMatchObject({ resource: 'urn:gone', deleted: true });
    expectTimes(answer, 331);
    const again = await run(['resource', 'revoke-tokens', 'urn:gone', '--yes']);
    expect(again.stderr).toContain('warning: there is no resource server urn:gone');
    const told = await done(['resource', 'revoke-tokens', 'urn:gone', '--yes']);
    expect(told).toMatchObject({ resource: 'urn:gone', registered: false });
  });
});

describe('one token', async () => {
  const jti = 'wTkxFyQDB8q1qVUWyh04Jw';
  const [key, another] = [await testSigningKey('ES256'), await testSigningKey('ES256')];
  const documents = await startDocumentServer();
  const issuer = documents.url;
  const jwks = '/.well-known/jwks.json';
  const status_list = { idx: 7, uri: `${issuer}/status-lists/0` };
  const aToken = (special: object = {}, by = key) => {
    const times = { iat: now() - 10, exp: now() + 600 };
    const claims = { iss: issuer, client_id: 'billing', jti, ...times, ...special };
    return signJwt('at+jwt', claims, by);
  };
  beforeAll(async () => {
    documents.replies.set(jwks, json({ keys: [key.jwk] }));
    await writeLocalStackFile(directory, { ...file, issuer });
  });
  afterAll(async () => {
    await writeLocalStackFile(directory, file);
    await documents.close();
  });

  test('is revoked by itself, from a file or from standard input', async () => {
    const path = join(directory, 'token.jwt');
    await writeFile(path, `${await aToken({ status: { status_list } })}\n`);
    const { exitCode, stdout, stderr } = await run(['token', 'revoke', '--token-file', path]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `Revoked the token ${jti}.\n` });
    expect(stderr).toMatch(takesEffect);
    expect(stderr).not.toContain('by its jti alone');
    const token = await aToken({ jti: 'another' });
    const answer = await done(['token', 'revoke', '--token-file', '-'], token);
    expect(answer).toEqual({
      jti: 'another',
      revoked: true,
      revoked_at: expect.any(Number),
      expires_at: expect.any(Number),
    });
    expect(await listed(jti)).toMatchObject([{ kind: 'token', status: status_list }]);
    expect(await listed('another')).toMatchObject([{ client_id: 'billing' }]);
  });

  test('is revoked by its jti alone, which verifiers of other makers do not see', async () => {
    const { stdout, stderr } = await run(['token', 'revoke', '--jti', '-from-a-log']);
    expect(stdout).toBe('Revoked the token -from-a-log.\n');
    expect(stderr).toContain('verifiers of other makers, which read status lists, do not see it');
    const [revocation] = await listed('-from-a-log');
    expect(Number(revocation?.expires_at) - Number(revocation?.revoked_at)).toBe(day + 60);
  });

  test('that has expired by the clock of the store: there is nothing to do', async () => {
    const expired = await aToken({ jti: 'old', exp: now() - 120 });
    const { exitCode, stdout, stderr } = await run(['token', 'revoke', '--token-file', '-'], {
      input: expired,
    });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(
      /^The token old is refused by everybody since .*: nothing was done\.\n$/,
    );
    const answer = await done(['token', 'revoke', '--token-file', '-'], expired);
    expect(answer).toEqual({ jti: 'old', revoked: false, expires_at: expect.any(Number) });
    expect(await listed('old')).toEqual([]);
  });

  test.for([
    ['has the place of another', { status: { status_list } }],
    ['says to have expired', { exp: now() - 120 }],
  ] as const)('that somebody has made up takes nothing back: it %s', async ([, special]) => {
    const made = await aToken({ jti: 'made-up', ...special }, another);
    const input = made.replace(/^[^.]+/, (await aToken()).split('.')[0] ?? '');
    const outcome = await run(['token', 'revoke', '--token-file', '-'], { input });
    expect(outcome).toMatchObject({ exitCode: 2, stdout: '' });
    expect(outcome.stderr).toBe(
      `error: no key that ${issuer} publishes has signed the token (JWSSignatureVerificationFailed: signature verification failed), so it opens nothing: \`countersign token revoke --jti=made-up --local\` takes back what has this jti\n`,
    );
    expect(await listed('made-up')).toEqual([]);
  });

  test.for([
    ['there are none', (response) => void response.writeHead(503).end()],
    ['they are no JWK Set', json({ keys: 'none' })],
  ] as const satisfies readonly (readonly [string, Reply])[])(
    'is not revoked by itself where the keys of the issuer cannot be had: %s',
    async ([, reply]) => {
      documents.replies.set(jwks, reply);
      const input = await aToken({ jti: 'unknown' });
      const outcome = await run(['token', 'revoke', '--token-file', '-'], { input });
      expect(outcome).toMatchObject({ exitCode: 1, stdout: '' });
      expect(outcome.stderr).toMatch(
        /cannot be had, .*: `countersign token revoke --jti=unknown --local` takes back what/,
      );
      expect(await listed('unknown')).toEqual([]);
      documents.replies.set(jwks, json({ keys: [key.jwk] }));
    },
  );

  test.for([
    ['a text of a megabyte', 'a'.repeat(2 ** 20), /this is no access token: it is no JWT/],
    ['nothing', '', /it is no JWT/],
    [
      'a token of another issuer',
      await aToken({ iss: 'https://x.example' }),
      /is of another issuer/,
    ],
    ['one that lives too long', await aToken({ exp: now() + 2 * day }), /has not signed it/],
    ['a hostile jti', await aToken({ jti: '\u001b[31m\u202e' }), /no access token that http:/],
  ] as const)('%s is refused', async ([, input, sentence]) => {
    const outcome = await run(['token', 'revoke', '--token-file', '-'], { input });
    expect(outcome).toMatchObject({ exitCode: 2, stdout: '' });
    expect(outcome.stderr).toMatch(sentence);
    expect(outcome.stderr).not.toContain('aaaa');
  });

  test.for([
    [['token', 'revoke'], /^error: say which token: --token-file FILE/],
    [['token', 'revoke', '--jti', 'a', '--token-file', '-'], /cannot be used with option/],
    [['token', 'revoke', '--jti', 'a b'], /a jti is 1 to 128 visible characters/],
    [['token', 'revoke', 'eyJ0eXAi'], /^error: a token is no argument, for others can see those: /],
    [['token', 'revoke', 'eyJ0eXAi', 'eyJ0eXAi'], /a token is no argument/],
    [['token', 'revoke', '--token-file', '/nowhere'], /cannot read \/nowhere/],
    [['revocation', 'list', '--kind', 'scope'], /Allowed choices are token, client, resource, key/],
    [['revocation', 'list', '--after', 'x'], /--after takes what the list before gave/],
    [['revocation', 'list', '--since', 'yesterday'], /a moment is written/],
  ] as const)('%j is wrong usage', async ([parameters, sentence]) => {
    const outcome = await run(parameters);
    expect(outcome).toMatchObject({ exitCode: 2, stdout: '' });
    expect(outcome.stderr).toMatch(sentence);
    expect(outcome.stderr).not.toContain('eyJ0eXAi');
  });
});

describe('what is revoked now', () => {
  test('is listed with when it ends, in parts and by kind', async () => {
    const { stdout } = await run(['revocation', 'list']);
    expect(stdout).toMatch(/^REVOKED +KIND +ID +ISSUED BEFORE +FORGOTTEN\n/);
    expect(stdout).toMatch(/Z +client +billing +\d{4}-.*Z +\d{4}-.*Z\n/);
    const all: readonly Listed[] = (await done(['revocation', 'list'])).revocations;
    const first = await run(['revocation', 'list', '--limit', '2']);
    expect(first.stderr).toMatch(
      /^There may be more: countersign revocation list --limit 2 --local --after \S+\n$/,
    );
    const { revocations, next } = await done(['revocation', 'list', '--limit', '2']);
    const rest = await done(['revocation', 'list', '--after', next]);
    expect([...revocations, ...rest.revocations]).toEqual(all);
    expect(rest.next).toBeUndefined();
    const clients = await done([...within, '--kind', 'client']);
    expect(clients.revocations).toEqual(all.filter(({ kind }) => kind === 'client'));
  });
});

describe('a deployment that is older than revocation', () => {
  const older = async (act: () => Promise<void>) => {
    const { revocationsTable: _, ...old } = file;
    await writeLocalStackFile(directory, old as typeof file);
    try {
      await act();
    } finally {
      await removeLocalStackFile(directory);
      await writeLocalStackFile(directory, file);
    }
  };

  test.for([
    ['client', 'revoke-tokens', 'billing', '--yes'],
    ['resource', 'revoke-tokens', api, '--yes'],
    ['token', 'revoke', '--jti', 'a'],
    ['revocation', 'list'],
  ])('%s %s %s: it says so, and does nothing', async (...[parameters]) => {
    const before = await contents();
    await older(async () => {
      const outcome = await run(parameters);
      expect(outcome).toMatchObject({ exitCode: 1, stdout: '' });
      expect(outcome.stderr).toContain(
        'this deployment can take no token back yet: deploy it again',
      );
    });
    expect(await contents()).toEqual(before);
  });

  test('clients are registered, disabled, enabled and deleted, and it is told that tokens stay', async () => {
    await older(async () => {
      await create('aged');
      const disabled = await run(['client', 'disable', 'aged']);
      expect(disabled).toMatchObject({ exitCode: 1, stdout: '' });
      expect(disabled.stderr).toMatch(
        /^error: the client aged is disabled and gets no new tokens, but those that are out were not taken back: `countersign client disable aged --local` can be run again \(this deployment can take no token back yet: .*\)\n$/,
      );
      expect(await done(['client', 'enable', 'aged'])).toMatchObject({ disabled: false });
      const deleted = await run(['client', 'delete', 'aged', '--yes', '--json']);
      expect(deleted).toMatchObject({ exitCode: 1, stdout: '' });
      expect(deleted.stderr).toContain('the client aged is deleted');
    });
  });

  test('a table that is not there: the half that holds is told, with why', async () => {
    await create('halved');
    await writeLocalStackFile(directory, { ...file, revocationsTable: 'none-such' });
    const outcome = await run(['client', 'disable', 'halved']);
    await writeLocalStackFile(directory, file);
    expect(outcome).toMatchObject({ exitCode: 1, stdout: '' });
    expect(outcome.stderr).toContain('the client halved is disabled and gets no new tokens, but');
    expect(outcome.stderr).toContain('(a table of this deployment does not exist)');
    expect(await done(['client', 'show', 'halved'])).toMatchObject({ disabled: true });
  });
});

describe('two operators at once', () => {
  test('both disable, both enable, both revoke: nobody is told what does not hold', async () => {
    await create('shared');
    const twice = (...parameters: readonly string[]) =>
      Promise.all([done(parameters), done(parameters)]);
    for (const { disabled } of await twice('client', 'disable', 'shared')) {
      expect(disabled).toBe(true);
    }
    await twice('client', 'enable', 'shared');
    await twice('client', 'revoke-tokens', 'shared', '--yes');
    const { tokens_not_before, disabled } = await done(['client', 'show', 'shared']);
    expect(disabled).toBe(false);
    const [revocation, ...others] = await listed('shared');
    expect(others).toEqual([]);
    expect(Number(revocation?.not_before)).toBeLessThanOrEqual(tokens_not_before);
    expect(tokens_not_before - Number(revocation?.not_before)).toBeLessThan(2);
  });
});
