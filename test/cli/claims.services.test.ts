import { expect, test } from 'vitest';
import { inProcess } from './command.ts';
import { localDeployment } from './local-deployment.ts';

await localDeployment();

const run = (...parameters: readonly string[]) => inProcess([...parameters, '--local']);

async function done(...parameters: readonly string[]) {
  const { exitCode, stdout, stderr } = await run(...parameters, '--json');
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  return JSON.parse(stdout);
}

await done('resource', 'create', 'urn:a', '--scope', 'read', '--claim', 'region=eu');

test('E10: claims are JSON where they are, and else text', async () => {
  const given = ['text=gold', 'spaced= a=b', 'number=42', 'list=["a"]', 'quoted="42"', 'empty='];
  const claims = given.flatMap((claim) => ['--claim', claim]);
  const client = await done('client', 'create', '--name', 'N', '--client-id', 'mixed', ...claims);
  expect(client.claims).toEqual({
    text: 'gold',
    spaced: ' a=b',
    number: 42,
    list: ['a'],
    quoted: '42',
    empty: '',
  });
  const { stdout } = await run('client', 'show', 'mixed');
  expect(stdout).toContain('quoted="42"');
});

test('E10: an update sets and removes single claims, and says that tokens are out', async () => {
  const claims = ['--claim', 'plan=free', '--claim', 'tenant=acme'];
  await done('client', 'create', '--name', 'N', '--client-id', 'b', ...claims);
  const update = ['client', 'update', 'b'];
  const { stderr } = await run(...update, '--claim', 'plan=gold', '--remove-claim', 'tenant');
  expect(stderr).toContain('Tokens that are out keep what they say until they expire');
  expect((await done('client', 'show', 'b')).claims).toEqual({ plan: 'gold' });
  const server = await done('resource', 'update', 'urn:a', '--claim', 'sites=[1]');
  expect(server.claims).toEqual({ region: 'eu', sites: [1] });
  expect((await run('resource', 'show', 'urn:a')).stdout).toContain('sites=[1]');
});

test.for([
  ['tenant', 'a claim is written NAME=VALUE'],
  ['=x', 'a claim is written NAME=VALUE'],
  ['scope=admin', 'the claim "scope" has a name that standards reserve'],
  ['__proto__={}', 'the claim "__proto__" has a name that JavaScript reserves'],
  ['a={"b"', 'the value of the claim a begins like JSON, and is none'],
  ['a=1e999', 'the claim "a" has a number out of range'],
  [`a=${'x'.repeat(600)}`, 'claims are at most 512 bytes of JSON'],
])('E10: --claim %s is refused', async ([claim = '', sentence = '']) => {
  const name = ['--name', 'N', '--client-id', 'refused'];
  const outcome = await run('client', 'create', ...name, '--claim', claim);
  expect(outcome.stderr).toContain(sentence);
  expect(outcome.exitCode).toBeGreaterThan(0);
  expect((await run('client', 'show', 'refused')).exitCode).toBe(1);
});

test('E10: a claim twice, or given and removed, is refused', async () => {
  const create = ['client', 'create', '--name', 'N', '--claim', 'a=1', '--claim', 'a=2'];
  expect((await run(...create)).stderr).toContain('there are two claims a');
  const update = ['client', 'update', 'mixed', '--claim', 'text=a', '--remove-claim', 'text'];
  expect((await run(...update)).stderr).toContain('cannot be both given and removed');
  const gone = await run('client', 'update', 'mixed', '--remove-claim', 'nothing');
  expect(gone).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('no claim nothing') });
});
