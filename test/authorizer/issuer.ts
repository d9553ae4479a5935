import type { JWK } from 'jose';
import { json, type Reply, startDocumentServer } from '../support/document-server.ts';

/** An authorization server's discovery over real HTTP; each document can be made to fail. */
export interface TestIssuer {
  readonly url: string;
  /** Paths that were asked for, in order. */
  readonly requests: string[];
  metadata: Reply;
  jwks: Reply;
  close(): Promise<void>;
}

export const metadataPath = '/.well-known/oauth-authorization-server';
export const jwksPath = '/.well-known/jwks.json';

export async function startIssuer(keys: readonly JWK[]): Promise<TestIssuer> {
  const { url, requests, replies, close } = await startDocumentServer();
  const issuer: TestIssuer = {
    url,
    requests,
    metadata: json({ issuer: url, jwks_uri: `${url}${jwksPath}` }),
    jwks: json({ keys }),
    close,
  };
  replies.set(metadataPath, (response) => issuer.metadata(response));
  replies.set(jwksPath, (response) => issuer.jwks(response));
  return issuer;
}
