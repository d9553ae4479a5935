import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startFunction } from '../../local/lambda/function.ts';
import { functionEnvironment } from '../../local/lambda/function-environment.ts';
import { type FunctionDefinition, functionsOf } from '../../local/template/functions.ts';
import { createResolver } from '../../local/template/resolver.ts';
import { type ScheduleDefinition, schedulesOf } from '../../local/template/schedules.ts';
import type { StackTemplate, TemplateResource } from '../../local/template/stack-template.ts';
import type { RunningStack } from '../support/local-stack.ts';

/** The administration function as the template of a running local stack has it. */
export interface DeployedAdministration {
  readonly definition: FunctionDefinition;
  /** What invokes it. */
  readonly schedules: readonly ScheduleDefinition[];
}

/** Finds it in the template that the stack was deployed from. */
export async function deployedAdministration({
  cloudAssembly: directory,
  issuer,
}: RunningStack): Promise<DeployedAdministration> {
  const text = await readFile(join(directory, 'Countersign.template.json'), 'utf8');
  const { Resources, Outputs } = JSON.parse(text);
  const stack: StackTemplate = {
    ...{ name: 'Countersign', directory, resources: Resources, outputs: Outputs },
  };
  const resolve = createResolver([stack], { apiEndpoint: () => issuer, keyIds: new Map() });
  const { Value } = Outputs.AdministrationFunction;
  const isIts = ({ Type, Properties }: TemplateResource, id: string) =>
    (Type === 'AWS::Lambda::Function' && id === Value.Ref) ||
    (Type === 'AWS::Scheduler::Schedule' && JSON.stringify(Properties).includes(Value.Ref));
  const resources = Object.entries(stack.resources).filter(([id, one]) => isIts(one, id));
  // What others have may be known to the deployment alone.
  const its = { ...stack, resources: Object.fromEntries(resources) };
  const inWhole: typeof resolve = (_, value) => resolve(stack, value);
  const [definition] = functionsOf(its, inWhole);
  if (!definition) throw new Error('the template has no administration function');
  return { definition, schedules: schedulesOf(its, inWhole) };
}

/** Starts the function once more, as the stack does, where it finds a Secrets Manager, too. */
export function startedAdministration(
  { account, dynamodbEndpoint, kmsEndpoint }: RunningStack,
  { definition }: DeployedAdministration,
  secretsManagerEndpoint: string,
) {
  const lines: string[] = [];
  const endpoints = { account, dynamodb: dynamodbEndpoint, kms: kmsEndpoint };
  const environment = {
    ...definition.variables,
    ...functionEnvironment(definition, endpoints),
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManagerEndpoint,
  };
  const log = (line: string) => void lines.push(line);
  return { ...startFunction({ ...definition, environment, log }), lines };
}
