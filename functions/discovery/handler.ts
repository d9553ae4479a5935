import { type HttpRequest, parseHttpRequest } from '../http/request.ts';
import type { HttpResponse } from '../http/response.ts';
import { type Audit, reason } from '../oauth/audit.ts';
import type { CachedKeyRing } from '../oauth/cached-key-ring.ts';
import { jwkSetMaxAge } from '../oauth/key-times.ts';
import { jwkSet, signingAlgorithms } from './jwk-set.ts';
import {
  type AuthorizationServer,
  authorizationPath,
  authorizationServerMetadata,
  openidConfiguration,
} from './metadata.ts';
import {
  documentResponse,
  failure,
  methodNotAllowed,
  notFound,
  preflight,
  unsupportedResponseType,
} from './response.ts';

/** What the discovery endpoints work with. */
export interface Discovery extends AuthorizationServer {
  readonly keyRing: CachedKeyRing;
  /** NumericDate. */
  readonly now: () => number;
  /** Hears of failures alone. */
  readonly audit: Audit;
}

/** What is published, and the seconds for which it may be kept. */
interface Published {
  readonly document: object;
  readonly maxAge: number;
}

type Publish = (discovery: Discovery) => Promise<Published>;

const documents: ReadonlyMap<string, Publish> = new Map<string, Publish>([
  // RFC 8414 §3
  [
    '/.well-known/oauth-authorization-server',
    async (server) => ({ document: authorizationServerMetadata(server), maxAge: jwkSetMaxAge }),
  ],
  // OpenID Connect Discovery 1.0 §4
  [
    '/.well-known/openid-configuration',
    async (server) => {
      const { ring } = await server.keyRing.current();
      return {
        document: openidConfiguration(server, signingAlgorithms(ring)),
        maxAge: jwkSetMaxAge,
      };
    },
  ],
  // RFC 7517 §5
  [
    '/.well-known/jwks.json',
    async ({ keyRing, now }) => {
      const { ring, at } = await keyRing.current();
      // Counted from when the ring was read, so that a key that was revoked then is gone by then.
      return { document: jwkSet(ring), maxAge: Math.max(0, jwkSetMaxAge - (now() - at)) };
    },
  ],
]);

/** Makes the handler of the well-known documents and the JWK Set. */
export function createHandler(discovery: Discovery) {
  return async (event: unknown): Promise<HttpResponse> => {
    const http = parseHttpRequest(event);
    try {
      return await respond(http, discovery);
    } catch (error) {
      discovery.audit({ outcome: 'failed', request_id: http.requestId, reason: reason(error) });
      return failure(error);
    }
  };
}

async function respond(http: HttpRequest, discovery: Discovery): Promise<HttpResponse> {
  const isStub = http.path === authorizationPath && discovery.authorizationEndpointStub === true;
  if (isStub) return unsupportedResponseType();
  const publish = documents.get(http.path);
  if (!publish) return notFound();
  if (http.method === 'OPTIONS') return preflight();
  if (http.method !== 'GET' && http.method !== 'HEAD') return methodNotAllowed();
  const { document, maxAge } = await publish(discovery);
  return documentResponse(http, document, maxAge);
}
