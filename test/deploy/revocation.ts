import { decodeJwt } from 'jose';
import { beforeAll, expect, test, vi } from 'vitest';
import { countersign } from './countersign.ts';
import type { Deployment } from './deployment.ts';
import { getToken } from './obtained-token.ts';
import { type Registered, registerClient } from './registration.ts';

/** Until instances have read what was taken back, at their own pace. */
const patience = { timeout: 30_000, interval: 500 };

/** Tokens are taken back, by their client and by the command line. */
export function revocation({ issuer, api }: Deployment): void {
  let billing: Registered;
  beforeAll(async () => {
    billing = await registerClient('read');
  });

  test('J01: a client takes back a token of its own, which the list then has, and the demo API refuses', async () => {
    const { access_token } = await getToken(issuer, billing);
    const another = await getToken(issuer, billing);
    expect((await callApi(access_token)).status).toBe(200);
    const { client_id, client_secret } = billing;
    const basic = Buffer.from(`${client_id}:${client_secret}`).toString('base64');
    const revoked = await fetch(`${issuer}/revoke`, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}` },
      body: new URLSearchParams({ token: access_token }),
    });
    expect(revoked.status).toBe(200);
    const { status } = decodeJwt<{ status: { status_list: { uri: string } } }>(access_token);
    const { uri } = status.status_list;
    await vi.waitFor(async () => {
      expect(await publishedList()).toMatchObject({ status_lists: { [uri]: { bits: 1 } } });
    }, patience);
    expect((await fetch(uri)).headers.get('content-type')).toBe('application/statuslist+jwt');
    await vi.waitFor(
      async () => expect((await callApi(access_token)).status).not.toBe(200),
      patience,
    );
    expect((await callApi(another.access_token)).status).toBe(200);
  });

  test('J05: the command line takes back all tokens of a client, and the client gets new ones', async () => {
    const { access_token } = await getToken(issuer, billing);
    await countersign('client', 'revoke-tokens', billing.client_id, '--yes');
    await vi.waitFor(
      async () => expect((await callApi(access_token)).status).not.toBe(200),
      patience,
    );
    await vi.waitFor(async () => {
      const next = await getToken(issuer, billing);
      expect((await callApi(next.access_token)).status).toBe(200);
    }, patience);
  });

  const publishedList = async () =>
    decodeJwt(await (await fetch(`${issuer}/revocation-list`)).text());

  const callApi = (access_token: string) =>
    fetch(api, { headers: { authorization: `Bearer ${access_token}` } });
}
