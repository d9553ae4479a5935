import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { inProcess } from './command.ts';
import { localDeployment } from './local-deployment.ts';

/** `countersign import`, as an operator calls it. */

const { directory, contents } = await localDeployment();
const samples = join(import.meta.dirname, '../registry/import/samples');
const sample = (name: string) => join(samples, name);

const call = (parameters: readonly string[], input?: string) =>
  inProcess(['import', ...parameters, '--local'], { input });

/** Calls it for a program, and gives exit code and answer. */
async function asked(parameters: readonly string[], input?: string) {
  const { exitCode, stdout } = await call([...parameters, '--json'], input);
  return { exitCode, ...JSON.parse(stdout) };
}

const fromHydra = ['--from', 'hydra', sample('hydra-clients.json'), sample('hydra-secrets.json')];
const api = 'https://api.example.com';

beforeAll(async () => {
  await inProcess(['resource', 'create', api, '--scope', 'read', '--local']);
});

test('a dry run says what would be done, with exit code 2, and does nothing', async () => {
  const before = await contents();
  const { exitCode, stdout } = await call([...fromHydra, '--dry-run']);
  expect({ exitCode, stdout }).toMatchInlineSnapshot(`
    {
      "exitCode": 2,
      "stdout": "+ resource server https://orders.example.com
    + resource server api://billing
    ~ resource server https://api.example.com: scope
    + client orders-batch
    + client reports
    + client signer
    Notes:
      reports: the scope billing.* is a pattern in Hydra; here it is one scope
      reports: the audience billing is api://billing here: a request that names it has to change
      reports: it has grants at api://billing and https://orders.example.com: a request whose scope does not tell which is meant must name one, as resource or audience
    Left out:
      7406a743-a897-40e0-bced-1da89751e9d6: its grant_types are authorization_code and refresh_token, not client_credentials
    5 to create, 1 to change, 0 unchanged, 1 left out, 0 refused.
    ",
    }
  `);
  expect(await contents()).toEqual(before);
});

test.for([
  ['a file that is not there', ['--from', 'hydra', 'missing.json']],
  ['a system that nobody knows', ['--from', 'nothing', 'missing.json']],
  ['an option that nobody knows', ['--nonsense']],
] as const)('2 of a dry run says nothing else: %s', async ([, parameters]) => {
  expect(await call([...parameters, '--dry-run'])).toMatchObject({ exitCode: 1 });
});

test('an import says what it did, and a second one changes nothing', async () => {
  expect(await asked(fromHydra)).toMatchObject({ exitCode: 0, created: 5, updated: 1 });
  expect(await asked(fromHydra)).toMatchObject({ exitCode: 0, changes: [], unchanged: 6 });
  const { stdout } = await inProcess(['client', 'list', '--local', '--json']);
  expect(stdout).toContain('"client_id": "orders-batch"');
});

test('neither the answer nor an error has a secret or a hash', async () => {
  const { stdout, stderr } = await call(['--from', 'keycloak', sample('keycloak-export.json')]);
  expect(stdout).toContain('orders-batch');
  for (const secret of ['kcThrowAway0', 'sha256:', '$pbkdf2']) {
    expect(stdout + stderr).not.toContain(secret);
  }
});

test('a partial export of Keycloak is refused with the reason', async () => {
  const outcome = await asked(['--from', 'keycloak', sample('keycloak-partial-export.json')]);
  expect(outcome).toMatchObject({
    exitCode: 1,
    problems: [{ id: 'orders-batch', sentence: expect.stringMatching(/^secret: it is masked/) }],
  });
});

test('answers behind each other are read from standard input, as a loop of commands prints them', async () => {
  const names = ['cognito-nightly-orders.json', 'cognito-reports.json', 'cognito-web-shop.json'];
  const printed = await Promise.all(names.map((name) => readFile(sample(name), 'utf8')));
  const named = ['--resource', 'orders=https://orders.example.com'];
  const outcome = await asked(['--from', 'cognito', '-', ...named], printed.join('\n'));
  expect(outcome).toMatchObject({ exitCode: 0, left_out: [{ reason: expect.anything() }] });
  expect(outcome.changes.map(({ id }: { id: string }) => id)).toEqual(
    expect.arrayContaining(['148cd67d685d4f28b3b34c6f07', '3796c4d53a894869861b624b63']),
  );
});

test('what others have named cannot make lines of its own', async () => {
  const clients = [{ client_id: 'one\n0 refused.' }];
  const { exitCode, stdout } = await call(['--from', 'json', '-'], JSON.stringify({ clients }));
  expect(exitCode).toBe(1);
  expect(stdout.split('\n')).not.toContain('0 refused.');
});

