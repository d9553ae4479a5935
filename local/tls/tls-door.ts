import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import type { Socket } from 'node:net';
import { type FrontDoor, maxHeaderSize, orStartError } from '../io/front-door.ts';
import { guardGateway } from '../io/guard.ts';
import { listenOnBoth } from '../io/two-addresses.ts';
import { endGently } from './gentle-end.ts';
import { certificateBlocks, type TlsFiles } from './tls-files.ts';

type DoorFiles = Pick<TlsFiles, 'server' | 'serverKey' | 'truststore'>;

/** A front door for HTTPS. It needs its own certificate before it opens: see `secure`. */
export interface TlsDoor extends FrontDoor {
  /**
   * Gives it its certificate, and the truststore, which is read again for each connection.
   * @param log takes why a connection fails, as far as the server is told
   * @throws Error when a file cannot be used
   */
  secure(files: DoorFiles, log: (line: string) => void): void;
}

/** Which port, and for whom. */
export interface TlsDoorOptions {
  readonly port: number;
  /** The environment variable that chooses the port. */
  readonly variable: string;
  /** Whether clients have to show a certificate; else none is asked for. */
  readonly mutual: boolean;
  /** Further names that it answers to, such as the issuer's host. */
  readonly names?: readonly string[];
}

/**
 * TLS 1.3, and 1.2 with the cipher suites of BCP 195 alone (RFC 9325 §4.2), by their names in OpenSSL. No
 * handshake begins before there is a certificate.
 */
const protocol = {
  minVersion: 'TLSv1.2',
  ciphers: [
    'TLS_AES_128_GCM_SHA256',
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES256-GCM-SHA384',
  ].join(':'),
} as const;

/**
 * Takes a port of this computer for HTTPS, by HTTP/1.1 or HTTP/2, as a custom domain of API Gateway does. With
 * mutual TLS it wants a client certificate that is valid now. Its chain must end in the truststore; the
 * issuers between are in the truststore or sent along. Any other handshake fails. For a certificate
 * that does not verify, AWS documents a 403 as well; neither reaches a function.
 * @throws StartError that names the port when it is taken
 */
export async function takeTlsPort(options: TlsDoorOptions): Promise<TlsDoor> {
  const { port, variable, mutual, names } = options;
  const { promise: listener, resolve: open } = Promise.withResolvers<RequestListener>();
  const server = createSecureServer({
    ...protocol,
    requestCert: mutual,
    rejectUnauthorized: true,
    allowHTTP1: true,
    // Of HTTP/1.1; the types do not have it.
    ...{ maxHeaderSize },
  });
  const answer: RequestListener = async (request, response) => {
    (await listener)(request, response);
  };
  // The cast: requests by HTTP/2 have the same interface, but for their headers; see headersOf.
  server.on('request', answer as never);
  guardGateway(server, names);
  const sockets = connectionsOf(server);
  const listening = await orStartError({ port, variable }, listenOnBoth(server, port));
  return {
    url: `https://127.0.0.1:${listening.port}`,
    open,
    secure: (files, log) => secure(server, files, log),
    [Symbol.asyncDispose]: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      listening.close();
      server.close(() => resolve());
      for (const end of sockets.values()) end();
      return promise;
    },
  };
}

/** How to end each connection at once, also those in the middle of a handshake. */
function connectionsOf(server: Http2SecureServer): ReadonlyMap<Socket, () => void> {
  const sockets = new Map<Socket, () => void>();
  // Prepended, since the server's own listener begins the handshake.
  server.prependListener('connection', (socket: Socket) => {
    sockets.set(socket, endGently(socket));
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}

function secure(server: Http2SecureServer, files: DoorFiles, log: (line: string) => void): void {
  const identity = { cert: readFileSync(files.server), key: readFileSync(files.serverKey) };
  let trusted = '';
  const readTruststore = () => {
    const text = readFileSync(files.truststore, 'utf8');
    if (text === trusted) return;
    server.setSecureContext({ ...identity, ...protocol, ca: authoritiesIn(text) });
    trusted = text;
  };
  readTruststore();
  server.on('tlsClientError', (error) => log(`gateway TLS ${error.message}`));
  // Prepended, since the server's own listener begins the handshake.
  server.prependListener('connection', () => {
    try {
      readTruststore();
    } catch (error) {
      // The former truststore stays in use, as API Gateway keeps it when a new one is refused.
      log(`gateway TLS ${files.truststore} cannot be used: ${error}`);
    }
  });
}

/** @throws Error when there is none: without `ca`, Node would trust the public authorities */
function authoritiesIn(truststore: string): string[] {
  const blocks = certificateBlocks(truststore);
  if (blocks.length === 0) throw new Error('it has no certificate');
  return blocks.map((block) => new X509Certificate(block).toString());
}
