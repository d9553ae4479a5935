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
import type { Audit, AuditEntry } from '../oauth/audit.ts';
import type { CachedRecords } from '../oauth/cached-records.ts';
import type { Client } from '../oauth/client.ts';
import type { NoteUse } from '../oauth/last-use.ts';
import { type GiveBack, type ReplayGuard, type SingleUse, useOnce } from '../oauth/replay.ts';
import { type Asker, presented, refused } from './audit-entry.ts';
import type { AskingClient, ClientAuthentication } from './client-authentication.ts';
import { parseClientRequest } from './client-request.ts';
import { countedFailure, type FailedAttempts } from './failed-attempts.ts';
import { type Form, type FormParameters, formGuard, parseForm } from './form.ts';
import type { KeyProofChecks } from './key-proof.ts';
import { selectCredentials } from './methods/presented-credentials.ts';
import { decideByRecords, type View } from './record-views.ts';
import { failure, methodNotAllowed, withNonce } from './response.ts';

/** What an endpoint works with at which clients authenticate. */
export interface ClientEndpoint extends ClientAuthentication, KeyProofChecks {
  readonly records: { readonly clients: CachedRecords<Client> };
  readonly failedAttempts: FailedAttempts;
  readonly replays: ReplayGuard;
  readonly noteUse: NoteUse;
  /** Pages whose scripts may read the answers; empty: none. */
  readonly corsOrigins: readonly string[];
  readonly audit: Audit;
}

/** What is decided of a request, before anything comes of it. */
export interface Decision {
  /** For the client's next DPoP proof; undefined: it needs none. */
  readonly nonce: string | undefined;
  /** What the request uses up. */
  readonly singleUses: readonly SingleUse[];
}

/** What comes of a request, and what the audit line says of that. */
interface Done {
  readonly response: HttpResponse;
  readonly entry: AuditEntry;
}

/** What one endpoint does for clients, in the order in which it is done. */
export interface ClientService<Request, Decided extends Decision> {
  readonly parameters: FormParameters;
  /** @throws OAuthError for a request that asks for nothing that there is */
  readonly parse: (form: Form, call: HttpCall) => Request;
  /**
   * Authenticates the client, and decides by one set of records. It uses nothing up: it may run twice, by other
   * records. @throws OAuthError; RetryLater when it cannot be told
   */
  readonly decide: (request: Request, asking: AskingClient, view: View) => Promise<Decided>;
  /** Does it, after what counts once was used up. */
  readonly complete: (decided: Decided) => Promise<Done>;
}

/**
 * Makes the handler of an endpoint at which a client authenticates with a form (RFC 6749 §2.3, §3.2): what is
 * the same at each of them.
 */
export function clientEndpoint<Request, Decided extends Decision>(
  endpoint: ClientEndpoint,
  service: ClientService<Request, Decided>,
): HttpFunction {
  const answer = httpFunction(
    [
      auditLine(endpoint.audit, refused),
      errorResponse((error, { headers }) =>
        failure(error, { ...endpoint, hasAuthorization: headers.has('authorization') }),
      ),
      allowedMethods(['POST'], methodNotAllowed),
      formGuard(service.parameters),
      formParser,
    ],
    (call, signal) => serve(call, signal, endpoint, service),
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

async function serve<Request, Decided extends Decision>(
  call: HttpCall,
  signal: AbortSignal,
  endpoint: ClientEndpoint,
  service: ClientService<Request, Decided>,
): Promise<HttpResponse> {
  const form = parseForm(call.body);
  const request = service.parse(form, call);
  const shown = parseClientRequest(call, form);
  const credentials = selectCredentials(shown.presented);
  let asker: Asker = {};
  const begun = call.trail;
  const trail = () => ({ ...begun(), ...presented(credentials, asker) });
  call.trail = trail;
  let giveBack: GiveBack = async () => undefined;
  try {
    const decided = await decideByRecords((view) => {
      // Each run begins anew: the line has nothing of a run that does not count.
      asker = {};
      return service.decide(request, { ...shown, credentials, asker }, view);
    });
    signal.throwIfAborted();
    const { nonce, singleUses } = decided;
    if (singleUses.length > 0) giveBack = await useOnce(singleUses, endpoint.replays);
    signal.throwIfAborted();
    // Before anything is signed, so that it is done by then as a rule: Lambda freezes an instance with its answer.
    const secret_id = asker.authentication?.entry.secret_id;
    endpoint.noteUse(credentials.client_id, secret_id?.toString());
    const { response, entry } = await service.complete(decided);
    call.trail = () => ({ ...trail(), ...entry });
    return withNonce(response, nonce);
  } catch (error) {
    // Nothing came of it, so what was used up is given back: the same request may come again.
    await giveBack();
    signal.throwIfAborted();
    const attempt = { client_id: credentials.client_id, source: shown.source };
    throw await countedFailure(error, attempt, endpoint.failedAttempts);
  }
}
