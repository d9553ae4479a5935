import { calculateJwkThumbprint } from 'jose';
import { expect } from 'vitest';
import type { PossessionChecks } from '../../functions/authorizer/possession.ts';
import type { HttpResponse } from '../../functions/http/response.ts';
import { type DpopNonces, statelessNonces } from '../../functions/oauth/dpop-nonce.ts';
import type { TokenEndpoint } from '../../functions/token/handler.ts';
import { httpCall, restCall } from '../authorizer/possession-events.ts';
import { apiUrl, boundApi } from '../support/bound-api.ts';
import { athOf, dpopKey } from '../support/dpop.ts';
import { basic } from '../support/http-api-event.ts';
import { memoryNonceKeys } from '../support/memory/memory-nonce-keys.ts';
import {
  client_id,
  client_secret,
  issuer,
  stoppedAt,
  tokenEndpoint,
} from '../support/token-endpoint.ts';
import type { DpopHeaders, RightProof } from './right-proof.ts';
import { type Seen, seenBy } from './seen.ts';

const key = await dpopKey('ES256');
const tokenUrl = `${issuer}/token`;
const ordersUrl = `${apiUrl}/orders/7`;

/** The token endpoint, which requires nonces, and a client that gets DPoP-bound tokens alone. */
export async function tokenEnd() {
  const endpoint = await tokenEndpoint();
  const nonces = statelessNonces({
    keys: memoryNonceKeys(),
    now: () => stoppedAt,
  });
  await endpoint.register({ dpop_bound_access_tokens: true });
  const asking = (special: Partial<TokenEndpoint> = {}) => {
    const post = endpoint.another({ nonces, ...special });
    return async (dpop: DpopHeaders): Promise<Seen> => {
      const authorization = basic(client_id, client_secret);
      const headers = { authorization, ...(dpop.length > 0 && { DPoP: dpop.join(',') }) };
      const {
        statusCode,
        body,
        headers: sent,
      } = await post('grant_type=client_credentials', { headers });
      expect(sent).toMatchObject({ 'Cache-Control': 'no-store' });
      expect(body).toHaveProperty(statusCode === 200 ? 'access_token' : 'error_description');
      return {
        status: statusCode,
        error: body.error,
        description: body.error_description,
        nonce: sent['DPoP-Nonce'],
      };
    };
  };
  return {
    log: endpoint.audited,
    asking,
    right: (): Promise<RightProof> =>
      rightFor(nonces, {
        claims: { htm: 'POST', htu: tokenUrl },
        otherHtu: ordersUrl,
        access_token: 'mF_9.B5f-4.1JqM',
        use: useAt(asking()),
      }),
  };
}

/** An API that requires nonces: its guard, and its authorizers in front of an HTTP API and a REST API. */
export async function apiEnd() {
  const api = await boundApi();
  const nonces = statelessNonces({
    keys: memoryNonceKeys(),
    now: () => stoppedAt,
  });
  const cnf = { jkt: await calculateJwkThumbprint(key.jwk) };
  const access_token = await api.token({ claims: { cnf } });
  const authorization = `DPoP ${access_token}`;
  const asking = (special: Partial<PossessionChecks> = {}) => {
    const { handle, events } = api.guarded({ nonces, ...special });
    return async (dpop: DpopHeaders): Promise<Seen> => {
      const headers = { authorization, ...(dpop.length > 0 && { dpop: dpop.join(',') }) };
      const before = events.length;
      const seen = await seenBy((await handle(httpCall({ headers }))) as HttpResponse);
      expect(events.length - before).toBe(seen.status === 200 ? 1 : 0);
      return seen;
    };
  };
  const handler = api.handler({ nonces });
  return {
    log: api.log,
    asking,
    /** What API Gateway is told in front of an API: an answer, or the name of an exception. */
    authorizers: {
      HTTP: (dpop: DpopHeaders) => {
        const headers = { authorization, ...(dpop.length > 0 && { dpop: dpop.join(',') }) };
        return handler(httpCall({ headers })).catch(({ message }) => String(message));
      },
      REST: (dpop: DpopHeaders) => {
        const multiValueHeaders = { Authorization: [authorization], DPoP: dpop };
        const call = restCall({ headers: {}, changes: { headers: {}, multiValueHeaders } });
        return handler(call).catch(({ message }) => String(message));
      },
    },
    right: (): Promise<RightProof> =>
      rightFor(nonces, {
        claims: { htm: 'GET', htu: ordersUrl, ath: athOf(access_token) },
        otherHtu: tokenUrl,
        access_token,
        use: useAt(asking()),
      }),
  };
}

const rightFor = async (
  nonces: DpopNonces,
  { claims, ...rest }: Omit<RightProof, 'key'>,
): Promise<RightProof> => {
  const nonce = await nonces.issue();
  return { key, claims: { ...claims, iat: stoppedAt, nonce }, ...rest };
};

const useAt = (ask: (dpop: DpopHeaders) => Promise<Seen>) => async (proof: string) => {
  expect(await ask([proof])).toMatchObject({ status: 200 });
};
