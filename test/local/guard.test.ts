import { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { expect, test } from 'vitest';
import { guardGateway } from '../../local/io/guard.ts';

/** The status of what comes to a port: 200 where the gateway answers. */
function statusOf(socket: Socket, localPort: number, host: string): number {
  const server = new Server((_, response) => void response.writeHead(200));
  guardGateway(server);
  Object.defineProperty(socket, 'localPort', { value: localPort });
  const request = new IncomingMessage(socket);
  request.headersDistinct = { host: [host] };
  const response = new ServerResponse(request);
  server.emit('request', request, response);
  return response.statusCode;
}

test.for([
  [() => new Socket(), 80, '127.0.0.1', 200],
  [() => new Socket(), 80, 'localhost:80', 200],
  [() => new Socket(), 443, 'localhost', 403],
  [() => new Socket(), 80, 'evil.example', 403],
  [() => new TLSSocket(new Socket()), 443, 'localhost', 200],
  [() => new TLSSocket(new Socket()), 443, '[::1]:443', 200],
  [() => new TLSSocket(new Socket()), 80, 'localhost', 403],
] as const)(
  'the port may be left out where it is the default of the scheme: %#',
  ([socket, port, host, status]) => {
    expect(statusOf(socket(), port, host)).toBe(status);
  },
);
