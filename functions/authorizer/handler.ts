import type { Audit } from '../oauth/audit.ts';
import { type Expectation, verifyAccessToken } from './access-token.ts';
import { decisionEntry, refusalEntry, tokenEntry } from './audit-entry.ts';
import type { Confirm } from './confirmed.ts';
import { decideAccess } from './decision.ts';
import { nonceAnswer } from './nonce-answer.ts';
import { refusal } from './refusal.ts';
import { parseAuthorizerRequest, requestTrace } from './request.ts';
import { type Answer, answer } from './response.ts';
import type { Routes } from './routes.ts';

/** What an authorizer needs: what it expects of a token, what each route needs, and a log. */
export interface Authorizer extends Expectation {
  readonly confirm: Confirm;
  /** What DPoP proofs may be signed with (RFC 9449 §7.1, `algs`); empty: there is no such scheme here. */
  readonly dpopAlgorithms: readonly string[];
  readonly routes: Routes;
  readonly audit: Audit;
}

/**
 * Makes the Lambda authorizer of an HTTP API (payload 2.0, simple response) or a REST API (TOKEN
 * and REQUEST).
 *
 * Without a valid access token it throws `Unauthorized`, which API Gateway answers with 401. While
 * the issuer's keys cannot be had it throws another error, which becomes a 500: the token may be
 * good, so a client may try again, and a 401 would make it fetch a new token from an issuer in
 * trouble. The same holds for a store that remembers proofs.
 */
export function createHandler(authorizer: Authorizer): (event: unknown) => Promise<Answer> {
  return async (event) => {
    // The audit line; it grows as the request is understood.
    const trail = { ...requestTrace(event) };
    try {
      const request = parseAuthorizerRequest(event);
      const token = await verifyAccessToken(request.access_token, authorizer);
      Object.assign(trail, tokenEntry(token));
      const confirmed = await authorizer.confirm(token, request);
      const decision = decideAccess(request.route, token.scope, authorizer.routes);
      const { routes } = authorizer;
      const answered = answer({ request, token, confirmed, decision, routes });
      authorizer.audit({ ...trail, ...decisionEntry(decision) });
      return answered;
    } catch (error) {
      authorizer.audit({ ...trail, ...refusalEntry(error) });
      const answered = nonceAnswer(error, event, authorizer.dpopAlgorithms);
      if (answered) return answered;
      throw refusal(error);
    }
  };
}
