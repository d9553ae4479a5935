import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { close, listen } from '../../local/io/http-server.ts';
import { endpoint } from './emulator.ts';

/** A stand-in for a custom domain of an API. */
export interface Domain extends AsyncDisposable {
  readonly origin: string;
  /** Lets it lead to this API from now on; one for REST has a stage with a name. */
  leadTo(apiId: string, stage?: string): void;
}

/** Opens a domain on 127.0.0.1 that leads nowhere yet. */
export async function openDomain(): Promise<Domain> {
  let stageUrl = '';
  const server = createServer((incoming, response) => {
    passOn(`${stageUrl}${incoming.url}`, incoming, response);
  });
  const origin = `http://127.0.0.1:${await listen(server)}`;
  const leadTo = (apiId: string, stage = '$default') => {
    stageUrl = `${endpoint}/_aws/execute-api/${apiId}/${stage}`;
  };
  return { origin, leadTo, [Symbol.asyncDispose]: () => close(server) };
}

/** Headers stay as they are, in both directions: order, spelling and repetitions. */
function passOn(target: string, incoming: IncomingMessage, response: ServerResponse): void {
  const { method, rawHeaders: headers } = incoming;
  const outgoing = request(target, { method, headers: [...headers] }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
    answer.pipe(response);
  });
  outgoing.on('error', () => response.destroy());
  incoming.pipe(outgoing);
}
