import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Socket } from 'node:net';
import { type FrontDoor, maxHeaderSize, orStartError } from '../io/front-door.ts';
import { guardGateway } from '../io/guard.ts';
import { listen } from '../io/http-server.ts';
import { certificateBlocks, type TlsFiles } from './tls-files.ts';

type DoorFiles = Pick<TlsFiles, 'server' | 'serverKey' | 'truststore'>;

/** A front door for clients with a certificate. It needs its own before it opens: see `secure`. */
export interface TlsDoor extends FrontDoor {
  /**
   * Gives it its certificate, and the truststore, which is read again for each connection.
   * @param log takes why a connection fails, as far as the server is told
   * @throws Error when a file cannot be used
   */
  secure(files: DoorFiles, log: (line: string) => void): void;
}

/**
 * Takes a port of 127.0.0.1 for HTTPS as a custom domain of API Gateway with mutual TLS does: TLS 1.2
 * or newer, and a client certificate that is valid now. Its chain must end in the truststore; the
 * issuers between are in the truststore or sent along. Any other handshake fails. For a certificate
 * that does not verify, AWS documents a 403 as well; neither reaches a function.
 * @throws StartError that names the port when it is taken
 */
export async function takeTlsPort(port: number, variable: string): Promise<TlsDoor> {
  const { promise: listener, resolve: open } = Promise.withResolvers<RequestListener>();
  const options = { requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.2' } as const;
  const server = createServer({ ...options, maxHeaderSize }, async (request, response) => {
    (await listener)(request, response);
  });
  guardGateway(server);
  const sockets = connectionsOf(server);
  const taken = await orStartError({ port, variable }, listen(server, port));
  return {
    url: `https://127.0.0.1:${taken}`,
    open,
    secure: (files, log) => secure(server, files, log),
    [Symbol.asyncDispose]: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
      return promise;
    },
  };
}

/** All connections, also those in the middle of a handshake, which closeAllConnections misses. */
function connectionsOf(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}

function secure(server: Server, files: DoorFiles, log: (line: string) => void): void {
  const identity = { cert: readFileSync(files.server), key: readFileSync(files.serverKey) };
  let trusted = '';
  const readTruststore = () => {
    const text = readFileSync(files.truststore, 'utf8');
    if (text === trusted) return;
    server.setSecureContext({ ...identity, minVersion: 'TLSv1.2', ca: authoritiesIn(text) });
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
