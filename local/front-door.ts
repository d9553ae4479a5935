import { createServer, type RequestListener } from 'node:http';
import type { Closable } from './held.ts';
import { close, listen } from './http-server.ts';
import { StartError } from './start-error.ts';

/** A port that is ours before there is anything behind it: requests wait until it opens. */
export interface FrontDoor extends Closable {
  readonly url: string;
  open(listener: RequestListener): void;
}

/**
 * Takes a port of 127.0.0.1.
 * @throws StartError that names the port when it is taken
 */
export async function takePort(port: number, variable: string): Promise<FrontDoor> {
  const { promise: listener, resolve: open } = Promise.withResolvers<RequestListener>();
  const server = createServer({ maxHeaderSize: 64 * 1024 }, async (request, response) => {
    (await listener)(request, response);
  });
  try {
    const url = `http://127.0.0.1:${await listen(server, port)}`;
    return { url, open, close: () => close(server) };
  } catch (cause) {
    throw new StartError(sentence(port, variable, cause), 1, { cause });
  }
}

function sentence(port: number, variable: string, cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'EADDRINUSE') {
    return `port ${port} is taken; free it, or choose another with ${variable}=NUMBER npm start`;
  }
  return `port ${port} cannot be used (${code}); choose another with ${variable}=NUMBER npm start`;
}
