import type { IncomingMessage, RequestListener } from 'node:http';
import type { HttpResponse } from '../../../functions/http/response.ts';

/** Answers a request whose body has been read. */
export type Answer = (request: IncomingMessage, body: Buffer) => Promise<HttpResponse>;

/** The least that node:http needs around an answer; a failure breaks the connection, and so the bench. */
export function withBody(answer: Answer): RequestListener {
  return (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      answer(request, Buffer.concat(chunks)).then(
        ({ statusCode, headers, body }) => {
          const length = { 'Content-Length': Buffer.byteLength(body) };
          response.writeHead(statusCode, { ...headers, ...length }).end(body);
        },
        (error: Error) => response.destroy(error),
      );
    });
  };
}
