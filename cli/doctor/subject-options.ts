import type { Deployment, DeploymentChoice } from '../command/deployment.ts';
import { issuerValue, stackValue } from '../command/option-values.ts';
import { CliError } from '../io/cli-error.ts';
import { keyRotationOf } from '../key/key-rotation.ts';
import { isEndpoint } from './examination/metadata.ts';
import type { Subject } from './examination/subject.ts';
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
  const { local, apiEndpoint } = deployment;
  if (local) {
    const templates = await assembledTemplates(local.cloudAssembly);
    return { ...known, apis: [new URL(local.api), ...api], templates };
  }
  const own = { ...deployedTemplate(choice.stack, choice), apiEndpoint };
  return { ...known, apis: api, templates: [own, ...named] };
}

/** A deployment that is older than key rotation cannot be asked. */
function strangersOf(deployment: Deployment): Subject['strangers'] {
  if (!deployment.keyRotation) return undefined;
  return async () => (await keyRotationOf(deployment)({ command: 'list' })).strangers;
}

/**
 * Checks an issuer and keeps it to the byte: `issuerValue` would normalize it, and verifiers compare
 * the text (RFC 8414 §3.3).
 * @throws CliError
 */
export function issuerText(text: string): string {
  if (/[\s\p{Cc}]/u.test(text)) throw new CliError('an issuer is a URL without blanks', 2);
  issuerValue(text);
  return text;
}

/**
 * Reads the URL of an API and adds it to those before it.
 * @throws CliError
 */
export function apiListValue(text: string, before: readonly URL[] = []): readonly URL[] {
  const url = URL.parse(text);
  if (url && isEndpoint(url)) return [...before, url];
  throw new CliError(
    'an API is an https URL without user and password (http only for this computer)',
    2,
  );
}

/**
 * Reads the name of a stack and adds it to those before it.
 * @throws CliError
 */
export function stackListValue(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, stackValue(text)];
}
