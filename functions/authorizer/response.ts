import { formatScope } from '../oauth/scope.ts';
import { insufficientScope } from './challenge.ts';
import type { AccessToken } from './claims.ts';
import type { Confirmed } from './confirmed.ts';
import type { Decision } from './decision.ts';
import { accessPolicy, type PolicyDocument } from './policy.ts';
import type { AuthorizerRequest } from './request.ts';
import type { Routes } from './routes.ts';

/** What integrations, access logs and gateway responses see; API Gateway takes only scalars. */
type AuthorizerContext = Readonly<Record<string, string>>;

/** The simple response of an HTTP API. */
interface SimpleAnswer {
  readonly isAuthorized: boolean;
  readonly context: AuthorizerContext;
}

/** The answer for a REST API. */
export interface PolicyAnswer {
  readonly principalId: string;
  readonly policyDocument: PolicyDocument;
  readonly context: AuthorizerContext;
}

export type Answer = SimpleAnswer | PolicyAnswer;

/** What the journey has found out. */
export interface Decided {
  readonly request: AuthorizerRequest;
  readonly token: AccessToken;
  readonly confirmed: Confirmed;
  readonly decision: Decision;
  readonly routes: Routes;
}

// API Gateway's quota for an authorizer's result is 8 KB.
const maxAnswerBytes = 8192;

/**
 * Writes the answer in the form that the event asks for.
 * @throws Error when it is larger than API Gateway takes: there are too many routes.
 */
export function answer(decided: Decided): Answer {
  const answered = formed(decided);
  if (Buffer.byteLength(JSON.stringify(answered)) <= maxAnswerBytes) return answered;
  throw new Error('the answer is larger than API Gateway takes: too many routes');
}

function formed({ request, token, confirmed, decision, routes }: Decided): Answer {
  const context = authorizerContext(token, confirmed);
  const isSimple = request.format === 'simple';
  if (isSimple && decision.outcome === 'allowed') return { isAuthorized: true, context };
  const wwwAuthenticate = insufficientScope(decision.needed, request.scheme);
  const challenged = { ...context, wwwAuthenticate };
  if (isSimple) return { isAuthorized: false, context: challenged };
  const { stageArn, route } = request;
  const refusedRoute = decision.outcome === 'denied' ? route : undefined;
  return {
    principalId: token.client_id,
    policyDocument: accessPolicy({ stageArn, scope: token.scope, routes, refusedRoute }),
    // Kept with the policy, for the route of this API that it may deny next.
    context: challenged,
  };
}

/** What is told of a token, and of the nonce that the client's next DPoP proof needs. */
export function authorizerContext(token: AccessToken, { nonce }: Confirmed): AuthorizerContext {
  const { iss, sub, client_id, jti, scope, exp, cnf } = token;
  return {
    iss,
    sub,
    client_id,
    jti,
    scope: formatScope(scope),
    exp: String(exp),
    ...(cnf && { cnf: JSON.stringify(cnf) }),
    ...(nonce !== undefined && { dpopNonce: nonce }),
  };
}
