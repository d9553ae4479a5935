import type { Deployment, DeploymentChoice } from '../command/deployment.ts';
import { keyRotationOf } from '../key/key-rotation.ts';
import type { Subject } from './examination/subject.ts';
import { issuerText } from './option-values.ts';
import { assembledTemplates, deployedTemplate } from './template/template-source.ts';

/** What the command line says of the subject. */
export interface SubjectOptions {
  readonly issuer?: string;
  readonly api?: readonly URL[];
  readonly apiStack?: readonly string[];
}

/**
 * Gathers what is known of a subject from the command line and, if there is one, its deployment.
 * @throws CliError when the deployment's issuer is no URL that a secret may be sent to
 */
export async function knownSubject(
  { issuer, api = [], apiStack = [] }: SubjectOptions,
  choice: DeploymentChoice,
  deployment: Deployment | undefined,
): Promise<Pick<Subject, 'issuer' | 'apis' | 'templates' | 'strangers'>> {
  const named = apiStack.map((name) => deployedTemplate(name, choice));
  if (!deployment) return { issuer: issuer ?? '', apis: api, templates: named };
  const known = { issuer: issuerText(deployment.issuer), strangers: strangersOf(deployment) };
  const { local, stack, apiEndpoint } = deployment;
  if (local) {
    const templates = await assembledTemplates(local.cloudAssembly);
    return { ...known, apis: [new URL(local.api), ...api], templates };
  }
  const own = stack === undefined ? [] : [{ ...deployedTemplate(stack, choice), apiEndpoint }];
  return { ...known, apis: api, templates: [...own, ...named] };
}

/** A deployment that is older than key rotation cannot be asked. */
function strangersOf(deployment: Deployment): Subject['strangers'] {
  if (!deployment.keyRotation) return undefined;
  return async () => (await keyRotationOf(deployment)({ command: 'list' })).strangers;
}
