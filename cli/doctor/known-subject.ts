import { CliError } from '../cli-error.ts';
import type { Deployment, DeploymentChoice } from '../deployment.ts';
import { issuerValue } from '../option-values.ts';
import type { Subject } from './subject.ts';
import { assembledTemplates, deployedTemplate } from './template-source.ts';

/** What a person says of the subject. */
export interface SubjectOptions {
  readonly issuer?: string;
  readonly api?: readonly URL[];
  readonly apiStack?: readonly string[];
}

/**
 * What is known of a subject by what a person says and, if there is one, by its deployment.
 * @throws CliError when the issuer is no URL that a secret may be sent to
 */
export async function knownSubject(
  { issuer, api = [], apiStack = [] }: SubjectOptions,
  choice: DeploymentChoice,
  deployment: Deployment | undefined,
): Promise<Pick<Subject, 'issuer' | 'apis' | 'templates'>> {
  const named = apiStack.map((name) => deployedTemplate(name, choice));
  if (!deployment) return { issuer: issuer ?? '', apis: api, templates: named };
  const known = { issuer: issuerText(deployment.issuer) };
  const { local, apiEndpoint } = deployment;
  if (local) {
    const templates = await assembledTemplates(local.cloudAssembly);
    return { ...known, apis: [new URL(local.api), ...api], templates };
  }
  const own = { ...deployedTemplate(choice.stack, choice), apiEndpoint };
  return { ...known, apis: api, templates: [own, ...named] };
}

/**
 * Reads an issuer to the byte, where `issuerValue` would normalize it.
 * @throws CliError
 */
export function issuerText(text: string): string {
  if (/[\s\p{Cc}]/u.test(text)) throw new CliError('an issuer is a URL without blanks', 2);
  issuerValue(text);
  return text;
}
