import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { bearerTokensAlone } from '../../functions/authorizer/bearer-tokens.ts';
import { createHandler as createAuthorizer } from '../../functions/authorizer/handler.ts';
import { issuerKeys } from '../../functions/authorizer/issuer-keys.ts';
import { noRevocations } from '../../functions/authorizer/revocations/revocations.ts';
import { parseRoutes } from '../../functions/authorizer/routes.ts';
import type { HttpResponse } from '../../functions/http/response.ts';
import { api, issuer } from '../support/token-endpoint.ts';

/** Verifies an access token; fails when it refuses it. */
export type Verifier = (access_token: string) => Promise<unknown>;

/** How a verifier reaches the issuer's documents, and what time it is for it. */
export interface Surroundings {
  readonly get: (path: string) => Promise<HttpResponse>;
  readonly now: () => number;
}

const jwksPath = '/.well-known/jwks.json';
const maxAgeOf = ({ headers }: HttpResponse) =>
  Number(/max-age=(\d+)/.exec(headers['Cache-Control'] ?? '')?.[1]);

/** A cache that keeps each document for as long as its Cache-Control allows, to the second. */
function cached({ get, now }: Surroundings): Surroundings['get'] {
  const kept = new Map<string, { readonly response: HttpResponse; readonly until: number }>();
  return async (path) => {
    const known = kept.get(path);
    if (known && now() < known.until) return known.response;
    const response = await get(path);
    kept.set(path, { response, until: now() + maxAgeOf(response) });
    return response;
  };
}

/**
 * A verifier that reads the JWK Set through a cache, keeps it for two hours, and does not read it again
 * in between, whatever key a token names. API Gateway's JWT authorizers may be as slow as that.
 * @param phase NumericDate of its first reading
 */
export function twoHourVerifier(surroundings: Surroundings, phase: number, alg: string): Verifier {
  const { now } = surroundings;
  const get = cached(surroundings);
  let kept: { readonly jwks: JSONWebKeySet; readonly readAt: number } | undefined;
  return async (access_token) => {
    const readAt = now() - ((((now() - phase) % 7200) + 7200) % 7200);
    if (!kept || (kept.readAt < readAt && now() - kept.readAt >= 7200)) {
      kept = { jwks: JSON.parse((await get(jwksPath)).body), readAt: now() };
    }
    const currentDate = new Date(now() * 1000);
    const options = { issuer, audience: api, typ: 'at+jwt', algorithms: [alg], currentDate };
    return jwtVerify(access_token, createLocalJWKSet(kept.jwks), options);
  };
}

/** The authorizer that this project ships, as an HTTP API asks it. */
export function ownAuthorizer({ get, now }: Surroundings, alg: string): Verifier {
  const answering: typeof fetch = async (input) => {
    const { pathname } = new URL(String(input));
    const { statusCode, headers, body } = await get(pathname);
    return new Response(body, { status: statusCode, headers });
  };
  const handler = createAuthorizer({
    issuer,
    audience: api,
    algorithms: [alg],
    basePath: '',
    confirm: bearerTokensAlone,
    revocations: noRevocations,
    dpopAlgorithms: [],
    routes: parseRoutes('{"GET /":["read"]}'),
    keys: issuerKeys({ issuer, fetch: answering, fetchTimeout: 1000, now }),
    now,
    audit: () => {},
  });
  return async (access_token) => {
    const authorization = `Bearer ${access_token}`;
    const answer = await handler({
      version: '2.0',
      type: 'REQUEST',
      routeArn: 'arn:aws:execute-api:us-east-1:111122223333:api/$default/GET/',
      identitySource: [authorization, 'GET /'],
      routeKey: 'GET /',
      rawPath: '/',
      rawQueryString: '',
      headers: { authorization },
      requestContext: { requestId: 'JKJaXmPLvHcESHA=', http: { method: 'GET', path: '/' } },
    });
    if (!('isAuthorized' in answer && answer.isAuthorized)) throw new Error('denied');
  };
}
