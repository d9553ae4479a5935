import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { guardHelper, namesPath } from '../io/guard.ts';
import { close, listen } from '../io/http-server.ts';

/** The answer of a custom resource's function. */
export interface CustomResourceAnswer {
  readonly Status?: string;
  readonly Reason?: string;
  readonly PhysicalResourceId?: string;
}

/** A URL that takes one answer; whoever does not know its path gets 403. */
export interface AnswerBox extends AsyncDisposable {
  readonly url: string;
  readonly answer: Promise<CustomResourceAnswer>;
}

/** Opens a URL for the answer to one request, in place of CloudFormation's presigned URL of S3. */
export async function startAnswerBox(): Promise<AnswerBox> {
  const { promise: answer, resolve } = Promise.withResolvers<CustomResourceAnswer>();
  const path = `/${randomBytes(32).toString('hex')}`;
  const server = createServer(async (request, response) => {
    if (request.method !== 'PUT') return void response.writeHead(403).end();
    try {
      resolve(JSON.parse(await text(request)));
      response.writeHead(200).end();
    } catch {
      response.writeHead(400).end();
    }
  });
  guardHelper(server, namesPath(path));
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}${path}`,
    answer,
    [Symbol.asyncDispose]: () => close(server),
  };
}
