import type { RequestListener } from 'node:http';
import { createTables, type LocalDynamodb } from '../dynamodb/dynamodb.ts';
import { startLambdaEndpoint } from '../lambda/endpoint.ts';
import { type LambdaFunction, startFunction } from '../lambda/function.ts';
import { type Endpoints, functionEnvironment } from '../lambda/function-environment.ts';
import { customResourcesOf } from '../template/custom-resources.ts';
import { type FunctionDefinition, functionsOf } from '../template/functions.ts';
import { keysOf } from '../template/keys.ts';
import { createResolver, type Resolver } from '../template/resolver.ts';
import { checkTemplate } from '../template/resource.ts';
import { schedulesOf } from '../template/schedules.ts';
import type { StackTemplate } from '../template/stack-template.ts';
import { streamsOf } from '../template/streams.ts';
import { tablesOf } from '../template/tables.ts';
import { provideCustomResources } from './custom-resources.ts';
import { deployedApi } from './deployed-api.ts';
import { followSchedules } from './schedules.ts';
import { provideKeys } from './stack-keys.ts';
import { followStreams } from './streams.ts';

/** What stacks are deployed on: the services, the state directory, the clock and the log. */
export interface Platform {
  readonly endpoints: Endpoints;
  /** Tells what is written to tables. */
  readonly dynamodb: Pick<LocalDynamodb, 'observe'>;
  /** The state directory, which lists the keys and custom resources that exist. */
  readonly directory: string;
  /** The URL of a stack's HTTP API. */
  apiEndpoint(stack: string): string;
  /**
   * An authority, in PEM, that the functions trust beside the public ones: that of an https issuer on this
   * computer.
   */
  readonly authority?: string | undefined;
  /** NumericDate. */
  now(): number;
  log(line: string): void;
}

/** The stacks of an app, deployed. Its end is that of the functions and of what invokes them. */
export interface Deployment extends AsyncDisposable {
  /** What answers for the HTTP API of each stack, by the stack's name. */
  readonly apis: ReadonlyMap<string, RequestListener>;
  /** @throws Error when the stack has no such output */
  output(stack: string, name: string): string;
  /** Answers who invokes a function, as Lambda does. */
  readonly lambdaEndpoint: string;
}

/**
 * Deploys stacks from their templates alone: creates tables and keys that are not there yet, starts
 * the functions, has custom resources made by them, follows streams and schedules, and wires the APIs.
 * Roles and policies are not enforced.
 * @throws Error when a template contains something that the local stack does not know; StartError when a
 *   custom resource cannot be made
 */
export async function deploy(
  stacks: readonly StackTemplate[],
  platform: Platform,
): Promise<Deployment> {
  stacks.forEach(checkTemplate);
  await using started = new AsyncDisposableStack();
  const resolve = await createStateOf(stacks, platform);
  const functions = new Map<string, LambdaFunction>();
  const { accessKeyId } = platform.endpoints.account.credentials;
  // It is there before the functions, which may invoke each other.
  const { endpoint: lambdaEndpoint } = started.use(
    await startLambdaEndpoint(functions, accessKeyId),
  );
  const endpoints = { ...platform.endpoints, lambda: lambdaEndpoint };
  for (const [arn, lambda] of startFunctions(stacks, resolve, { ...platform, endpoints }, started))
    functions.set(arn, lambda);
  const streams = stacks.flatMap((stack) => streamsOf(stack, resolve));
  started.use(followStreams(streams, { ...platform, functions }));
  await provideCustomResources(
    stacks.flatMap((stack) => customResourcesOf(stack, resolve)),
    { ...platform, functions },
  );
  const schedules = stacks.flatMap((stack) => schedulesOf(stack, resolve));
  started.use(followSchedules(schedules, { ...platform, functions }));
  const surroundings = { functions, now: platform.now, log: platform.log };
  const api = (stack: StackTemplate) => deployedApi(stack, resolve, surroundings);
  const apis = new Map(stacks.map((stack) => [stack.name, api(stack)]));
  const running = started.move();
  return {
    apis,
    output: (stack, name) => outputOf(stacks, resolve, { stack, name }),
    lambdaEndpoint,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** Creates keys and tables, and gives the resolver, which needs the ids of the keys. */
async function createStateOf(
  stacks: readonly StackTemplate[],
  { endpoints, apiEndpoint, directory }: Platform,
): Promise<Resolver> {
  const beforeKeys = createResolver(stacks, { apiEndpoint, keyIds: new Map() });
  const keys = stacks.flatMap((stack) => keysOf(stack, beforeKeys));
  const keyIds = await provideKeys(keys, { endpoints, directory });
  const resolve = createResolver(stacks, { apiEndpoint, keyIds });
  const tables = stacks.flatMap((stack) => tablesOf(stack, resolve));
  await createTables({ ...endpoints.account, endpoint: endpoints.dynamodb }, tables);
  return resolve;
}

function startFunctions(
  stacks: readonly StackTemplate[],
  resolve: Resolver,
  { endpoints, log, authority }: Platform,
  started: AsyncDisposableStack,
): ReadonlyMap<string, LambdaFunction> {
  const start = (definition: FunctionDefinition) =>
    started.use(
      startFunction({
        ...definition,
        authority,
        environment: { ...definition.variables, ...functionEnvironment(definition, endpoints) },
        log: (line) => log(`${definition.name} ${line}`),
      }),
    );
  const definitions = stacks.flatMap((stack) => functionsOf(stack, resolve));
  return new Map(definitions.map((definition) => [definition.arn, start(definition)]));
}

function outputOf(
  stacks: readonly StackTemplate[],
  resolve: Resolver,
  { stack: stackName, name }: { stack: string; name: string },
): string {
  const stack = stacks.find((candidate) => candidate.name === stackName);
  const output = stack?.outputs[name];
  return stack && output ? String(resolve(stack, output.Value)) : missing(`the output ${name}`);
}

function missing(what: string): never {
  throw new Error(`${what} does not exist`);
}
