import { join } from 'node:path';
import { registerDemo } from './demo-registration.ts';
import { type Deployment, deploy, type Platform } from './deployment.ts';
import { lockDirectory } from './directory-lock.ts';
import { type FrontDoor, takePort } from './front-door.ts';
import { type Held, hold } from './held.ts';
import type { Endpoints } from './lambda/function-environment.ts';
import type { LocalStack, LocalStackOptions } from './local-stack.ts';
import {
  type LocalStackFile,
  removeLocalStackFile,
  writeLocalStackFile,
} from './local-stack-file.ts';
import { type LogFile, openLogFile } from './log-file.ts';
import { forgetState, startServices } from './services.ts';
import type { StackTemplate } from './template/stack-template.ts';
import { synthesize } from './template/synthesis.ts';

/** The two stacks and what their APIs stand behind. */
interface FrontDoors {
  readonly Countersign: FrontDoor;
  readonly CountersignDemoApi: FrontDoor;
}

/**
 * Starts the app's stacks on this computer. The directory and the ports come first: when one is
 * taken, nothing else is begun.
 * @throws StartError when it is; Error for anything else. Nothing is left running
 */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const held = hold();
  try {
    return { ...(await start(options, held)), stop: held.release };
  } catch (error) {
    await held.release();
    throw error;
  }
}

async function start(options: LocalStackOptions, held: Held): Promise<Omit<LocalStack, 'stop'>> {
  const { directory, progress = () => undefined } = options;
  const doors = await takePlace(options, held);
  if (options.fresh) await forgetState(directory);
  const logFile = join(directory, 'local.log');
  const log = both(held.add(openLogFile(logFile)), options.log);
  progress('synthesizing the CDK app');
  const [endpoints, stacks] = await all(
    startServices(directory, held),
    synthesizeFor(doors, options, log),
  );
  progress('starting the functions');
  const deployment = held.add(await deployFor(doors, stacks, { endpoints, directory, log }));
  const stack = localStackFile(deployment, endpoints, cloudAssemblyIn(directory));
  progress('registering the demo API and its client');
  const demoClient = await registerDemo(stack.api, {
    directory,
    endpoint: endpoints.dynamodb,
    table: stack.registryTable,
  });
  openDoors(doors, deployment);
  await writeLocalStackFile(directory, stack);
  held.add({ close: () => removeLocalStackFile(directory) });
  return { ...stack, url: doors.Countersign.url, directory, logFile, demoClient };
}

async function takePlace(options: LocalStackOptions, held: Held): Promise<FrontDoors> {
  held.add(await lockDirectory(options.directory));
  return {
    Countersign: held.add(await takePort(options.port, 'PORT')),
    CountersignDemoApi: held.add(await takePort(options.apiPort, 'API_PORT')),
  };
}

const both =
  (file: LogFile, log: LocalStackOptions['log']) =>
  (line: string): void => {
    file.write(line);
    log?.(line);
  };

/** Waits for both even if one fails, so that nothing starts after everything was stopped. */
async function all<One, Other>(one: Promise<One>, other: Promise<Other>): Promise<[One, Other]> {
  await Promise.allSettled([one, other]);
  return Promise.all([one, other]);
}

function synthesizeFor(
  doors: FrontDoors,
  { directory, issuer = doors.Countersign.url }: LocalStackOptions,
  log: (line: string) => void,
): Promise<readonly StackTemplate[]> {
  const context = { issuer, demoApiUrl: doors.CountersignDemoApi.url };
  return synthesize({ context, outdir: cloudAssemblyIn(directory) }, log);
}

const cloudAssemblyIn = (directory: string): string => join(directory, 'cdk.out');

/** Deploys the stacks, whose APIs will be behind these doors. */
function deployFor(
  doors: FrontDoors,
  stacks: readonly StackTemplate[],
  platform: Pick<Platform, 'endpoints' | 'directory' | 'log'>,
): Promise<Deployment> {
  const urls = new Map(Object.entries(doors).map(([stack, { url }]) => [stack, url]));
  const apiEndpoint = (stack: string) => urls.get(stack) ?? '';
  const now = () => Date.now() / 1000;
  return deploy(stacks, { ...platform, apiEndpoint, now });
}

function openDoors(doors: FrontDoors, { apis }: Deployment): void {
  for (const [stack, door] of Object.entries(doors)) {
    const listener = apis.get(stack);
    if (listener) door.open(listener);
  }
}

function localStackFile(
  { output, lambdaEndpoint }: Deployment,
  endpoints: Endpoints,
  cloudAssembly: string,
): LocalStackFile {
  return {
    pid: process.pid,
    issuer: output('Countersign', 'Issuer'),
    api: output('CountersignDemoApi', 'DemoApiUrl'),
    registryTable: output('Countersign', 'RegistryTable'),
    ephemeraTable: output('Countersign', 'EphemeraTable'),
    dynamodbEndpoint: endpoints.dynamodb,
    kmsEndpoint: endpoints.kms,
    lambdaEndpoint,
    keyRotationFunction: output('Countersign', 'KeyRotationFunction'),
    cloudAssembly,
  };
}
