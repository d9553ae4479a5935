import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CloudFormationClient, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import * as v from 'valibot';
import { awsTrouble } from '../../command/aws-trouble.ts';
import { accountSettings, type DeploymentChoice } from '../../command/deployment.ts';
import { CannotCheck, problem } from '../findings/finding.ts';
import { parseTemplate, type Template } from './template.ts';

/** Where the template of a stack comes from. */
export interface TemplateSource {
  /** The stack's name. */
  readonly name: string;
  /** @throws CannotCheck when it cannot be read */
  readonly read: () => Promise<Template>;
  /** The URL that API Gateway gave the authorization server, if it is of this stack and known. */
  readonly apiEndpoint?: string | undefined;
}

/** The template of a deployed stack, read with the operator's own credentials. */
export function deployedTemplate(
  name: string,
  choice: Pick<DeploymentChoice, 'region' | 'profile'>,
): TemplateSource {
  return { name, read: async () => parseTemplate(name, await fetchTemplate(name, choice)) };
}

/** The templates of the stacks of a cloud assembly, those of its stages too. */
export async function assembledTemplates(directory: string): Promise<readonly TemplateSource[]> {
  const files = await readdir(directory, { recursive: true }).catch(() => []);
  const manifests = files.filter((file) => basename(file) === 'manifest.json').sort();
  const stacks = await Promise.all(manifests.map((file) => stacksOf(join(directory, file))));
  return stacks.flat().map(({ name, file }) => ({
    name,
    read: async () => parseTemplate(name, await readFile(file, 'utf8')),
  }));
}

async function stacksOf(manifest: string) {
  const { artifacts } = v.parse(cloudManifest, JSON.parse(await readFile(manifest, 'utf8')));
  return Object.entries(artifacts).flatMap(([id, { properties }]) => {
    if (properties.templateFile === undefined) return [];
    const file = join(dirname(manifest), properties.templateFile);
    return [{ name: properties.stackName ?? id, file }];
  });
}

/** As the CDK writes it. Only the artifact of a stack has a template. */
const artifact = v.object({
  properties: v.optional(
    v.object({ templateFile: v.optional(v.string()), stackName: v.optional(v.string()) }),
    {},
  ),
});
const cloudManifest = v.object({ artifacts: v.optional(v.record(v.string(), artifact), {}) });

async function fetchTemplate(
  name: string,
  choice: Pick<DeploymentChoice, 'region' | 'profile'>,
): Promise<string> {
  const client = new CloudFormationClient(accountSettings(choice));
  try {
    const command = new GetTemplateCommand({ StackName: name, TemplateStage: 'Processed' });
    return (await client.send(command)).TemplateBody ?? '';
  } catch (error) {
    const what = `The template of the stack ${name} cannot be read: ${awsTrouble(error)}.`;
    const remedy = 'Look at the name of the stack, the region and the permission to get templates.';
    throw new CannotCheck(problem(what, remedy));
  } finally {
    client.destroy();
  }
}
