import { createPublicKey } from 'node:crypto';
import { jwtVerify } from 'jose';
import { basic } from '../../support/http-api-event.ts';
import type { TokenWork } from './work.ts';

/** The request that all contestants are sent (RFC 6749 §4.4.2). */
export const tokenRequest = ({ client_id, client_secret, scope }: TokenWork) => ({
  method: 'POST' as const,
  headers: {
    authorization: basic(client_id, client_secret),
    'content-type': 'application/x-www-form-urlencoded',
  },
  body: new URLSearchParams({ grant_type: 'client_credentials', scope }).toString(),
});

/**
 * Gets one access token, and sees to it that it is what the work wants (RFC 9068 §2).
 * @throws Error when it is not
 */
export async function checkToken(tokenEndpoint: string, work: TokenWork): Promise<void> {
  const response = await fetch(tokenEndpoint, tokenRequest(work));
  const { access_token = '' } = (await response.json()) as { readonly access_token?: string };
  const { jwk, issuer, alg } = work;
  await jwtVerify(access_token, createPublicKey({ key: { ...jwk }, format: 'jwk' }), {
    issuer,
    audience: work.resource,
    subject: work.client_id,
    typ: 'at+jwt',
    algorithms: [alg],
    requiredClaims: ['client_id', 'scope', 'iat', 'exp', 'jti'],
  });
}
