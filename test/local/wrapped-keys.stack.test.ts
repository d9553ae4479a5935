import { decodeJwt } from 'jose';
import { afterAll, describe, expect, test } from 'vitest';
import { startTestStack } from '../support/local-stack.ts';

/** The stack as the template has it, with signatures that are made outside of KMS, and reused. */

const settings = { signing: 'kms-wrapped', signingAlgorithm: 'ES256', tokenReuse: '60' };
const stack = await startTestStack({ settings });
afterAll(() => stack.stop());

async function token(scope: string): Promise<string> {
  const { client_id, client_secret } = stack.demoClient;
  const response = await fetch(`${stack.issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${client_id}:${client_secret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
  });
  expect(response.status).toBe(200);
  const { access_token } = (await response.json()) as { readonly access_token: string };
  return access_token;
}

describe("a stack with signing: 'kms-wrapped' and tokenReuse", () => {
  test('gives a token that opens the demo API', async () => {
    const access_token = await token('read');
    const headers = { authorization: `Bearer ${access_token}` };
    const answer = await fetch(stack.api, { headers });
    expect([answer.status, await answer.json()]).toEqual([
      200,
      expect.objectContaining({ client_id: 'demo', scope: 'read' }),
    ]);
  });

  test('gives it again to who asks for the same, if the same instance answers', async () => {
    const jti = async () => decodeJwt(await token('write')).jti;
    const seen = [];
    for (let count = 0; count < 5; count += 1) seen.push(await jti());
    expect(new Set(seen).size).toBeLessThan(seen.length);
  });
});