test("a file of Auth0's Deploy CLI is YAML", async () => {
  const outcome = await asked(['--from', 'auth0', sample('auth0-deploy-cli.yaml')]);
  expect(outcome).toMatchObject({ exitCode: 1, created: 1, problems: [{ id: 'Without secret' }] });
});

test.for([
  ['is no JSON', '{"clients": [{"client_secret": "abc"', 'clients.json'],
  ['is no YAML', 'clients: [\n"abc', 'clients.yaml'],
  ['has strings without end', `{}${'"\\'.repeat(100_000)}`, 'clients.json'],
] as const)('a file that %s is wrong usage, and nothing of it is told', async ([, text, name]) => {
  const file = join(directory, name);
  await writeFile(file, text);
  const { exitCode, stderr } = await call(['--from', 'json', file]);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: `error: ${file} is neither JSON nor, by its name, YAML\n`,
  });
});

test.for([
  ['clients.json', '['.repeat(3000) + ']'.repeat(3000)],
  ['clients.yaml', 'clients: &all [*all, *all]'],
] as const)('a file that is nested without end is wrong usage: %s', async ([name, text]) => {
  const file = join(directory, name);
  await writeFile(file, text);
  const { exitCode, stderr } = await call(['--from', 'json', file]);
  expect(exitCode).toBe(2);
  expect(stderr).toBe(`error: ${file} is nested too deeply to be an export\n`);
});

test.for([
  [['--from', 'okta', 'a.json'], /--from <system>.*cognito, auth0, keycloak, hydra, json/],
  [['--from', 'json', 'none.json'], /cannot read none.json: there is no such file/],
  [['--from', 'json'], /missing required argument 'file'/],
  [['--from', 'json', '-', '--resource', 'orders'], /an audience is named as in/],
  [['--from', 'json', '-', '--resource', 'orders=orders'], /a resource must be an absolute URI/],
] as const)('%j is wrong usage', async ([parameters, sentence]) => {
  const { exitCode, stderr } = await call(parameters, '{}');
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(sentence);
});

test('of many clients the bad ones are named with their places, and the others are there', async () => {
  const bad: readonly object[] = [
    { client_id: 'has space' },
    { client_id: 'x'.repeat(201) },
    { client_secret: 'short' },
    { client_secret_hash: '$1$abc' },
    { client_secret: undefined, client_secret_hash: '$2b$31$abcdefghijklmnopqrstuu' },
    { grants: { orders: 'a"b' } },
    { grants: { 'https://a.example/#x': 'read' } },
    { access_token_lifetime: 10 },
    { token_endpoint_auth_method: 'none' },
    { client_id: 'client-1' },
  ];
  const clients = Array.from({ length: 300 }, (_, index) => ({
    client_id: `client-${index}`,
    client_secret: `Xv5nQ2bT8yLw3RzP7dF1mK9hJ4sG6aV0${index}`,
    grants: { [api]: 'read' },
    ...(index % 30 === 29 && bad[(index - 29) / 30]),
  }));
  const { exitCode, created, unchanged, problems } = await asked(
    ['--from', 'json', '-'],
    JSON.stringify({ clients }),
  );
  // Their resource server is there already.
  expect({ exitCode, there: created + unchanged }).toEqual({ exitCode: 1, there: 291 });
  expect(
    problems.map(({ place, sentence }: { place: string; sentence: string }) => [
      place.replace('standard input clients', ''),
      sentence.slice(0, 60).replace(/\d+ bits/, 'few bits'),
    ]),
  ).toMatchInlineSnapshot(`
    [
      [
        "[29]",
        "client_id: a client_id is 1 to 200 of A-Z a-z 0-9 . _ ~ : / ",
      ],
      [
        "[59]",
        "client_id: a client_id is 1 to 200 of A-Z a-z 0-9 . _ ~ : / ",
      ],
      [
        "[89]",
        "client_secret: it has few bits at most, and whoever guesses i",
      ],
      [
        "[119]",
        "client_secret_hash: a hash begins with one of $2b$, $argon2i",
      ],
      [
        "[149]",
        "client_secret_hash: a hash of this kind is written $2b$<cost",
      ],
      [
        "[179]",
        "grants: a scope is words parted by one space, of visible ASC",
      ],
      [
        "[209]",
        "grants: a resource must not have a fragment (#...)",
      ],
      [
        "[239]",
        "access_token_lifetime: a token lifetime is a whole number of",
      ],
      [
        "[269]",
        "token_endpoint_auth_method: must be one of client_secret_bas",
      ],
      [
        "[299]",
        "client_id: it is there already, at standard input clients[1]",
      ],
    ]
  `);
});
