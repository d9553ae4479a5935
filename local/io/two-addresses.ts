import type { Server as HttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import { listen } from './http-server.ts';

/** A server that listens. */
export interface Listening {
  readonly port: number;
  /** Lets nobody in any more at the second address; the server itself is closed by its owner. */
  close(): void;
}

/**
 * Binds a server to a port of 127.0.0.1 and to the same one of [::1], where this computer has that: names
 * such as localhost lead to either.
 * @param port 0: one that is free at both
 * @throws Error with the code EADDRINUSE when the port is taken at one of them
 */
export async function listenOnBoth(
  server: Server | HttpServer,
  port: number,
  attempts = 10,
): Promise<Listening> {
  const taken = await listen(server, port);
  const second = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
    server.emit('connection', socket),
  );
  try {
    await listen(second, taken, '::1');
    return { port: taken, close: () => void second.close() };
  } catch (error) {
    if (isWithoutIpv6(error)) return { port: taken, close: () => undefined };
    await new Promise((resolve) => server.close(resolve));
    // A free port of one address may be taken at the other.
    if (port === 0 && attempts > 1) return listenOnBoth(server, port, attempts - 1);
    throw error;
  }
}

const isWithoutIpv6 = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT');
