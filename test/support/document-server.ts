import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a document is answered. */
export type Reply = (response: ServerResponse) => void;

/** Documents over real HTTP on this computer; each can be made to fail. */
export interface DocumentServer {
  readonly url: string;
  /** Paths that were asked for, in order. */
  readonly requests: string[];
  /** Path -> how it is answered; any other is a 404. */
  readonly replies: Map<string, Reply>;
  close(): Promise<void>;
}

/** Starts a server without documents. */
export async function startDocumentServer(): Promise<DocumentServer> {
  const requests: string[] = [];
  const replies = new Map<string, Reply>();
  const server = createServer((request, response) => {
    const path = String(request.url);
    requests.push(path);
    const reply = replies.get(path) ?? raw(404, {}, '');
    reply(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A listening TCP server has an address of this type.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    replies,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Answers with JSON, as a server does in good health. */
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
