import type { RequestListener } from 'node:http';
import { deployedApi } from './deployed-api.ts';
import { createAliases, createKeys } from './deployed-keys.ts';
import { createTables } from './dynamodb.ts';
import { type LambdaFunction, startFunction } from './lambda/function.ts';
import { type Endpoints, functionEnvironment } from './lambda/function-environment.ts';
import { type FunctionDefinition, functionsOf } from './template/functions.ts';
import { aliasesOf, keysOf } from './template/keys.ts';
import { createResolver, type Resolver } from './template/resolver.ts';
import { checkTemplate } from './template/resource.ts';
import { placeName, type StackTemplate } from './template/stack-template.ts';
import { tablesOf } from './template/tables.ts';

/** What stacks are deployed on. */
export interface Platform {
  readonly endpoints: Endpoints;
  /** The URL of a stack's HTTP API. */
  apiEndpoint(stack: string): string;
  /** NumericDate. */
  now(): number;
  log(line: string): void;
}

/** The stacks of an app, deployed. */
export interface Deployment {
  /** What answers for the HTTP API of each stack, by the stack's name. */
  readonly apis: ReadonlyMap<string, RequestListener>;
  /** @throws Error when the stack has no such output */
  output(stack: string, name: string): string;
  /** Ends the functions. */
  close(): Promise<void>;
}

/**
 * Deploys stacks from their templates alone: creates keys and tables that are not there yet,
 * starts the functions and wires the APIs to them. Roles and policies are not enforced.
 * @throws Error when a template has something in it that is not known here
 */
export async function deploy(
  stacks: readonly StackTemplate[],
  platform: Platform,
): Promise<Deployment> {
  stacks.forEach(checkTemplate);
  const resolve = await createResources(stacks, platform);
  const functions = startFunctions(stacks, resolve, platform);
  const close = async () => {
    await Promise.all([...functions.values()].map((lambda) => lambda.close()));
  };
  try {
    const surroundings = { functions, now: platform.now, log: platform.log };
    const api = (stack: StackTemplate) => deployedApi(stack, resolve, surroundings);
    return {
      apis: new Map(stacks.map((stack) => [stack.name, api(stack)])),
      output: (stack, name) => outputOf(stacks, resolve, { stack, name }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Creates what holds state, and with it makes the names that everything else refers to. */
async function createResources(
  stacks: readonly StackTemplate[],
  { endpoints, apiEndpoint }: Platform,
): Promise<Resolver> {
  const keyIds = new Map<string, string>();
  const resolve = createResolver(stacks, {
    apiEndpoint,
    keyId: (place) => keyIds.get(placeName(place)) ?? missing(placeName(place)),
  });
  const keys = stacks.flatMap((stack) => keysOf(stack, resolve));
  for (const [name, id] of await createKeys(endpoints.kms, keys)) keyIds.set(name, id);
  await Promise.all([
    createAliases(
      endpoints.kms,
      stacks.flatMap((stack) => aliasesOf(stack, resolve)),
    ),
    createTables(
      endpoints.dynamodb,
      stacks.flatMap((stack) => tablesOf(stack, resolve)),
    ),
  ]);
  return resolve;
}

function startFunctions(
  stacks: readonly StackTemplate[],
  resolve: Resolver,
  { endpoints, log }: Platform,
): ReadonlyMap<string, LambdaFunction> {
  const start = (definition: FunctionDefinition) =>
    startFunction({
      ...definition,
      environment: { ...definition.variables, ...functionEnvironment(definition, endpoints) },
      log: (line) => log(`${definition.name} ${line}`),
    });
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
