import { UseDpopNonce } from '../oauth/oauth-error.ts';
import { formatScope } from '../oauth/scope.ts';
import { ambiguousArns } from './ambiguous-paths.ts';
import type { Authorized, Authorizer } from './authorize.ts';
import { challenge, insufficientScope } from './challenge.ts';
import type { AccessToken } from './claims.ts';
import type { Confirmed } from './confirmation.ts';
import { type Decision, isRefusal } from './decision.ts';
import { type Access, accessPolicy, type PolicyDocument, requestPolicy } from './policy.ts';
import { type AuthorizerRequest, type RestApiRequest, stageArnOf } from './request.ts';

/** What integrations, access logs and gateway responses see; API Gateway takes only scalars. */
type AuthorizerContext = Readonly<Record<string, string>>;

/** The simple response of an HTTP API. */
interface SimpleResponse {
  readonly isAuthorized: boolean;
  readonly context: AuthorizerContext;
}

/** The response for a REST API. */
interface PolicyResponse {
  readonly principalId: string;
  readonly policyDocument: PolicyDocument;
  readonly context: AuthorizerContext;
}

export type AuthorizerResponse = SimpleResponse | PolicyResponse;

/** What of an authorizer its answers are made of. */
type Answering = Pick<Authorizer, 'routes' | 'dpopAlgorithms' | 'resourceMetadata'>;

// API Gateway's quota for an authorizer's result is 8 KB.
const maxBytes = 8192;

/**
 * Writes the response in the form that the event asks for. It throws an Error when that is larger than
 * API Gateway takes: a TOKEN authorizer has too many routes, or the path is too long.
 */
export const authorizerResponse =
  (answering: Answering) =>
  (authorized: Authorized<AuthorizerRequest>): AuthorizerResponse => {
    const response = formed(authorized, answering);
    if (Buffer.byteLength(JSON.stringify(response)) <= maxBytes) return response;
    throw new Error(
      'the response is larger than API Gateway takes: too many routes, or a path that is too long',
    );
  };

function formed(
  { request, token, confirmed, decision }: Authorized<AuthorizerRequest>,
  { routes, resourceMetadata }: Answering,
): AuthorizerResponse {
  const context = authorizerContext(token, confirmed);
  const isSimple = request.format === 'simple';
  if (isSimple && decision.outcome === 'allowed') return { isAuthorized: true, context };
  const wwwAuthenticate = insufficientScope(decision.needed, request.scheme, resourceMetadata);
  const challenged = { ...context, wwwAuthenticate };
  if (isSimple) return { isAuthorized: false, context: challenged };
  return {
    principalId: token.client_id,
    policyDocument: policyFor(request, decision, { scope: token.scope, routes }),
    // API Gateway caches the context with the policy: it must suit the next route that is denied, too.
    context: challenged,
  };
}

/** Where API Gateway caches by token alone it does not tell the route, and needs a policy for all of them. */
function policyFor(
  { route, methodArn, stageArn }: RestApiRequest,
  { outcome }: Decision,
  access: Pick<Access, 'scope' | 'routes'>,
): PolicyDocument {
  if (route.key !== undefined) return requestPolicy(methodArn, outcome === 'allowed');
  return accessPolicy({ ...access, stageArn, denied: ambiguousArns(stageArn) });
}

/** What is told of a token, and of the nonce that the client's next DPoP proof needs. */
export function authorizerContext(token: AccessToken, { nonce }: Confirmed): AuthorizerContext {
  const { iss, sub, client_id, jti, scope, exp, cnf, customClaims } = token;
  return {
    iss,
    sub,
    client_id,
    jti,
    scope: formatScope(scope),
    exp: String(exp),
    ...(cnf && { cnf: JSON.stringify(cnf) }),
    ...(customClaims !== undefined && { customClaims }),
    ...(nonce !== undefined && { dpopNonce: nonce }),
  };
}

/**
 * Denies a request whose proof needs a nonce, and tells it (RFC 9449 §9). Only a REST API can: it hands
 * the context of a denial to its gateway response. What an authorizer throws reaches nobody.
 * @returns undefined for every other error, and for the event of an HTTP API
 */
export function nonceDenial(
  error: unknown,
  event: unknown,
  { dpopAlgorithms, resourceMetadata }: Answering,
): PolicyResponse | undefined {
  if (!(error instanceof UseDpopNonce)) return undefined;
  const stageArn = stageArnOf(event);
  if (stageArn === undefined) return undefined;
  const { code, message, nonce } = error;
  const parameters = {
    error: code,
    error_description: message,
    algs: dpopAlgorithms.join(' '),
    resource_metadata: resourceMetadata,
  };
  return {
    principalId: 'nobody',
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect: 'Deny', Resource: [`${stageArn}/*`] }],
    },
    context: {
      wwwAuthenticate: challenge('DPoP', parameters),
      dpopNonce: nonce,
    },
  };
}

/**
 * What API Gateway sees of an error: `Unauthorized` makes it answer 401, anything else 500. No
 * more is said.
 */
export function failure(error: unknown): Error {
  return new Error(isRefusal(error) ? 'Unauthorized' : 'the authorizer cannot decide now');
}
