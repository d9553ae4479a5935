import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterAll } from 'vitest';

/** What goes wrong: an answer of the service, a connection that breaks, or none at all. */
export type Trouble =
  | { readonly status: number; readonly body: string; readonly headers?: Record<string, string> }
  | 'hang'
  | 'reset';

/** Operation (the last part of X-Amz-Target) -> what is wrong with it now. */
type Troubles = Map<string, Trouble>;

/**
 * Puts a server between a client and an AWS service that passes requests on, but for the
 * operations that are in trouble. It counts what arrives.
 */
export function troubledService() {
  const troubles: Troubles = new Map();
  const calls: string[] = [];
  const via = async (endpoint: string): Promise<string> => {
    const server = createServer(async (request, response) => {
      const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
      calls.push(operation);
      const body = await buffer(request);
      const trouble = troubles.get(operation);
      if (trouble === 'hang') return;
      if (trouble === 'reset') return void request.socket.destroy();
      if (trouble) return void answer(response, trouble);
      await passOn(endpoint, request, body, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    afterAll(() => {
      server.closeAllConnections();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  return { troubles, calls, via };
}

function answer(response: ServerResponse, trouble: Exclude<Trouble, string>): void {
  const headers = { 'content-type': 'application/x-amz-json-1.1', ...trouble.headers };
  response.writeHead(trouble.status, headers).end(trouble.body);
}

async function passOn(
  endpoint: string,
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): Promise<void> {
  const headers = Object.entries(request.headers).filter(
    ([name]) => name.startsWith('x-amz') || name === 'content-type' || name === 'authorization',
  );
  const answered = await fetch(endpoint, {
    method: 'POST',
    headers: headers.map(([name, value]): [string, string] => [name, String(value)]),
    body: new Uint8Array(body),
  });
  response.writeHead(answered.status, Object.fromEntries(answered.headers));
  response.end(Buffer.from(await answered.arrayBuffer()));
}
