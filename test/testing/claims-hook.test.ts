import { expect, test } from 'vitest';
import { type ClaimsHook, runClaimsHook } from '../../testing/index.ts';

test('E10: a hook hears what a test says, and else what is usual', async () => {
  const heard: unknown[] = [];
  const hook: ClaimsHook = (...about) => {
    heard.push(about);
    return {};
  };
  await runClaimsHook(hook);
  const cnf = { jkt: 'a-key' };
  await runClaimsHook(hook, { client: { client_id: 'acme' }, request: { scope: ['read'], cnf } });
  const client = {
    client_id: 'test-client',
    client_name: 'Test client',
    token_endpoint_auth_method: 'client_secret_basic',
    claims: {},
  };
  const request = {
    resource: 'https://api.example.com',
    scope: [],
    grant_type: 'client_credentials',
  };
  expect(heard).toEqual([
    [client, request],
    [
      { ...client, client_id: 'acme' },
      { ...request, scope: ['read'], cnf },
    ],
  ]);
});

test('E10: what it answers is checked as in a deployment, and so is its time', async () => {
  const outcome = (hook: ClaimsHook) => runClaimsHook(hook, { timeout: 1 });
  expect(await outcome(() => ({ tenant: 'acme' }))).toEqual({ claims: { tenant: 'acme' } });
  expect(await outcome(() => ({ refuse: 'no' }))).toEqual({ refused: 'no' });
  expect(await outcome(() => ({ sub: 'acme' }))).toEqual({
    failed: expect.stringContaining('the claim "sub" has a name that standards reserve'),
  });
  expect(await outcome(() => new Promise(() => undefined))).toEqual({
    failed: 'the claims hook has not answered in 1 ms',
  });
});
