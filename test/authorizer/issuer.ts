import type { JWK } from 'jose';
import { type DocumentServer, json, type Reply } from '../support/document-server.ts';

/** An authorization server's discovery; each document can be made to fail. */
export interface TestIssuer {
  readonly url: string;
  /** Paths that were asked for, in order. */
  readonly requests: string[];
  readonly fetch: typeof fetch;
  /** Path -> how it is answered, of its other documents. */
  readonly replies: Map<string, Reply>;
  metadata: Reply;
  jwks: Reply;
  close(): Promise<void>;
}

export const metadataPath = '/.well-known/oauth-authorization-server';
export const jwksPath = '/.well-known/jwks.json';

/** Publishes an issuer's documents on this server. */
export function publishIssuer(server: DocumentServer, keys: readonly JWK[]): TestIssuer {
  const { url, requests, replies, fetch, close } = server;
  const issuer: TestIssuer = {
    url,
    requests,
    fetch,
    replies,
    metadata: json({ issuer: url, jwks_uri: `${url}${jwksPath}` }),
    jwks: json({ keys }),
    close,
  };
  replies.set(metadataPath, (...call) => issuer.metadata(...call));
  replies.set(jwksPath, (...call) => issuer.jwks(...call));
  return issuer;
}
