import { expect, test } from 'vitest';
import type { Deployment } from './deployment.ts';
import { getToken } from './obtained-token.ts';
import { registerClient } from './registration.ts';

/** A deployment that is changed later. */
export function upgrade(deployment: Deployment): void {
  test('another token lifetime takes effect with the next token', async () => {
    const client = await registerClient('read');
    expect(await getToken(deployment.issuer, client)).toMatchObject({ expires_in: 3600 });
    await deployment.deploy('accessTokenLifetime=120');
    expect(await getToken(deployment.issuer, client)).toMatchObject({ expires_in: 120 });
  });
}
