import { KMSClient, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ShownKey } from '../../functions/key-rotation/reply.ts';
import { retention } from '../../functions/oauth/key-times.ts';
import { writeLocalStackFile } from '../../local/state/local-stack-file.ts';
import { stranger } from '../key-rotation/foreign-keys.ts';
import { testAccount } from '../support/test-account.ts';
import { inProcess } from './command.ts';
import { localDeployment } from './local-deployment.ts';

/** `countersign key` on the real key rotation function; the clock is moved by the tests. */

const clock = { now: Math.floor(Date.now() / 1000) };
const now = () => clock.now;
const { directory, file, lambda } = await localDeployment(now);
const lead = 2 * 3600 + 900;
const day = 86_400;

const run = (parameters: readonly string[], input?: string) =>
  inProcess(['key', ...parameters, '--local'], {
    now,
    ...(input !== undefined && { input, isTTY: true }),
  });

async function done(...parameters: readonly string[]) {
  const { exitCode, stdout, stderr } = await run([...parameters, '--json']);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  return JSON.parse(stdout);
}

const keys = async (): Promise<readonly ShownKey[]> => (await done('list')).keys;

async function kidOf(state: ShownKey['state']): Promise<string> {
  return (await keys()).find((key) => key.state === state)?.kid ?? '';
}

async function publishedKids(): Promise<readonly string[]> {
  const response = await fetch(`${file.issuer}/.well-known/jwks.json`);
  const jwkSet = (await response.json()) as { readonly keys: readonly { readonly kid: string }[] };
  return jwkSet.keys.map(({ kid }) => kid);
}

const date = (seconds: number) => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
const refusal = (reason: string, exitCode = 1) => ({
  exitCode,
  stdout: '',
  stderr: `error: ${reason}\n`,
});

const hesitations = (until: number) => [
  `Until ${date(until)}, verifiers that keep a JWK Set and do not fetch it again for an unknown kid may refuse new tokens: API Gateway's JWT authorizers keep it for two hours.`,
  "Those that do fetch it again (jose, aws-jwt-verify, Countersign's own authorizer) accept them within about a minute.",
];
const refusals = [
  'APIs that refuse revoked tokens do so within the seconds that each has set, 10 in the demo.',
  "Caches may keep the JWK Set of before for 300 s: within that time Countersign's other authorizers come to refuse the key's tokens, or later by as long as API Gateway caches an authorizer's answer (resultsCacheTtl, 60 s by default).",
  "Verifiers that keep a JWK Set longer go on accepting them for as long: API Gateway's own JWT authorizers for two hours.",
  'Clients must fetch new tokens.',
];
const lines = (sentences: readonly string[]) => sentences.map((line) => `${line}\n`).join('');

