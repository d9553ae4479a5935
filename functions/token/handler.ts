import urlEncodeBodyParser from '@middy/http-urlencode-body-parser';
import { withCors } from '../http/cors.ts';
import {
  allowedMethods,
  auditLine,
  errorResponse,
  type HttpCall,
  type HttpFunction,
  type HttpMiddleware,
  httpFunction,
} from '../http/http-function.ts';
import type { HttpResponse } from '../http/response.ts';
import type { Audit } from '../oauth/audit.ts';
import { type GiveBack, type ReplayGuard, useOnce } from '../oauth/replay.ts';
import type { Minting } from './access-token.ts';
import { type Asker, issued, presented, refused } from './audit-entry.ts';
import { selectCredentials } from './authentication/presented-credentials.ts';
import type { ClientAuthentication } from './client-authentication.ts';
import { countedFailure, type FailedAttempts } from './failed-attempts.ts';
import { formGuard } from './form-guard.ts';
import type { PossessionChecks } from './possession.ts';
import { parseTokenRequest } from './request.ts';
import { failure, methodNotAllowed, success } from './response.ts';
import { type Signing, signAccessToken } from './signature.ts';
import { sourceOf } from './source.ts';
import { decideToken } from './token-decision.ts';
import { type CachedTokenRecords, decideByRecords } from './token-records.ts';

/** What the token endpoint works with. */
export interface TokenEndpoint extends ClientAuthentication, PossessionChecks, Minting, Signing {
  readonly records: CachedTokenRecords;
  readonly failedAttempts: FailedAttempts;
  readonly replays: ReplayGuard;
  /** Pages whose scripts may read the answers; empty: none. */
  readonly corsOrigins: readonly string[];
  readonly audit: Audit;
}

/** Makes the handler of `POST /token` (RFC 6749 §3.2, §4.4). */
export function createHandler(endpoint: TokenEndpoint): HttpFunction {
  const answer = httpFunction(
    [
      auditLine(endpoint.audit, refused),
      errorResponse((error, { headers }) =>
        failure(error, { ...endpoint, hasAuthorization: headers.has('authorization') }),
      ),
      allowedMethods(['POST'], methodNotAllowed),
      formGuard,
      formParser,
    ],
    (call, signal) => issueToken(call, signal, endpoint),
  );
  return withCors(answer, { ...cors, origins: endpoint.corsOrigins });
}

// `X-Requested-With` comes from Swagger UI, in each request for a token.
const cors = {
  method: 'POST',
  headers: ['Authorization', 'Content-Type', 'DPoP', 'X-Requested-With'],
  exposed: ['DPoP-Nonce', 'Retry-After', 'WWW-Authenticate'],
} as const;

/**
 * Its check of the media type is off: the guard's is exact. The cast: it is typed for API Gateway's events,
 * and uses nothing but the body.
 */
const formParser = urlEncodeBodyParser({
  disableContentTypeCheck: true,
}) as unknown as HttpMiddleware;

async function issueToken(
  call: HttpCall,
  signal: AbortSignal,
  endpoint: TokenEndpoint,
): Promise<HttpResponse> {
  const request = parseTokenRequest(call);
  const credentials = selectCredentials(request.presented);
  let asker: Asker = {};
  const begun = call.trail;
  const trail = () => ({ ...begun(), ...presented(credentials, asker) });
  call.trail = trail;
  let giveBack: GiveBack = async () => undefined;
  try {
    const { claims, nonce, singleUses } = await decideByRecords(endpoint.records, (records) => {
      // Each run begins anew: the line has nothing of a run that does not count.
      asker = {};
      return decideToken({ request, credentials, asker }, records, endpoint);
    });
    signal.throwIfAborted();
    if (singleUses.length > 0) giveBack = await useOnce(singleUses, endpoint.replays);
    signal.throwIfAborted();
    const token = await signAccessToken(claims, endpoint);
    call.trail = () => ({ ...trail(), ...issued(token, claims) });
    return success(token, claims.iat, nonce);
  } catch (error) {
    // Nothing was signed, so what was used up is given back: the same request may come again.
    await giveBack();
    signal.throwIfAborted();
    const attempt = { client_id: credentials.client_id, source: sourceOf(call.sourceIp) };
    throw await countedFailure(error, attempt, endpoint.failedAttempts);
  }
}
