import { once } from 'node:events';
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import { listen } from '../../../local/io/http-server.ts';

/** An https origin of this computer, as a custom domain is one in AWS. */
export interface HttpsDoor extends AsyncDisposable {
  readonly url: string;
  /** Passes on to this http origin what comes from now on, under this certificate. */
  open(target: string, identity: Pick<ServerOptions, 'cert' | 'key'>): void;
}

/** Takes a free port. Nobody is let in before the door is opened. */
export async function httpsDoor(): Promise<HttpsDoor> {
  let target: URL | undefined;
  const server = createServer((incoming, response) => {
    if (target) passOn(target, incoming, response);
    else response.writeHead(503).end();
  });
  const port = await listen(server);
  return {
    url: `https://localhost:${port}`,
    open(origin, identity) {
      target = new URL(origin);
      server.setSecureContext(identity);
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function passOn(target: URL, incoming: IncomingMessage, response: ServerResponse): void {
  const { method, headers, url: path } = incoming;
  const options = { method, path, headers: { ...headers, host: target.host } };
  const outgoing = request(target, options, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  outgoing.once('error', () => response.writeHead(502).end());
  incoming.pipe(outgoing);
}
