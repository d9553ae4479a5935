import { expect, test } from 'vitest';
import { countersign } from './command.ts';
import { localDeployment } from './local-deployment.ts';

/** The real command, each time in a process of its own, as a person uses it in the first hour. */

const api = 'https://api.example.com/orders';
const { contents } = await localDeployment();

async function json(...parameters: readonly string[]) {
  const { exitCode, stdout, stderr } = await countersign([...parameters, '--local', '--json']);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  return JSON.parse(stdout);
}

test('an API and a client are registered, and the client gets a token', {
  timeout: 60_000,
}, async () => {
  const resource = await json('resource', 'create', api, '--scope', 'read write');
  expect(resource).toMatchObject({ resource: api, scope: 'read write', default: true });

  const name = ['--name', 'Billing'];
  const created = await json('client', 'create', ...name, '--scope', 'read');
  expect(created).toMatchObject({
    client_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    client_secret: expect.stringMatching(/^countersign_/),
    client_secret_expires_at: 0,
    client_name: 'Billing',
    token_endpoint_auth_method: 'client_secret_basic',
    grants: { [api]: 'read' },
  });

  const { client_id, client_secret } = created;
  const token = ['token', '--client-id', client_id];
  expect(await json(...token, '--client-secret', client_secret)).toMatchObject({
    access_token: expect.stringMatching(/^ey/),
    token_type: 'Bearer',
    expires_in: 3600,
    scope: 'read',
    header: { typ: 'at+jwt', alg: 'RS256' },
    claims: { aud: api, client_id, scope: 'read' },
  });

  const piped = await countersign([...token, '--local', '--scope', 'read'], `${client_secret}\n`);
  expect(piped).toMatchObject({ exitCode: 0, stderr: '' });
  expect(piped.stdout).toMatch(/^ey[\w.-]+\n\ntoken_type +Bearer\n/);
  expect(piped.stdout).toContain(`"client_id": "${client_id}"`);

  const refused = await countersign([...token, '--local', '--scope', 'write'], client_secret);
  expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
  expect(refused.stderr).toMatch(/^error: invalid_scope: .+\n$/);

  const shown = await countersign(['client', 'show', client_id, '--local']);
  expect(shown.stdout).toContain(`grants          ${api}: read`);
  expect(await contents()).toHaveLength(3);
});
