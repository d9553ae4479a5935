import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { type LocalService, startService } from '../io/http-server.ts';
import { functionArn, type LambdaFunction } from './function.ts';

/** An answer of Lambda's API. */
interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/**
 * Starts an endpoint of Lambda's API on 127.0.0.1 that knows one operation, Invoke, of these
 * functions, and asks for an access key.
 */
export async function startLambdaEndpoint(
  functions: ReadonlyMap<string, LambdaFunction>,
  accessKeyId: string,
): Promise<LocalService> {
  const server = createServer((request, response) => {
    void answer(functions, request)
      .catch((error) => refusal(500, 'ServiceException', String(error)))
      .then((answered) => send(response, answered));
  });
  return startService(server, accessKeyId);
}

async function answer(
  functions: ReadonlyMap<string, LambdaFunction>,
  request: IncomingMessage,
): Promise<Answer> {
  const [, name] = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(request.url ?? '') ?? [];
  if (request.method !== 'POST' || name === undefined) {
    return refusal(404, 'UnknownOperationException', 'no such operation here');
  }
  const decoded = decodeURIComponent(name);
  const arn = decoded.startsWith('arn:') ? decoded : functionArn(decoded);
  const lambda = functions.get(arn);
  if (!lambda) return refusal(404, 'ResourceNotFoundException', `Function not found: ${arn}`);
  const event = parse(await text(request));
  if (event === undefined) {
    return refusal(400, 'InvalidRequestContentException', 'Could not parse request body into json');
  }
  const invocation = await lambda.invoke(event);
  if ('payload' in invocation) return { status: 200, body: invocation.payload };
  return { status: 200, headers: { 'x-amz-function-error': 'Unhandled' }, body: invocation };
}

/** The event of an invocation: any JSON; without a body, an empty object. */
function parse(body: string): object | undefined {
  try {
    return JSON.parse(body || '{}');
  } catch {
    return undefined;
  }
}

const refusal = (status: number, type: string, message: string): Answer => ({
  status,
  headers: { 'x-amzn-errortype': type },
  body: { Type: 'User', Message: message },
});

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}
