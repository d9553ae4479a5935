import { randomUUID } from 'node:crypto';
import middy from '@middy/core';
import { calculateJwkThumbprint } from 'jose';
import type { Authorizer } from '../../functions/authorizer/authorize.ts';
import { createGuard } from '../../functions/authorizer/guard/guard.ts';
import type { GuardMiddleware } from '../../functions/authorizer/guard/guard-middleware.ts';
import { createHandler } from '../../functions/authorizer/handler.ts';
import { parseKeySet } from '../../functions/authorizer/key-set.ts';
import { confirmPossession, type PossessionChecks } from '../../functions/authorizer/possession.ts';
import { noRevocations } from '../../functions/authorizer/revocations/revocations.ts';
import { parseRoutes } from '../../functions/authorizer/routes.ts';
import type { HttpResponse } from '../../functions/http/response.ts';
import { dpopAlgorithms } from '../../functions/oauth/assertion-algorithms.ts';
import type { AuditEntry } from '../../functions/oauth/audit.ts';
import { noNonces } from '../../functions/oauth/dpop-nonce.ts';
import { audience, signToken, start, type TokenChange } from './access-tokens.ts';
import { athOf, dpopKey, type ProofChange, signProof } from './dpop.ts';
import { memoryReplayGuard } from './memory/memory-replay-guard.ts';
import { type TestKey, testKey } from './test-key.ts';

export const apiUrl = 'https://api.example.com';
const issuer = 'https://as.example.com';
/** What the guard takes events of; the events of the tests are of the first. */
export const apiIds: ReadonlySet<string> = new Set(['abcdef1234', 'ghijkl5678']);
const routes = { 'GET /orders/{id}': ['read'], 'POST /orders': ['write'] };

/** A bound token, and what it takes to use it. */
export interface BoundToken {
  readonly access_token: string;
  readonly key: TestKey;
  /** Signs a proof for `GET /orders/7` with this token, right in every way but the changes. */
  prove(change?: ProofChange): Promise<string>;
}

/**
 * An API that takes bound tokens, with a store of used proofs in memory: as an authorizer and as a
 * guard. The clock stands still.
 */
export async function boundApi(
  about: Partial<Pick<Authorizer, 'resourceMetadata' | 'revocations'>> = {},
) {
  const clock = { now: start };
  const now = () => clock.now;
  const issuerKey = await testKey();
  const keySet = parseKeySet({ keys: [issuerKey.jwk] }, undefined);
  const log: AuditEntry[] = [];
  const checks: PossessionChecks = {
    publicUrl: apiUrl,
    required: false,
    algorithms: dpopAlgorithms,
    nonces: noNonces,
    replays: memoryReplayGuard(now),
    now,
  };
  /** What a further instance works with, which shares the store alone. */
  const authorizer = (special: Partial<PossessionChecks> = {}): Authorizer => ({
    issuer,
    audience,
    algorithms: ['RS256'],
    routes: parseRoutes(JSON.stringify(routes)),
    basePath: '',
    keys: async () => keySet,
    confirm: confirmPossession({ ...checks, ...special }),
    revocations: noRevocations,
    dpopAlgorithms: ['ES256', 'RS256'],
    ...about,
    now,
    audit: (entry) => log.push(entry),
  });
  const token = (change: TokenChange = {}) =>
    signToken(issuer, issuerKey, { ...change, claims: { jti: randomUUID(), ...change.claims } });
  return {
    clock,
    log,
    token,
    authorizer,
    handler: (special?: Partial<PossessionChecks>) => createHandler(authorizer(special)),
    /** A guard over a handler that tells what it was told, and how often it was called. */
    guarded(special?: Partial<PossessionChecks>, response: object = { statusCode: 200 }) {
      const events: unknown[] = [];
      const answer = async (event: unknown) => {
        events.push(event);
        return { ...response };
      };
      return { handle: behind(createGuard({ ...authorizer(special), apiIds }), answer), events };
    },
    /** A token that is bound to a key of its own. */
    async bound(
      claims: Readonly<Record<string, unknown>> = {},
      alg = 'ES256',
    ): Promise<BoundToken> {
      const key = await dpopKey(alg);
      const cnf = { jkt: await calculateJwkThumbprint(key.jwk) };
      const access_token = await token({ claims: { cnf, ...claims } });
      const ours = { htm: 'GET', htu: `${apiUrl}/orders/7`, ath: athOf(access_token) };
      const prove = (change: ProofChange = {}) =>
        signProof(key, { ...change, claims: { ...ours, ...change.claims } });
      return { access_token, key, prove };
    },
  };
}

/** A handler behind the middleware of a guard, as an API's owner puts it there. */
const behind = (guard: GuardMiddleware, handler: (event: unknown) => Promise<unknown>) =>
  // A test need not say which context Lambda would give.
  middy().use(guard).handler(handler) as unknown as (event: unknown) => Promise<HttpResponse>;

/** The headers of a call under the DPoP scheme. */
export const shown = (access_token: string, dpop: string | undefined) => ({
  authorization: `DPoP ${access_token}`,
  ...(dpop !== undefined && { dpop }),
});
