import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { revocationListPath, revocationListType } from '../../functions/oauth/revocation-list.ts';
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
  /** The revocation list of the same issuer, which is another one each time. */
  readonly list: (url: string) => Promise<string>;
  /** Who names it may use the store of proofs: other users of this computer, and web pages, do not know it. */
  readonly accessKeyId: string;
}

/**
 * Publishes an issuer's documents, and answers a guard's requests to DynamoDB. It does not keep the process
 * alive.
 */
export async function startLoopback({
  documents,
  list,
  accessKeyId,
}: LoopbackProps): Promise<Loopback> {
  const store = ephemera();
  const server = createServer((request, response) => {
    const url = urlOf(server);
    const answered = isStoreRequest(request, accessKeyId)
      ? storeAnswer(request, store)
      : publishedAnswer(request, documents(url), () => list(url));
    answered.then(
      (answer) => respond(response, answer),
      () => respond(response, { status: 400, body: { message: 'the request is not JSON' } }),
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

async function publishedAnswer(
  { method, url = '' }: IncomingMessage,
  documents: Readonly<Record<string, object>>,
  list: () => Promise<string>,
): Promise<Published> {
  if (method !== 'GET') return notFound;
  if (url === revocationListPath) return { status: 200, body: await list() };
  const found = Object.hasOwn(documents, url) ? documents[url] : undefined;
  return found ? { status: 200, body: found } : notFound;
}

/** A document, or the text of a list. */
interface Published {
  readonly status: number;
  readonly body: object | string;
}

const notFound: Published = { status: 404, body: { message: 'Not Found' } };

function respond(response: ServerResponse, { status, body }: Published): void {
  const isList = typeof body === 'string';
  response.writeHead(status, {
    'content-type': isList ? `application/${revocationListType}` : 'application/json',
    // A connection that waits for more would keep the process of a test alive for seconds.
    connection: 'close',
  });
  response.end(isList ? body : JSON.stringify(body));
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
