import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { describe, expect, test, vi } from 'vitest';
import type { RevocationListClaims } from '../../functions/oauth/revocation-list.ts';
import {
  decodeStatusList,
  type EncodedStatusList,
  isInvalid,
  type StatusPlace,
} from '../../functions/oauth/status-list.ts';
import { sharedStack } from '../support/shared-stack.ts';

/** From the token endpoint through the table to the lists, each as it is deployed. */

const stack = await sharedStack();
const { issuer, demoClient } = stack;
const jwks = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));

async function token(): Promise<string> {
  const { client_id, client_secret } = demoClient;
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret });
  const response = await fetch(`${issuer}/token`, { method: 'POST', body });
  const { access_token } = (await response.json()) as { access_token: string };
  return access_token;
}

async function revoke(access_token: string): Promise<void> {
  const body = new URLSearchParams({ token: access_token, ...demoClient });
  const { status } = await fetch(`${issuer}/revoke`, { method: 'POST', body });
  expect(status).toBe(200);
}

/** A list, whose signature is good. */
async function listAt<Claims>(url: string, typ: string): Promise<Claims> {
  const response = await fetch(url);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe(`application/${typ}`);
  const { payload } = await jwtVerify<Claims>(await response.text(), jwks, { issuer, typ });
  return payload;
}

const placeOf = (access_token: string): StatusPlace =>
  decodeJwt<{ status: { status_list: StatusPlace } }>(access_token).status.status_list;

const isRevoked = (list: EncodedStatusList | undefined, idx: number): boolean =>
  list !== undefined && isInvalid(decodeStatusList(list), idx);

describe('J05: a token that was revoked on the local stack', () => {
  test('is in the revocation list and in its status list within seconds, and no other one is', async () => {
    const [revoked, other] = [await token(), await token()];
    const { uri, idx } = placeOf(revoked);
    expect(uri).toBe(`${issuer}/status-lists/0`);
    expect(placeOf(other)).toEqual({ uri, idx: expect.any(Number) });
    expect(placeOf(other).idx).not.toBe(idx);
    await revoke(revoked);
    await vi.waitFor(
      async () => {
        const all = await listAt<RevocationListClaims>(
          `${issuer}/revocation-list`,
          'revocation-list+jwt',
        );
        expect(isRevoked(all.status_lists[uri], idx)).toBe(true);
        expect(isRevoked(all.status_lists[uri], placeOf(other).idx)).toBe(false);
      },
      { timeout: 20_000, interval: 200 },
    );
    await vi.waitFor(
      async () => {
        const { status_list } = await listAt<{ status_list: EncodedStatusList }>(
          uri,
          'statuslist+jwt',
        );
        expect(isRevoked(status_list, idx)).toBe(true);
        expect(isRevoked(status_list, placeOf(other).idx)).toBe(false);
      },
      { timeout: 20_000, interval: 200 },
    );
  });

  test('a list in which no token can be is not there', async () => {
    expect((await fetch(`${issuer}/status-lists/5`)).status).toBe(404);
  });
});
