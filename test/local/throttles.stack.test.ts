import { afterAll, expect, test } from 'vitest';
import { startTestStack } from '../support/local-stack.ts';

/** A flood of one path, and what becomes of the others: by the same settings as in a deployment. */

const stack = await startTestStack({ settings: { throttle: '500', tokenThrottle: '1' } });
afterAll(() => stack.stop());

/** Sends as many requests at once, and counts the answers of a status. */
async function flood(url: string, method = 'GET'): Promise<(status: number) => number> {
  const asked = Array.from({ length: 40 }, async () => (await fetch(url, { method })).status);
  const statuses = await Promise.all(asked);
  return (status) => statuses.filter((found) => found === status).length;
}

test('A11: a flood of /token leaves the metadata, the JWK Set and the API alone', async () => {
  for (const method of ['POST', 'HEAD', 'OPTIONS', 'DELETE']) {
    const answered = await flood(`${stack.issuer}/token`, method);
    expect(answered(429)).toBeGreaterThan(30);
  }
  for (const path of ['oauth-authorization-server', 'openid-configuration', 'jwks.json']) {
    const answered = await flood(`${stack.issuer}/.well-known/${path}`);
    expect(answered(200)).toBe(40);
  }
  const answered = await flood(stack.api);
  expect(answered(401)).toBe(40);
});
