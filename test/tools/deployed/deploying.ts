import { cp, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import { outputs } from '../../deploy/deployed-stack.ts';
import { account } from '../../deploy/emulator.ts';
import { samProgram } from '../installation/sam.ts';
import { attach } from '../snippets/folder.ts';
import { run } from '../snippets/running.ts';
import { runTerraform } from '../snippets/terraform.ts';
import { copyOfModules } from '../snippets/terraform-copy.ts';

type Parameters = Readonly<Record<string, string>>;

const cloudformation = new CloudFormationClient(account);

/** Reads a template of plain CloudFormation. */
export const readTemplate = (snippet: string): Promise<string> =>
  readFile(join(attach, 'cloudformation', snippet), 'utf8');

/** Deploys a template of plain CloudFormation, and gives the API's id. */
export async function deployTemplate(
  StackName: string,
  TemplateBody: string,
  parameters: Parameters,
): Promise<string> {
  const Parameters = Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
    ParameterKey,
    ParameterValue,
  }));
  const Capabilities = ['CAPABILITY_AUTO_EXPAND' as const];
  await cloudformation.send(
    new CreateStackCommand({ StackName, TemplateBody, Parameters, Capabilities }),
  );
  const waiting = { client: cloudformation, maxWaitTime: 60, minDelay: 1, maxDelay: 1 };
  await waitUntilStackCreateComplete(waiting, { StackName });
  return (await outputs(StackName)).ApiId ?? '';
}

/** Builds and deploys a snippet of SAM, and gives the API's id. */
export async function deploySam(
  stack: string,
  snippet: string,
  parameters: Parameters,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sam-'));
  await cp(join(attach, 'sam'), folder, { recursive: true });
  const running = { folder, variables: { SAM_CLI_TELEMETRY: '0' } };
  await run(samProgram, ['build', '--template', snippet], running);
  const given = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  await run(
    samProgram,
    [
      ...['deploy', '--stack-name', stack, '--resolve-s3', '--no-confirm-changeset'],
      ...['--capabilities', 'CAPABILITY_IAM', '--parameter-overrides', ...given],
    ],
    running,
  );
  return (await outputs(stack)).ApiId ?? '';
}

/** Applies an example of the Terraform modules, and gives the API's id. */
export async function applyTerraform(example: string, variables: Parameters): Promise<string> {
  const folder = join(await copyOfModules(tmpdir()), 'examples', example);
  await runTerraform(['init', '-input=false', '-no-color'], folder);
  const given = Object.entries(variables).map(([name, value]) => `-var=${name}=${value}`);
  const parameters = ['apply', '-auto-approve', '-input=false', '-no-color', ...given];
  await runTerraform(parameters, folder);
  return (await runTerraform(['output', '-raw', 'api_id'], folder)).trim();
}
