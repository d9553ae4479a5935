import type { Server } from 'node:http';
import type { AddressInfo, Server as NetServer } from 'node:net';
import { guardHelper, namesAccessKey } from './guard.ts';

/**
 * Binds a server to an address of this computer and gives the port that it got (0: any free one).
 * @throws Error with the code EADDRINUSE when the port is taken.
 */
export function listen(
  server: NetServer,
  port = 0,
  address: '127.0.0.1' | '::1' = '127.0.0.1',
): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => {
      server.removeListener('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Closes a server and every connection to it, idle or not. */
export function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeAllConnections();
  });
}

/** A service that answers on this computer until it is disposed of. */
export interface LocalService extends AsyncDisposable {
  readonly endpoint: string;
}

/** Lets a server answer at a free port of 127.0.0.1 those who have the access key. */
export async function startService(server: Server, accessKeyId: string): Promise<LocalService> {
  guardHelper(server, namesAccessKey(accessKeyId));
  const port = await listen(server);
  return { endpoint: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: () => close(server) };
}
