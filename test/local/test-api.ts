import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createAuthorizer } from '../../local/gateway/authorizer.ts';
import { httpApiListener } from '../../local/gateway/http-api.ts';
import { createThrottle, type ThrottleSettings } from '../../local/gateway/throttle.ts';
import { close, listen } from '../../local/io/http-server.ts';
import { type LambdaFunction, startFunction } from '../../local/lambda/function.ts';

/** An HTTP API of a test. */
export interface TestApiOptions {
  /** Route key -> source of its function's module; `echo` where it does not matter. */
  readonly routes: Readonly<Record<string, string>>;
  /** Source of the authorizer's module; it then guards all routes. */
  readonly authorizer?: string;
  readonly identitySources?: readonly string[];
  readonly resultTtl?: number;
  /** Route key -> its throttle; a route without an entry has none. */
  readonly throttles?: Readonly<Record<string, ThrottleSettings>>;
  readonly now?: () => number;
  /** Seconds. */
  readonly timeout?: number;
  readonly integrationTimeout?: number;
}

/** A function that answers with the event that it got. */
export const echo = 'export const handler = async (event) => event;';

/** A function that answers with what an expression gives; `event` and `context` are in scope. */
export const returning = (expression: string): string =>
  `let calls = 0;
   export const handler = async (event, context) => { calls += 1; return (${expression}); };`;

/** Starts a function from the source of its module; it ends with the test. */
export async function startTestFunction(
  source: string,
  {
    timeout = 5,
    environment = {},
  }: { timeout?: number; environment?: Record<string, string> } = {},
): Promise<LambdaFunction & { readonly lines: readonly string[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'function-'));
  const bundle = join(folder, 'index.mjs');
  await writeFile(bundle, source);
  const lines: string[] = [];
  const lambda = startFunction({
    name: 'test',
    bundle,
    exportName: 'handler',
    environment,
    timeout,
    memorySize: 512,
    log: (line) => lines.push(line),
  });
  onTestFinished(async () => {
    await lambda[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });
  return { ...lambda, lines };
}

/** Starts an API over real HTTP; it ends with the test. */
export async function startTestApi(options: TestApiOptions) {
  const { listener, log } = await testApiListener(options);
  const server = createServer({ maxHeaderSize: 64 * 1024 }, listener);
  const url = `http://127.0.0.1:${await listen(server)}`;
  onTestFinished(() => close(server));
  return { url, log };
}

/** Makes what answers for an API; its functions end with the test. */
export async function testApiListener(options: TestApiOptions) {
  const { now = () => 1_700_000_000, timeout = 5, integrationTimeout = 30 } = options;
  const { throttles = {} } = options;
  const log: string[] = [];
  const authorizer =
    options.authorizer === undefined ? undefined : await authorizerOf(options, now);
  const routes = await Promise.all(
    Object.entries(options.routes).map(async ([key, source]) => {
      const { invoke } = await startTestFunction(source, { timeout });
      const throttle = throttles[key] && createThrottle(throttles[key], now);
      return { key, invoke, integrationTimeout, authorizer, throttle };
    }),
  );
  const api = { id: 'api', routes, now, log: (line: string) => log.push(line) };
  return { listener: httpApiListener(api), log };
}

async function authorizerOf(options: TestApiOptions, now: () => number) {
  const { invoke } = await startTestFunction(options.authorizer ?? '');
  const { identitySources = ['$request.header.Authorization'], resultTtl = 0 } = options;
  return createAuthorizer({ identitySources, resultTtl, invoke, now });
}
