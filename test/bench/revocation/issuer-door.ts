import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { listen } from '../../../local/io/http-server.ts';

/** Where an issuer is reached, for as long as the door is open. */
export interface IssuerDoor {
  readonly url: string;
  /** Passes on to this origin what comes from now on. */
  open(origin: string): void;
  /** From now on nothing answers there. */
  shut(): void;
}

/** Makes a door at a free port. */
export async function issuerDoor(): Promise<IssuerDoor> {
  let target: URL | undefined;
  const server = createServer((incoming, response) => {
    if (target) passOn(target, incoming, response);
    else response.writeHead(503).end();
  });
  const url = `http://127.0.0.1:${await listen(server)}`;
  return {
    url,
    open(origin) {
      target = new URL(origin);
    },
    shut() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function passOn(target: URL, incoming: IncomingMessage, response: ServerResponse): void {
  const { method, headers, url: path } = incoming;
  const { hostname, port, host } = target;
  const outgoing = request({ hostname, port, method, path, headers: { ...headers, host } });
  outgoing.once('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  outgoing.once('error', () => response.destroy());
  incoming.pipe(outgoing);
}
