import type { Audit } from '../oauth/audit.ts';
import { invalidToken } from '../oauth/oauth-error.ts';
import { type Revoked, whyRevoked } from '../oauth/revoked.ts';
import { type Expectation, verifyAccessToken } from './access-token.ts';
import { decisionEntry, refusalEntry, staleRevocationsEntry, tokenEntry } from './audit-entry.ts';
import type { AccessToken } from './claims.ts';
import type { Confirm, Confirmed } from './confirmation.ts';
import type { Decide, Decision } from './decision.ts';
import { type AuthorizerRequest, requestTrace } from './request.ts';
import {
  type KnownRevocations,
  nothingRevoked,
  type Revocations,
} from './revocations/revocations.ts';
import type { Routes } from './routes.ts';

/** What an authorizer needs: what it expects of a token, what each route needs, and a log. */
export interface Authorizer extends Expectation {
  readonly confirm: Confirm;
  readonly revocations: Revocations;
  /** What DPoP proofs may be signed with (RFC 9449 §7.1, `algs`); empty: there is no such scheme here. */
  readonly dpopAlgorithms: readonly string[];
  readonly routes: Routes;
  /** The path of the URL where clients reach the API, without a slash at its end; undefined: not known. */
  readonly basePath: string | undefined;
  /** The URL of the API's metadata, for its challenges (RFC 9728 §5.1); absent: there are none. */
  readonly resourceMetadata?: string | undefined;
  readonly audit: Audit;
}

/** What was found out about a request. */
export interface Authorized<Request> {
  readonly request: Request;
  readonly token: AccessToken;
  readonly confirmed: Confirmed;
  readonly decision: Decision;
}

/** How an event is read, decided and answered. */
interface Shell<Request, Response> {
  readonly parse: (event: unknown) => Request;
  readonly decide: Decide;
  readonly respond: (authorized: Authorized<Request>) => Response;
}

/**
 * Decides whether a request may pass: its token is verified (RFC 9068 §4) and not revoked, possession is confirmed
 * (RFC 9449 §7, RFC 8705 §3), and the route's scope compared. A proof is used up last, so that one who is refused
 * for another reason can use it again. Each decision becomes one audit line, each error too.
 * @throws OAuthError when the request is refused; any other error, and RetryLater, when it cannot be told
 */
export async function authorize<Request extends AuthorizerRequest, Response>(
  event: unknown,
  { parse, decide, respond }: Shell<Request, Response>,
  authorizer: Authorizer,
): Promise<Response> {
  // The audit line; it grows as the request is understood.
  const trail = { ...requestTrace(event) };
  try {
    const request = parse(event);
    const known = authorizer.revocations.current();
    const token = await verifyBeside(known, request.access_token, authorizer);
    const isOwn = token.iss === authorizer.issuer;
    Object.assign(trail, tokenEntry(token), isOwn ? {} : { iss: token.iss });
    const { revoked, isStale } = isOwn ? await known : unaffected;
    if (isStale) Object.assign(trail, staleRevocationsEntry);
    refuseRevoked(token, revoked);
    const confirmed = await authorizer.confirm(token, request);
    const decision = decide(request.route, token.scope);
    const response = respond({ request, token, confirmed, decision });
    if (decision.outcome !== 'denied') await confirmed.useUp();
    authorizer.audit({ ...trail, ...decisionEntry(decision) });
    return response;
  } catch (error) {
    authorizer.audit({ ...trail, ...refusalEntry(error) });
    throw error;
  }
}

/**
 * Verifies a token while something else is on its way, and waits for that in any case: Lambda freezes an instance between
 * requests, and with it what is on its way.
 */
async function verifyBeside(
  other: Promise<unknown>,
  access_token: string,
  authorizer: Authorizer,
): Promise<AccessToken> {
  // Whoever needs it meets its error. Until then it is nobody's.
  const settled = other.catch(() => undefined);
  try {
    return await verifyAccessToken(access_token, authorizer);
  } finally {
    await settled;
  }
}

/** Other issuers publish no list of ours, and go on while ours cannot be had. */
const unaffected: KnownRevocations = { revoked: nothingRevoked, isStale: false };

function refuseRevoked(token: AccessToken, revoked: Revoked): void {
  const why = whyRevoked(token, revoked);
  if (why !== undefined) throw invalidToken(`the token was taken back: ${why}`);
}