describe('key list', () => {
  test('shows the first key, which is active at once', async () => {
    const first = await kidOf('active');
    expect(await publishedKids()).toEqual([first]);
    const { exitCode, stdout, stderr } = await run(['list']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const [head, row, ...more] = stdout.trimEnd().split('\n');
    expect(head?.split(/ {2,}/)).toEqual([
      'KID',
      'ALGORITHM',
      'PRIVATE KEY',
      'STATE',
      'AGE',
      'NEXT',
    ]);
    const next = `retired ${date(clock.now + 90 * day + lead)}`;
    expect(row?.split(/ {2,}/)).toEqual([first, 'RS256', 'in KMS', 'active', '0s', next]);
    expect(more).toEqual([]);
  });

  test('--json carries the names of the key ring and NumericDates', async () => {
    expect(await keys()).toEqual([
      {
        kid: expect.stringMatching(/^[\w-]{43}$/),
        key_id: expect.any(String),
        custody: 'kms',
        alg: 'RS256',
        state: 'active',
        published_at: clock.now,
        activated_at: clock.now,
        revoked: false,
        next_change: { to: 'retired', at: clock.now + 90 * day + lead },
      },
    ]);
  });

  test.for([
    [59, '59s'],
    [60, '1m'],
    [3599, '59m'],
    [5 * 3600, '5h'],
    [day - 1, '23h'],
    [3 * day + 3600, '3d'],
    [-5, '0s'],
  ] as const)('a key of %i seconds is %s old', async ([age, text]) => {
    const { stdout } = await inProcess(['key', 'list', '--local'], { now: () => clock.now + age });
    expect(stdout).toMatch(new RegExp(` +active +${text} +retired `));
  });

  test('tells of a key that somebody else has tagged as ours', async () => {
    const kms = new KMSClient({ ...testAccount, endpoint: file.kmsEndpoint });
    onTestFinished(() => kms.destroy());
    const other = await stranger({ kms }).makes({
      'countersign:registry': file.registryTable,
      'countersign:algorithm': 'RS256',
    });
    clock.now += 300;
    const { exitCode, stderr } = await run(['list', '--json']);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr: `The KMS key ${other} has the tags of this deployment, and is none of its keys: no plan of ours has the id in its tag. It is let alone. Find out who has made or tagged it, then take the tags away or delete it.\n`,
    });
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId: other }));
    expect(await run(['list', '--json'])).toMatchObject({ stderr: '' });
  });

  test('says how many more there are of them than were looked at', async () => {
    lambda.answerWith({
      status: 200,
      body: JSON.stringify({ outcome: 'done', keys: [], strangers: [], strangers_left_out: 480 }),
    });
    onTestFinished(() => lambda.answerWith(undefined));
    const { stderr } = await run(['list']);
    expect(stderr).toContain(
      'So many more KMS keys with the tags of this deployment were not looked at: 480.\n',
    );
  });

  test('says what it means that there is no key', async () => {
    lambda.answerWith({ status: 200, body: '{"outcome":"done","keys":[]}' });
    expect(await run(['list'])).toEqual({
      exitCode: 0,
      stdout: 'There are no keys.\n',
      stderr: 'No key is active: the token endpoint answers 503 until one is.\n',
    });
    expect(await keys()).toEqual([]);
    lambda.answerWith(undefined);
  });
});

describe('key rotate', () => {
  test('publishes a key, and says when it becomes active', async () => {
    const before = await kidOf('active');
    const { exitCode, stdout, stderr } = await run(['rotate']);
    const kid = await kidOf('pending');
    const at = date(clock.now + lead);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toBe(`The new key ${kid} is published. It becomes active at ${at}.\n`);
    expect(await kidOf('active')).toBe(before);
    const list = (await run(['list'])).stdout;
    expect(list).toMatch(
      new RegExp(`\n${kid} +RS256 +in KMS +pending +0s +active ${at}\n${before} `),
    );
  });

  test('is refused while a rotation is under way', async () => {
    const [before, pending] = [await keys(), await kidOf('pending')];
    const at = date(clock.now + lead);
    expect(await run(['rotate', '--json'])).toEqual(
      refusal(`a rotation is under way: ${pending} becomes active at ${at}, or at once with --now`),
    );
    expect(await keys()).toEqual(before);
  });
});

describe('key rotate --now', () => {
  const question =
    'Let a new key sign at once? Some verifiers may refuse new tokens for about two hours. [y/N] ';

  test('asks first, and does nothing without a yes', async () => {
    const before = await keys();
    const { exitCode, stdout, stderr } = await run(['rotate', '--now'], 'n\n');
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain(question);
    expect(stderr).toMatch(/error: nothing was changed\n$/);
    const sentence = 'this cannot be undone, and there is no terminal to ask: confirm with --yes';
    expect(await run(['rotate', '--now'])).toEqual(refusal(sentence, 2));
    expect(await keys()).toEqual(before);
  });

  test('lets the pending key sign, and says who may refuse its tokens until when', async () => {
    const [pending, until] = [await kidOf('pending'), clock.now + lead];
    clock.now += 600;
    const { exitCode, stdout, stderr } = await run(['rotate', '--now'], 'y\n');
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`The key ${pending} is active: it signs new tokens within 60 s.\n`);
    const notes = [...hesitations(until), 'Tokens that were signed before stay valid.'];
    expect(stderr.endsWith(lines(notes))).toBe(true);
    expect(await kidOf('active')).toBe(pending);
  });

  test('--json prints what the function answers, and nothing else', async () => {
    clock.now += 600;
    const { stdout, stderr } = await run(['rotate', '--now', '--yes', '--json']);
    const answer = JSON.parse(stdout);
    expect(answer).toEqual({
      keys: await keys(),
      kid: await kidOf('active'),
      known_to_all_at: clock.now + lead,
    });
    expect(stderr).toContain(`Until ${date(clock.now + lead)}, verifiers`);
  });

  test('no verifier refuses a key that all can know', async () => {
    const answer = { outcome: 'done', keys: await keys(), kid: await kidOf('active') };
    for (const known_to_all_at of [clock.now, undefined]) {
      lambda.answerWith({ status: 200, body: JSON.stringify({ ...answer, known_to_all_at }) });
      expect((await run(['rotate', '--now', '--yes'])).stderr).toBe(
        'No verifier refuses new tokens: all can know the key.\nTokens that were signed before stay valid.\n',
      );
    }
    lambda.answerWith(undefined);
  });
});

