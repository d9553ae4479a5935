import { createServer, type IncomingHttpHeaders, type RequestListener, request } from 'node:http';
import { duplexPair } from 'node:stream';
import { buffer } from 'node:stream/consumers';

/** A request of DynamoDB's API, or its answer. */
export interface Message {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Sends a request to a listener. */
export type Send = (message: Message) => Promise<Message & { readonly status: number }>;

/** Reaches what answers requests without a port. */
export function inProcess(listener: RequestListener): Send {
  const server = createServer(listener);
  return async ({ headers, body }) => {
    const [here, there] = duplexPair();
    server.emit('connection', there);
    const { promise, resolve, reject } = Promise.withResolvers<Awaited<ReturnType<Send>>>();
    const sent = request({
      method: 'POST',
      path: '/',
      headers: { ...headers, connection: 'close', 'content-length': body.length },
      createConnection: () => here as never,
    });
    sent.on('error', reject).on('response', (response) => {
      const { statusCode: status = 500, headers: answered } = response;
      buffer(response).then((read) => resolve({ status, headers: answered, body: read }), reject);
    });
    sent.end(body);
    return promise;
  };
}
