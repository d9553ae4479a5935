import { createHash, timingSafeEqual } from 'node:crypto';
import type { EventEmitter } from 'node:events';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Http2SecureServer } from 'node:http2';
import { TLSSocket } from 'node:tls';
import { headersOf } from './request-headers.ts';

// Web pages can send requests to this computer, too. The name of one that DNS leads here (rebinding) even
// lets it read the answers, and only `Host` tells.

/** An answer of 403 in place of the server's own. */
interface Refusal {
  /** As AWS calls it. */
  readonly type: string;
  readonly message: string;
}

type Check = (request: IncomingMessage) => boolean;

const foreignHost: Refusal = { type: 'ForbiddenException', message: 'Forbidden' };

/**
 * Lets a gateway refuse requests for any other name than this computer's, with the gateway's own port, and
 * those in `names`. It answers as API Gateway does for a domain that it does not have.
 * @param names such as `auth.example.com` or `127.0.0.1:8080`
 */
export function guardGateway(
  server: Server | Http2SecureServer,
  names: readonly string[] = [],
): void {
  guard(server, (request) => (isForThisComputer(request, names) ? undefined : foreignHost));
}

/**
 * Lets a helper, which nothing but this product and its AWS clients talks to, refuse requests for any name
 * but those of this computer, all that browsers send for pages, and what is not allowed.
 */
export function guardHelper(server: Server, isAllowed: Check): void {
  guard(server, (request, response) => {
    response.setHeader('x-content-type-options', 'nosniff');
    if (!isForThisComputer(request, [])) return foreignHost;
    if (isOfPage(request)) return { type: 'AccessDeniedException', message: 'no web page may ask' };
    return isAllowed(request) ? undefined : unknownKey;
  });
}

const unknownKey: Refusal = {
  type: 'UnrecognizedClientException',
  message: 'the local stack has another access key',
};

/**
 * Whether AWS's signature of a request names this access key (AWS Signature Version 4). The id itself is the
 * secret: it is random, and what is on its way stays within this computer.
 */
export const namesAccessKey =
  (accessKeyId: string): Check =>
  ({ headers }) => {
    const [, named = ''] =
      /^AWS4-HMAC-SHA256 Credential=([^/]+)\//.exec(headers.authorization ?? '') ?? [];
    return isSame(named, accessKeyId);
  };

/** Whether a request is for this path, which is a secret. */
export const namesPath =
  (path: string): Check =>
  ({ url = '' }) =>
    isSame(url, path);

/** Puts a check before everything that answers requests of a server. */
function guard(
  server: EventEmitter,
  check: (...parameters: Parameters<RequestListener>) => Refusal | undefined,
): void {
  const listeners = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response) => {
    const refusal = check(request, response);
    if (refusal) return refuse(response, refusal);
    for (const listener of listeners) listener.call(server, request, response);
  });
}

function refuse(response: ServerResponse, { type, message }: Refusal): void {
  response.statusCode = 403;
  response.setHeader('content-type', 'application/json');
  response.setHeader('x-amzn-errortype', type);
  response.end(JSON.stringify({ message }));
}

const namesOfThisComputer = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Whether the one `Host` of a request, and the authority of a target in absolute form (RFC 9112 §3.2.2), are
 * names of this computer with the port that the request came to, or of those that are named.
 */
function isForThisComputer(request: IncomingMessage, others: readonly string[]): boolean {
  const { url = '', socket } = request;
  const { host: hosts = [] } = headersOf(request);
  const [, authority = hosts[0]] = /^[^/]+:\/\/([^/?#]*)/.exec(url) ?? [];
  const defaultPort = socket instanceof TLSSocket ? 443 : 80;
  const suffixes = [`:${socket.localPort}`, ...(socket.localPort === defaultPort ? [''] : [])];
  const own = namesOfThisComputer.flatMap((name) => suffixes.map((suffix) => name + suffix));
  const isOurs = (name = '') => [...own, ...others].includes(name.toLowerCase());
  return hosts.length === 1 && isOurs(hosts[0]) && isOurs(authority);
}

/** Browsers send `Sec-Fetch-Site` also where they leave out `Origin`, as with a GET and an image. */
const isOfPage = ({ headers }: IncomingMessage): boolean =>
  headers.origin !== undefined || headers['sec-fetch-site'] !== undefined;

/** Compares in a time that does not tell how much of it is the same. */
const isSame = (one: string, other: string): boolean => timingSafeEqual(digest(one), digest(other));

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
