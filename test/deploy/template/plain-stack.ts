import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  UpdateStackCommand,
  waitUntilStackCreateComplete,
  waitUntilStackDeleteComplete,
  waitUntilStackUpdateComplete,
} from '@aws-sdk/client-cloudformation';
import { account, emulator } from '../emulator.ts';

const client = new CloudFormationClient(account);
const waiting = { client, maxWaitTime: 120, minDelay: 1, maxDelay: 1 };

type Values = Readonly<Record<string, string>>;

const parametersOf = (values: Values) =>
  Object.entries(values).map(([ParameterKey, ParameterValue]) => ({
    ParameterKey,
    ParameterValue,
  }));

/** Where templates are from which CloudFormation takes them, as `--s3-bucket` says it. */
const bucket = 'plain-templates';

/** CloudFormation takes a larger template from S3 alone. */
const largestBody = 51_200;

async function sourceOf(name: string, template: string) {
  if (Buffer.byteLength(template) <= largestBody) return { TemplateBody: template };
  await emulator('s3', `/${bucket}`, { method: 'PUT' });
  await emulator('s3', `/${bucket}/${name}`, { method: 'PUT', body: template });
  // The emulator knows this style of address alone.
  return { TemplateURL: `https://s3.amazonaws.com/${bucket}/${name}` };
}

/** Makes a stack of a template, as `aws cloudformation deploy` would. */
export async function createStack(StackName: string, template: string, values: Values) {
  const source = await sourceOf(StackName, template);
  const Parameters = parametersOf(values);
  const Capabilities = ['CAPABILITY_IAM' as const];
  await client.send(new CreateStackCommand({ StackName, ...source, Parameters, Capabilities }));
  await waitUntilStackCreateComplete(waiting, { StackName });
}

/** Changes parameters of a stack. */
export async function updateStack(StackName: string, template: string, values: Values) {
  const source = await sourceOf(StackName, template);
  const Parameters = parametersOf(values);
  const Capabilities = ['CAPABILITY_IAM' as const];
  await client.send(new UpdateStackCommand({ StackName, ...source, Parameters, Capabilities }));
  await waitUntilStackUpdateComplete(waiting, { StackName });
}

/** Deletes a stack. */
export async function deleteStack(StackName: string): Promise<void> {
  await client.send(new DeleteStackCommand({ StackName }));
  await waitUntilStackDeleteComplete(waiting, { StackName });
}

/** Uploads a folder, as `aws s3 sync` would. */
export async function upload(folder: string, bucket: string, prefix: string): Promise<void> {
  await emulator('s3', `/${bucket}`, { method: 'PUT' });
  for (const name of await readdir(folder)) {
    const body = await readFile(join(folder, name));
    await emulator('s3', `/${bucket}/${prefix}${name}`, { method: 'PUT', body });
  }
}
