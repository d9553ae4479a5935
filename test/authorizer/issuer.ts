import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JWK } from 'jose';

/** How the issuer answers one of its two documents. */
export type Reply = (response: ServerResponse) => void;

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

/** Answers with JSON, as the issuer does in good health. */
export function json(body: unknown, headers: Record<string, string> = {}): Reply {
  return (response) => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
}

/** Answers with a status and a body of any type. */
export function raw(status: number, headers: Record<string, string>, body: string): Reply {
  return (response) => response.writeHead(status, headers).end(body);
}

/** Never answers. */
export const hang: Reply = () => undefined;

/** Begins to answer and never ends. */
export const stall: Reply = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write('{"keys":');
};

export async function startIssuer(keys: readonly JWK[]): Promise<TestIssuer> {
  const server = createServer((request, response) => {
    const path = String(request.url);
    issuer.requests.push(path);
    if (path === metadataPath) return issuer.metadata(response);
    if (path === jwksPath) return issuer.jwks(response);
    return response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A listening TCP server has an address of this type.
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const issuer: TestIssuer = {
    url,
    requests: [],
    metadata: json({ issuer: url, jwks_uri: `${url}${jwksPath}` }),
    jwks: json({ keys }),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return issuer;
}
