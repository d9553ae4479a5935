import { beforeAll, expect, test } from 'vitest';
import { inProcess } from './command.ts';
import { localDeployment } from './local-deployment.ts';
import { api, type BadInput, create, kid, register, update, wrongUsage } from './wrong-usage.ts';

/** One clear sentence, the right exit code, nothing half written. */

const { contents } = await localDeployment();

async function done(...parameters: readonly string[]) {
  expect(await inProcess([...parameters, '--local'])).toMatchObject({ exitCode: 0 });
}

beforeAll(async () => {
  await done('resource', 'create', api, '--scope', 'read write');
  await done('resource', 'create', 'urn:example:other', '--scope', 'print');
  await done('client', 'create', '--name', 'Billing', '--client-id', 'billing', '--scope', 'read');
});

const refused: readonly BadInput[] = [
  ['a client that is not', ['client', 'show', 'nobody'], /^there is no client nobody;/],
  ['an update of it', ['client', 'update', 'nobody', '--name', 'N'], /^there is no client nobody;/],
  ['its end', ['client', 'delete', 'nobody', '--yes'], /^there is no client nobody;/],
  ['its being disabled', ['client', 'disable', 'nobody'], /^there is no client nobody;/],
  ['its being enabled', ['client', 'enable', 'nobody'], /^there is no client nobody;/],
  ['a secret for it', ['client', 'secret', 'add', 'nobody'], /^there is no client nobody;/],
  ['its secrets', ['client', 'secret', 'list', 'nobody'], /^there is no client nobody;/],
  ['a client named __proto__', ['client', 'show', '__proto__'], /^there is no client __proto__;/],
  [
    'a secret that is not',
    ['client', 'secret', 'revoke', 'billing', '00000000', '--yes'],
    /^the client billing has no secret 00000000;/,
  ],
  ['a client_id that is taken', [...create, '--client-id', 'billing'], /is registered already/],
  ['a resource that is taken', register(api), /is registered already/],
  ['the same in other letters', register('HTTPS://API.example.com:443'), /is registered already/],
  [
    'a grant for an unknown resource server',
    [...create, '--grant', 'https://other.example=read'],
    /^there is no resource server https:\/\/other\.example;/,
  ],
  [
    'a grant with a scope that is not registered there',
    [...create, '--scope', 'read delete'],
    'https://api.example.com has no scope delete; it has read write',
  ],
  [
    'the same in an update',
    [...update, '--grant', 'urn:example:other=read'],
    'urn:example:other has no scope read; it has print',
  ],
  [
    'the default resource server named twice',
    [...update, '--scope', 'read', '--grant', `${api}=write`],
    /give its scope or its grant/,
  ],
  [
    'a grant to remove that is not there',
    [...update, '--remove-grant', 'urn:example:other'],
    /^the client billing has no grant for urn:example:other/,
  ],
  ['an unknown resource', ['resource', 'show', 'urn:x'], /^there is no resource server urn:x;/],
  [
    'an update of it',
    ['resource', 'update', 'urn:x', '--default'],
    /^there is no resource server urn:x;/,
  ],
  ['its end', ['resource', 'delete', 'urn:x', '--yes'], /^there is no resource server urn:x;/],
  [
    'the end of a resource server that clients need',
    ['resource', 'delete', api, '--yes'],
    /^clients have grants for https:\/\/api\.example\.com, which --force takes away: billing$/,
  ],
  ['a key that is not', ['key', 'revoke', kid, '--yes'], `there is no key ${kid}`],
];

test.for([
  ...wrongUsage.map(([what, parameters, sentence]) => [what, 2, parameters, sentence] as const),
  ...refused.map(([what, parameters, sentence]) => [what, 1, parameters, sentence] as const),
])('%s: exit code %i, one sentence, the registry untouched', async (row) => {
  const [, exitCode, parameters, sentence] = row;
  const before = await contents();
  const outcome = await inProcess([...parameters, '--local', '--json']);
  const [, said, ...more] = /^error: (.*)\n$/.exec(outcome.stderr) ?? [];
  expect({ ...outcome, more }).toMatchObject({ exitCode, stdout: '', more: [] });
  expect(said).toMatch(sentence);
  expect(await contents()).toEqual(before);
});
