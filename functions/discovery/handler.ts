import { type HttpRequest, type HttpResponse, parseHttpRequest } from '../aws/http-request.ts';
import { type Audit, reason } from '../oauth/audit.ts';
import type { PublicJwk } from '../oauth/public-jwk.ts';
import { authorizationServerMetadata, openidConfiguration } from './metadata.ts';
import { documentResponse, failure, methodNotAllowed, notFound, preflight } from './response.ts';

/** What the discovery endpoints work with. */
export interface Discovery {
  readonly issuer: string;
  /** The public half of the signing key. */
  readonly publicJwk: () => Promise<PublicJwk>;
  /** Hears of failures alone. */
  readonly audit: Audit;
}

type Document = (discovery: Discovery) => Promise<object>;

const documents: ReadonlyMap<string, Document> = new Map<string, Document>([
  // RFC 8414 §3
  [
    '/.well-known/oauth-authorization-server',
    async ({ issuer }) => authorizationServerMetadata(issuer),
  ],
  // OpenID Connect Discovery 1.0 §4
  [
    '/.well-known/openid-configuration',
    async ({ issuer, publicJwk }) => openidConfiguration(issuer, (await publicJwk()).alg),
  ],
  // RFC 7517 §5
  ['/.well-known/jwks.json', async ({ publicJwk }) => ({ keys: [await publicJwk()] })],
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
  const document = documents.get(http.path);
  if (!document) return notFound();
  if (http.method === 'OPTIONS') return preflight();
  if (http.method !== 'GET' && http.method !== 'HEAD') return methodNotAllowed();
  return documentResponse(http, await document(discovery));
}
