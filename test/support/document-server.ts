import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a reply needs of Node's ServerResponse. */
interface DocumentResponse {
  writeHead(status: number, headers?: Record<string, string>): DocumentResponse;
  write(text: string): unknown;
  end(text?: string): unknown;
  readonly socket?: { end(text: string): unknown } | null;
}

/** What of a request a reply may depend on. */
export interface DocumentRequest {
  readonly ifNoneMatch: string | undefined;
}

/** The same, whatever is asked. */
type SameReply = (response: DocumentResponse) => void;

/** How a document is answered. */
export type Reply = (response: DocumentResponse, request: DocumentRequest) => void;

/** Documents that can each be made to fail. */
export interface DocumentServer {
  readonly url: string;
  /** Paths that were asked for, in order. */
  readonly requests: string[];
  /** Path -> how it is answered; any other is a 404. */
  readonly replies: Map<string, Reply>;
  /** Reaches it. */
  readonly fetch: typeof fetch;
  close(): Promise<void>;
}

/** Starts a server without documents, over real HTTP on this computer. */
export async function startDocumentServer(): Promise<DocumentServer> {
  const requests: string[] = [];
  const replies = new Map<string, Reply>();
  const server = createServer((request, response) => {
    const path = String(request.url);
    requests.push(path);
    const reply = replies.get(path) ?? raw(404, {}, '');
    reply(response, { ifNoneMatch: request.headers['if-none-match'] });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A listening TCP server has an address of this type.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    replies,
    fetch,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Answers with JSON, as a server does in good health. */
export function json(body: unknown, headers: Record<string, string> = {}): SameReply {
  return (response) => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
}

/** Answers with a status and a body of any type. */
export function raw(status: number, headers: Record<string, string>, body: string): SameReply {
  return (response) => response.writeHead(status, headers).end(body);
}

/** Never answers. */
export const hang: Reply = () => undefined;

/** Begins to answer and never ends. */
export const stall: Reply = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write('{"keys":');
};
