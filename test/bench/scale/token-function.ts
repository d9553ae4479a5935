import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { provideKeys } from '../../../local/deployment/stack-keys.ts';
import type { LocalStack } from '../../../local/local-stack.ts';
import { type FunctionDefinition, functionsOf } from '../../../local/template/functions.ts';
import { httpApisOf } from '../../../local/template/http-apis.ts';
import { keysOf } from '../../../local/template/keys.ts';
import { createResolver, type Resolver } from '../../../local/template/resolver.ts';
import type { StackTemplate } from '../../../local/template/stack-template.ts';

/** A function, and the route that leads to it. */
export interface RoutedFunction extends FunctionDefinition {
  readonly routeKey: string;
}

/**
 * Reads what stands behind /token out of the template that a local stack was started from: the bundle and
 * the environment that would be deployed.
 * @throws Error when no function is behind it
 */
export async function tokenFunction(stack: LocalStack): Promise<RoutedFunction> {
  const template = await templateIn(stack.cloudAssembly, 'Countersign');
  const resolve = await resolverOf(template, stack);
  const routes = httpApisOf(template, resolve).flatMap((api) => api.routes);
  const route = routes.find(({ key }) => key.endsWith(' /token'));
  const functions = functionsOf(template, resolve);
  const found = functions.find(({ arn }) => arn === route?.target.functionArn);
  if (!route || !found) throw new Error('the local stack has no function behind /token');
  return { ...found, routeKey: route.key };
}

/** Resolves references as the local stack did: its keys exist already, so that none is made. */
async function resolverOf(template: StackTemplate, stack: LocalStack): Promise<Resolver> {
  const { directory, account, kmsEndpoint: kms } = stack;
  const apiEndpoint = () => stack.url;
  const keys = keysOf(template, createResolver([template], { apiEndpoint, keyIds: new Map() }));
  const keyIds = await provideKeys(keys, { endpoints: { kms, account }, directory });
  return createResolver([template], { apiEndpoint, keyIds });
}

async function templateIn(directory: string, name: string): Promise<StackTemplate> {
  const file = await readFile(join(directory, `${name}.template.json`), 'utf8');
  const { Resources, Outputs } = JSON.parse(file);
  return { name, directory, resources: Resources, outputs: Outputs };
}