describe('key revoke', () => {
  test('asks, takes the key off the JWK Set, and says what follows', async () => {
    const active = await kidOf('active');
    // Of those that no verifier may know yet, the oldest one will be known first.
    const before = (await keys()).findLast(({ state }) => state === 'retired')?.kid;
    const asked = await run(['revoke', active], 'no\n');
    expect(asked).toMatchObject({ exitCode: 1, stdout: '' });
    const { exitCode, stdout, stderr } = await run(['revoke', active], 'y\n');
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      `Revoked the key ${active}: the JWK Set no longer has it.\nThe key ${before} is active now.\n`,
    );
    expect(stderr).toContain(
      `Revoke the key ${active}? Tokens that it signed are refused from then on. [y/N] `,
    );
    const published = (await keys()).find(({ kid }) => kid === before)?.published_at ?? 0;
    expect(stderr.endsWith(lines([...refusals, ...hesitations(published + lead)]))).toBe(true);
    clock.now += 10;
    expect(await publishedKids()).not.toContain(active);
    expect((await run(['list'])).stdout).toMatch(
      new RegExp(`\n${active} +RS256 +in KMS +removed \\(revoked\\) +\\d+[smhd] +deleted 20`),
    );
  });

  test('says nothing of a wait where all know the key that takes its place', async () => {
    clock.now += lead;
    await done('rotate', '--now', '--yes');
    const answer = await run(['revoke', await kidOf('active'), '--yes', '--json']);
    expect(JSON.parse(answer.stdout)).toEqual({
      keys: await keys(),
      kid: await kidOf('active'),
      known_to_all_at: expect.any(Number),
      revoked_at: clock.now,
      expires_at: clock.now + retention,
    });
    expect(answer.stderr).toBe(lines(refusals));
  });

  test('I13 promises nothing of a revocation list where the deployment has none', async () => {
    await writeLocalStackFile(directory, { ...file, revocationsTable: undefined } as never);
    await done('rotate', '--now', '--yes');
    const { stderr } = await run(['revoke', await kidOf('retired'), '--yes']);
    await writeLocalStackFile(directory, file);
    expect(stderr).not.toContain('APIs that refuse revoked tokens');
    expect(stderr).toContain("within that time Countersign's authorizers come to refuse");
  });

  test('is refused for a key that is not there, or no longer', async () => {
    const removed = (await keys()).find(({ state }) => state === 'removed');
    const since = date(removed?.removed_at ?? 0);
    clock.now += 1;
    expect(await run(['revoke', String(removed?.kid), '--yes'])).toEqual(
      refusal(`the key ${removed?.kid} is off the JWK Set already, since ${since}`),
    );
  });

  test.for(['-', '--', '-h', '-V', '--yes'])('a kid may begin with %s', async (start) => {
    const kid = start.padEnd(43, 'a');
    for (const words of [
      ['revoke', kid, '--yes'],
      ['revoke', '--yes', '--', kid],
    ]) {
      const outcome = await inProcess(['--local', 'key', ...words], { now });
      expect(outcome).toEqual(refusal(`there is no key ${kid}`));
    }
  });

  test('the last key goes only when another is made', async () => {
    for (const { kid, state } of await keys()) {
      if (state === 'retired') await done('revoke', kid, '--yes');
    }
    const last = await kidOf('active');
    expect(await run(['revoke', last, '--yes'])).toEqual(
      refusal(
        `${last} is the last key, without which no token could be issued: --replace makes a new one first`,
      ),
    );
    const { kid } = await done('revoke', last, '--replace', '--yes');
    expect(kid).not.toBe(last);
    clock.now += 10;
    expect(await publishedKids()).toEqual([kid]);
  });
});
