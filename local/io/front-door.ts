import { createServer, type RequestListener } from 'node:http';
import { guardGateway } from './guard.ts';
import { close } from './http-server.ts';
import { StartError } from './start-error.ts';
import { type Listening, listenOnBoth } from './two-addresses.ts';

/** A port that is taken before anything can answer there. Requests wait until it opens. */
export interface FrontDoor extends AsyncDisposable {
  readonly url: string;
  open(listener: RequestListener): void;
}

/** Larger than API Gateway's limit, so that the gateway answers, and not Node's parser. */
export const maxHeaderSize = 64 * 1024;

/**
 * Takes a port of this computer.
 * @param names further ones that it answers to, such as that of a proxy before it
 * @throws StartError that names the port when it is taken
 */
export async function takePort(
  port: number,
  variable: string,
  names: readonly string[] = [],
): Promise<FrontDoor> {
  const { promise: listener, resolve: open } = Promise.withResolvers<RequestListener>();
  const server = createServer({ maxHeaderSize }, async (request, response) => {
    (await listener)(request, response);
  });
  guardGateway(server, names);
  const listening = await orStartError({ port, variable }, listenOnBoth(server, port));
  return {
    url: `http://127.0.0.1:${listening.port}`,
    open,
    [Symbol.asyncDispose]: () => {
      listening.close();
      return close(server);
    },
  };
}

/**
 * Waits until a server listens at a port.
 * @throws StartError that names the port when that fails
 */
export async function orStartError(
  { port, variable }: { readonly port: number; readonly variable: string },
  listening: Promise<Listening>,
): Promise<Listening> {
  try {
    return await listening;
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
