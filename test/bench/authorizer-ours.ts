import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { verifyAccessToken } from '../../functions/authorizer/access-token.ts';
import { bearerTokensAlone } from '../../functions/authorizer/bearer-tokens.ts';
import { createHandler } from '../../functions/authorizer/handler.ts';
import { parseKeySet } from '../../functions/authorizer/key-set.ts';
import { parseRoutes } from '../../functions/authorizer/routes.ts';
import { httpApiEvent } from '../support/http-api-event.ts';
import type { TestKey } from '../support/test-key.ts';
import type { VerifyToken } from './authorizer-peers.ts';
import { api, issuer } from './token-handler.ts';

/** An event of an HTTP API with this token, as one that has just been read. */
export const apiEvent = (token: string): object =>
  JSON.parse(
    JSON.stringify({
      ...httpApiEvent({ method: 'GET', path: '/' }),
      type: 'REQUEST',
      routeKey: 'GET /',
      headers: { authorization: `Bearer ${token}`, host: 'api.example.com', accept: '*/*' },
    }),
  );

const now = () => Math.floor(Date.now() / 1000);

function ourExpectation({ alg, jwk }: TestKey) {
  const keySet = parseKeySet({ keys: [jwk] }, undefined);
  return { issuer, audience: api, algorithms: [alg], keys: async () => keySet, now };
}

/** Our verification, with a memory of its own. */
export function ourVerifier(key: TestKey): VerifyToken {
  const expected = ourExpectation(key);
  return (token) => verifyAccessToken(token, expected);
}

/** Our whole authorizer, with a memory of its own. It throws an error when it lets nobody in. */
export function ourAuthorizer(key: TestKey): (event: object) => Promise<void> {
  const handler = createHandler({
    ...ourExpectation(key),
    confirm: bearerTokensAlone,
    dpopAlgorithms: [],
    routes: parseRoutes(JSON.stringify({ 'GET /': ['read'] })),
    audit: () => undefined,
  });
  return async (event) => {
    const answered = await handler(event);
    if (!('isAuthorized' in answered && answered.isAuthorized)) throw new Error('not authorized');
  };
}

/** Signs an access token as our token endpoint makes them. */
export const accessToken = (key: TestKey): Promise<string> =>
  new SignJWT({ client_id: 's6BhdRkqt3', scope: 'read' })
    .setProtectedHeader({ alg: key.alg, typ: 'at+jwt', kid: key.kid })
    .setIssuer(issuer)
    .setSubject('s6BhdRkqt3')
    .setAudience(api)
    .setIssuedAt()
    .setNotBefore('0s')
    .setExpirationTime('1h')
    .setJti(randomUUID())
    .sign(key.privateKey);
