import { beforeAll, describe, expect, test } from 'vitest';
import { inProcess } from './command.ts';
import { localDeployment } from './local-deployment.ts';

/** Lists by filters and by parts. */

const day = 86_400;
const stopped = { now: Date.parse('2026-03-01T00:00:00Z') / 1000 };
const now = () => stopped.now;
await localDeployment(now);

const run = (...parameters: readonly string[]) => inProcess([...parameters, '--local'], { now });

async function done(...parameters: readonly string[]) {
  const { exitCode, stdout, stderr } = await run(...parameters, '--json');
  // Whoever gets a secret is told to keep it. Nothing else is said beside the JSON.
  const said = parameters.includes('list')
    ? ''
    : expect.stringMatching(/^(Keep the secret .*\n)?$/);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: said });
  return JSON.parse(stdout);
}

const create = (id: string, ...options: readonly string[]) =>
  done('client', 'create', '--client-id', id, '--name', `The ${id}`, ...options);

beforeAll(async () => {
  await done('resource', 'create', 'urn:a', '--scope', 'read write');
  await done('resource', 'create', 'urn:b', '--scope', 'read');
  await create('reader', '--grant', 'urn:a=read');
  await create('writer', '--grant', 'urn:a=read write', '--grant', 'urn:b=read');
  await create('job', '--github', 'octo-org/app@main', '--grant', 'urn:b=');
  await done('client', 'disable', 'writer');
  stopped.now += 10 * day;
  await create('newcomer', '--auth-method', 'client_secret_post', '--grant', 'urn:b=read');
  await done('resource', 'create', 'urn:c', '--scope', 'write');
});

const listed = async (...options: readonly string[]): Promise<readonly string[]> =>
  (await done('client', 'list', ...options)).clients.map(
    ({ client_id }: { client_id: string }) => client_id,
  );

test('client list --expiring-within shows which secrets end, and what works then', async () => {
  const add = async (id: string, time: string): Promise<string> =>
    (await done('client', 'secret', 'add', id, '--expires-in', time)).secret_id;
  const revokeFirst = async (id: string) => {
    const [first] = (await done('client', 'secret', 'list', id)).secrets;
    await done('client', 'secret', 'revoke', id, first.secret_id, '--yes');
  };
  await create('ending', '--grant', 'urn:a=read');
  await create('turning', '--grant', 'urn:a=read');
  const [soon, sooner, replaced] = [
    await add('ending', '20d'),
    await add('ending', '10d'),
    await add('turning', '1d'),
  ];
  await revokeFirst('ending');
  const { clients } = await done('client', 'list', '--expiring-within', '20d');
  const secret = (secret_id: string, days: number, isReplaced: boolean) => ({
    secret_id,
    created_at: now(),
    expires_at: now() + days * day,
    replaced: isReplaced,
  });
  expect(clients).toMatchObject([
    { client_id: 'ending', expiring_secrets: [secret(sooner, 10, false), secret(soon, 20, false)] },
    { client_id: 'turning', expiring_secrets: [secret(replaced, 1, true)] },
  ]);
  const { stdout } = await run('client', 'list', '--expiring-within', '20d');
  const rows = stdout.split('\n').map((line) => line.trim().split(/\s{2,}/));
  expect(rows.slice(0, 4)).toEqual([
    ['CLIENT_ID', 'NAME', 'SECRET_ID', 'EXPIRES', 'THEN'],
    ['ending', 'The ending', sooner, '2026-03-21T00:00:00Z', 'none: add one'],
    ['ending', 'The ending', soon, '2026-03-31T00:00:00Z', 'none: add one'],
    ['turning', 'The turning', replaced, '2026-03-12T00:00:00Z', 'another secret works'],
  ]);
  const none = await run('client', 'list', '--expiring-within', '1h');
  expect(none.stdout).toBe('No secret of a client ends in this time.\n');
  for (const id of ['ending', 'turning']) await done('client', 'delete', id, '--yes');
});

