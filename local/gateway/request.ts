import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { headersOf } from '../io/request-headers.ts';
import { type ClientCertificate, clientCertificateOf } from './client-certificate.ts';
import { GatewayError } from './gateway-error.ts';

/** A request as the gateway received it. */
export interface GatewayRequest {
  readonly method: string;
  /** Percent-decoded, as HTTP APIs pass it on. */
  readonly path: string;
  /** As it came, without the question mark. */
  readonly rawQueryString: string;
  readonly protocol: string;
  readonly sourceIp: string;
  readonly port: number;
  readonly scheme: 'http' | 'https';
  /** Of the connection. A header that claims to carry one counts for nothing. */
  readonly clientCertificate: ClientCertificate | undefined;
  /** Names in lower case; what came several times is joined by commas. Cookies are apart. */
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: Buffer;
}

/** Octets that the request line and the header values may have together. */
const maxHeaderSize = 10_240;
/** Octets that a body may have: 10 MB. */
const maxBodySize = 10 * 1024 * 1024;

/** Headers of one connection only (RFC 9110 §7.6.1), and cookies, which the event lists apart. */
const dropped = new Set([
  'connection',
  'keep-alive',
  'te',
  'transfer-encoding',
  'upgrade',
  'cookie',
]);

/**
 * Reads a request, within the limits of HTTP APIs.
 * @throws GatewayError 400, 413 or 431
 */
export async function readRequest(message: IncomingMessage): Promise<GatewayRequest> {
  const url = message.url ?? '/';
  const headers = headersOf(message);
  const values = Object.values(headers).flatMap((all) => all ?? []);
  const line = `${message.method} ${url} HTTP/${message.httpVersion}`;
  if ([line, ...values].join('').length > maxHeaderSize) throw new GatewayError(431);
  const [path = '/', ...query] = url.split('?');
  return {
    method: message.method ?? '',
    path: decode(path),
    rawQueryString: query.join('?'),
    protocol: `HTTP/${message.httpVersion}`,
    ...connectionOf(message.socket),
    headers: Object.fromEntries(
      Object.entries(headers)
        .filter(([name]) => !dropped.has(name))
        .map(([name, all]) => [name, all?.join(',') ?? '']),
    ),
    cookies: (headers.cookie ?? []).flatMap((cookie) => cookie.split(/;\s*/)).filter(Boolean),
    body: await readBody(message),
  };
}

function connectionOf(socket: Socket) {
  const { remoteAddress = '', localPort = 0 } = socket;
  return {
    sourceIp: remoteAddress,
    port: localPort,
    scheme: socket instanceof TLSSocket ? 'https' : 'http',
    clientCertificate: clientCertificateOf(socket),
  } as const;
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (cause) {
    throw new GatewayError(400, { cause });
  }
}

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    size += chunk.length;
    if (size <= maxBodySize) chunks.push(chunk);
  }
  if (size > maxBodySize) throw new GatewayError(413);
  return Buffer.concat(chunks);
}
