import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll } from 'vitest';
import { guardHelper, namesAccessKey } from '../../local/io/guard.ts';
import { close, listen } from '../../local/io/http-server.ts';

/** What Lambda answers an Invoke with; it may also never answer, or hang up. */
export type LambdaAnswer =
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body: string;
    }
  | 'hang'
  | 'reset';

/** How a function is asked for what it gives, with its event. */
type Invocation = (event: unknown) => unknown;

/**
 * A Lambda on 127.0.0.1 that speaks Invoke (POST /2015-03-31/functions/NAME/invocations) until
 * the test file ends, and asks for an access key.
 */
export async function lambdaService(
  functions: ReadonlyMap<string, Invocation>,
  accessKeyId: string,
) {
  const calls: unknown[] = [];
  const service: { trouble: LambdaAnswer | undefined } = { trouble: undefined };
  const server = createServer(async (request, response) => {
    const body = await text(request);
    calls.push(JSON.parse(body));
    const path = request.method === 'POST' ? (request.url ?? '') : '';
    const answer = service.trouble ?? (await invoked(functions, path, JSON.parse(body)));
    if (answer === 'hang') return;
    if (answer === 'reset') return void request.socket.destroy();
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    response.end(answer.body);
  });
  guardHelper(server, namesAccessKey(accessKeyId));
  const endpoint = `http://127.0.0.1:${await listen(server)}`;
  afterAll(() => close(server));
  return {
    endpoint,
    /** The events that came, in their order. */
    calls,
    /** Lets Lambda answer this, until it is undefined again. */
    answerWith: (trouble: LambdaAnswer | undefined) => {
      service.trouble = trouble;
    },
  };
}

/** An error of Lambda itself. */
export function lambdaError(status: number, type: string, message: string): LambdaAnswer {
  const headers = { 'x-amzn-errortype': type };
  return { status, headers, body: JSON.stringify({ Type: 'User', Message: message }) };
}

/** What becomes of an error that a function throws. */
export function functionError(errorType: string, errorMessage: string): LambdaAnswer {
  const trace = ['at rotate (file:///var/task/index.mjs:1:1)'];
  const headers = { 'x-amz-function-error': 'Unhandled' };
  return { status: 200, headers, body: JSON.stringify({ errorType, errorMessage, trace }) };
}

async function invoked(
  functions: ReadonlyMap<string, Invocation>,
  path: string,
  event: unknown,
): Promise<LambdaAnswer> {
  const [, name = ''] = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(path) ?? [];
  const run = functions.get(name);
  if (!run) return lambdaError(404, 'ResourceNotFoundException', `Function not found: ${name}`);
  try {
    return { status: 200, body: JSON.stringify((await run(event)) ?? null) };
  } catch (error) {
    const { name: type, message } = error instanceof Error ? error : new Error(String(error));
    return functionError(type, message);
  }
}
