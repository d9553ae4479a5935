import {
  documentResponse,
  failure,
  methodNotAllowed,
  notFound,
  preflight,
} from '../http/document-response.ts';
import {
  allowedMethods,
  earlyAnswer,
  errorResponse,
  failureLine,
  type HttpFunction,
  httpFunction,
} from '../http/http-function.ts';
import { type Audit, type AuditEntry, reason } from '../oauth/audit.ts';
import type { CachedKeyRing } from '../oauth/cached-key-ring.ts';
import { jwkSetMaxAge } from '../oauth/key-times.ts';
import { jwkSet, signingAlgorithms } from './jwk-set.ts';
import {
  type AuthorizationServer,
  authorizationPath,
  authorizationServerMetadata,
  openidConfiguration,
} from './metadata.ts';
import { unsupportedResponseType } from './response.ts';

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
    async (server) => ({
      document: authorizationServerMetadata(server, await knownAlgorithms(server)),
      maxAge: jwkSetMaxAge,
    }),
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
      // Counted from the reading of the ring: a revoked key leaves all caches within jwkSetMaxAge.
      return { document: jwkSet(ring), maxAge: Math.max(0, jwkSetMaxAge - Math.abs(now() - at)) };
    },
  ],
]);

/** The document does without them: it is there while the registry is in trouble. */
async function knownAlgorithms({ keyRing }: Discovery): Promise<readonly string[]> {
  try {
    return signingAlgorithms((await keyRing.current()).ring);
  } catch {
    return [];
  }
}

/** Makes the handler of the well-known documents and the JWK Set. */
export function createHandler(discovery: Discovery): HttpFunction {
  const isStub = (path: string) =>
    path === authorizationPath && discovery.authorizationEndpoint !== 'none';
  return httpFunction(
    [
      failureLine(discovery.audit, failed),
      errorResponse(failure),
      earlyAnswer(({ path }) => (isStub(path) ? unsupportedResponseType() : undefined)),
      earlyAnswer(({ path }) => (documents.has(path) ? undefined : notFound())),
      earlyAnswer(({ method }) => (method === 'OPTIONS' ? preflight() : undefined)),
      allowedMethods(['GET', 'HEAD'], methodNotAllowed),
    ],
    async (call) => {
      // The early answer above lets no other paths through.
      const publish = documents.get(call.path) as Publish;
      const { document, maxAge } = await publish(discovery);
      return documentResponse(call, document, maxAge);
    },
  );
}

const failed = (error: unknown): AuditEntry => ({ outcome: 'failed', reason: reason(error) });