describe('client list', () => {
  test.for([
    ['no filter', [], ['job', 'newcomer', 'reader', 'writer']],
    ['--auth-method', ['--auth-method', 'federated'], ['job']],
    ['--scope, all of it at one resource server', ['--scope', 'read write'], ['writer']],
    ['--scope at any', ['--scope', 'read'], ['newcomer', 'reader', 'writer']],
    ['--resource, however it is written', ['--resource', 'URN:b'], ['job', 'newcomer', 'writer']],
    ['--disabled', ['--disabled'], ['writer']],
    ['--name, a part of it', ['--name', 'THE r'], ['reader']],
    ['--created-since a date', ['--created-since', '2026-03-02'], ['newcomer']],
    [
      '--created-since a moment',
      ['--created-since', '2026-03-01T01:00:00+01:00'],
      ['job', 'newcomer', 'reader', 'writer'],
    ],
    ['--created-since so long ago', ['--created-since', '9d'], ['newcomer']],
    ['more than one filter', ['--resource', 'urn:b', '--scope', 'read'], ['newcomer', 'writer']],
    ['a filter that nothing fits', ['--name', 'nobody'], []],
  ] as const)('%s', async ([, options, ids]) => {
    expect(await listed(...options)).toEqual(ids);
  });

  test('parts by --limit and --after are all, with the same filter too', async () => {
    for (const filter of [[], ['--name', 'the']]) {
      const seen: string[] = [];
      let after: readonly string[] = [];
      do {
        const { clients, next } = await done('client', 'list', '--limit', '3', ...filter, ...after);
        seen.push(...clients.map(({ client_id }: { client_id: string }) => client_id));
        after = next === undefined ? [] : ['--after', next];
      } while (after.length > 0);
      expect(seen.toSorted()).toEqual(['job', 'newcomer', 'reader', 'writer']);
    }
  });

  test('people are told where to go on, and what a filter has read', async () => {
    const { stderr } = await run('client', 'list', '--limit', '1', '--scope', 'read');
    expect(stderr).toMatch(
      /There may be more: countersign client list --limit 1 --scope read --local --after [\w-]+\n$/,
    );
    expect((await run('client', 'list', '--disabled')).stderr).toContain(
      'Of 4 that were read, 1 match.\n',
    );
  });

  test.for([
    [['--limit', '0'], /^error: a limit is a whole number/],
    [['--limit', '1.5'], /^error: a limit is a whole number/],
    [['--after', 'x'], /^error: --after takes what the list before gave/],
    [['--created-since', 'yesterday'], /^error: a moment is written/],
    [['--created-since', '2026-13-01'], /^error: a moment is written/],
    [['--auth-method', 'none'], /^error: [^\n]*Allowed choices are/],
    [['--scope', ''], /^error: a scope is/],
    [['--resource', 'b'], /^error: a resource must be/],
  ] as const)('%j is wrong usage', async ([options, sentence]) => {
    const { exitCode, stdout, stderr } = await run('client', 'list', ...options);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(sentence);
  });
});

test.for([
  [[], ['urn:a', 'urn:b', 'urn:c']],
  [
    ['--scope', 'read'],
    ['urn:a', 'urn:b'],
  ],
  [['--created-since', '1d'], ['urn:c']],
] as const)('resource list %j', async ([options, resources]) => {
  const { resource_servers, next } = await done('resource', 'list', ...options);
  const found = resource_servers.map(({ resource }: { resource: string }) => resource);
  expect({ found, next }).toEqual({ found: resources, next: undefined });
});

test('resource list by parts', async () => {
  const first = await done('resource', 'list', '--limit', '2');
  const second = await done('resource', 'list', '--limit', '2', '--after', first.next);
  const found = [...first.resource_servers, ...second.resource_servers];
  expect(found.map(({ resource }) => resource).toSorted()).toEqual(['urn:a', 'urn:b', 'urn:c']);
});

test.for([
  ['active', 1],
  ['pending', 0],
] as const)('key list --state %s', async ([state, count]) => {
  const { keys } = await done('key', 'list', '--state', state);
  expect(keys).toHaveLength(count);
});

test('JSON has one naming: snake_case, and one name for one thing', async () => {
  const answers = [
    await done('client', 'list'),
    await done('resource', 'list'),
    await done('key', 'list'),
    await done('client', 'secret', 'list', 'reader'),
    await done('client', 'secret', 'add', 'reader'),
    await done('cost', '--tokens-per-month', '1M'),
    JSON.parse((await run('doctor', '--json')).stdout),
  ];
  const names = new Set(answers.flatMap(memberNames));
  expect([...names].filter((name) => !/^[a-z0-9]+(_[a-z0-9]+)*$/.test(name))).toEqual([]);
  for (const odd of ['id', 'algorithm', 'authMethod']) expect(names).not.toContain(odd);
});

/** The names of all members; those of `grants` are resources. */
function memberNames(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(memberNames);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    name === 'grants' ? [name] : [name, ...memberNames(member)],
  );
}
