import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Answer, ephemera } from './ephemera.ts';

/** What listens at a free port of 127.0.0.1. */
export interface Loopback {
  readonly url: string;
  close(): Promise<void>;
}

/** What it answers. */
export interface LoopbackProps {
  /** The documents by their paths, of an issuer at this URL. */
  readonly documents: (url: string) => Readonly<Record<string, object>>;
  /** Who names it may use the store of proofs: other users of this computer, and web pages, do not know it. */
  readonly accessKeyId: string;
}

/**
 * Publishes an issuer's documents, and answers a guard's requests to DynamoDB. It does not keep the process
 * alive.
 */
export async function startLoopback({ documents, accessKeyId }: LoopbackProps): Promise<Loopback> {
  const store = ephemera();
  const server = createServer((request, response) => {
    const published = documents(urlOf(server));
    const answered = isStoreRequest(request, accessKeyId)
      ? storeAnswer(request, store)
      : Promise.resolve(documentAnswer(request, published));
    answered.then(
      ({ status, body }) => respond(response, status, body),
      () => respond(response, 400, { message: 'the request is not JSON' }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  server.unref();
  return { url: urlOf(server), close: () => close(server) };
}

// A server that listens at a port has an address of this type.
const urlOf = (server: Server): string =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const isStoreRequest = ({ method, headers }: IncomingMessage, accessKeyId: string): boolean =>
  method === 'POST' && (headers.authorization ?? '').includes(`Credential=${accessKeyId}/`);

async function storeAnswer(
  request: IncomingMessage,
  store: ReturnType<typeof ephemera>,
): Promise<Answer> {
  const [, operation = ''] = String(request.headers['x-amz-target']).split('.');
  return store(operation, JSON.parse(await text(request)));
}

function documentAnswer(
  { method, url = '' }: IncomingMessage,
  documents: Readonly<Record<string, object>>,
): { readonly status: number; readonly body: object } {
  const found = method === 'GET' && Object.hasOwn(documents, url) ? documents[url] : undefined;
  return found ? { status: 200, body: found } : { status: 404, body: { message: 'Not Found' } };
}

function respond(response: ServerResponse, status: number, body: object): void {
  // A connection that waits for more would keep the process of a test alive for seconds.
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify(body));
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
