import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { afterAll, expect, test } from 'vitest';
import { startTestStack } from '../support/local-stack.ts';

/** The stack as the template has it, with a hook of an owner's. */

const folder = mkdtempSync(join(tmpdir(), 'countersign-hook-'));
const claimsHook = join(folder, 'claims.mjs');
writeFileSync(
  claimsHook,
  `export default async ({ client_id }, { scope }) =>
    scope.includes('write') ? { refuse: 'nobody may write' } : { tenant: client_id };`,
);
const stack = await startTestStack({ settings: { claimsHook } });
afterAll(async () => {
  await stack.stop();
  rmSync(folder, { recursive: true });
});

function ask(scope: string): Promise<Response> {
  const { client_id, client_secret } = stack.demoClient;
  return fetch(`${stack.issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${client_id}:${client_secret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
  });
}

test('E10: a hook adds claims, which the API behind an authorizer is told', async () => {
  const response = await ask('read');
  const { access_token } = (await response.json()) as { readonly access_token: string };
  expect(decodeJwt(access_token)).toMatchObject({ sub: 'demo', tenant: 'demo' });
  const answer = await fetch(stack.api, { headers: { authorization: `Bearer ${access_token}` } });
  const { customClaims } = (await answer.json()) as { readonly customClaims: string };
  const told = JSON.parse(Buffer.from(customClaims, 'base64url').toString());
  expect(told).toEqual({ tenant: 'demo' });
});

test('A19: a hook refuses with its sentence', async () => {
  const response = await ask('write');
  expect([response.status, await response.json()]).toEqual([
    400,
    { error: 'unauthorized_client', error_description: 'nobody may write' },
  ]);
});
