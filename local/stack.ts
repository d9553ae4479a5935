import { join } from 'node:path';
import { registerDemo } from './demo/demo-registration.ts';
import { type Deployment, deploy, type Platform } from './deployment/deployment.ts';
import { apiEndpointOf, type FrontDoors, openDoors, takePlace } from './front-doors.ts';
import { type LogFile, openLogFile } from './io/log-file.ts';
import type { Endpoints } from './lambda/function-environment.ts';
import type { LocalStack, LocalStackOptions } from './local-stack.ts';
import { forgetState, startServices } from './services.ts';
import {
  type LocalStackFile,
  removeLocalStackFile,
  writeLocalStackFile,
} from './state/local-stack-file.ts';
import type { StackTemplate } from './template/stack-template.ts';
import { synthesize } from './template/synthesis.ts';
import { ensureTlsFiles } from './tls/tls-files.ts';

/**
 * Starts the app's stacks on this computer. Takes the directory and the ports first, and starts
 * nothing when one of them is taken.
 * @throws StartError when one is taken; Error for any other failure. Nothing is left running
 */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  await using started = new AsyncDisposableStack();
  const stack = await start(options, started);
  const running = started.move();
  return { ...stack, stop: () => running.disposeAsync() };
}

async function start(
  options: LocalStackOptions,
  started: AsyncDisposableStack,
): Promise<Omit<LocalStack, 'stop'>> {
  const { directory, progress = () => undefined } = options;
  const doors = await takePlace(options, started);
  if (options.fresh) await forgetState(directory);
  const logFile = join(directory, 'local.log');
  const log = both(started.use(openLogFile(logFile)), options.log);
  const tls = await ensureTlsFiles(directory, new Date());
  for (const door of [doors.mtls, doors.apiMtls]) door.secure(tls, log);
  progress('synthesizing the CDK app');
  const services = startServices(directory, started);
  const [endpoints, stacks] = await all(services, synthesizeFor(doors, options, log));
  progress('starting the functions');
  const deployment = started.use(await deployFor(doors, stacks, { endpoints, directory, log }));
  const place = { directory, tls, mtlsApi: doors.apiMtls.url };
  const stack = localStackFile(deployment, endpoints, place);
  progress('registering the demo API and its client');
  const { account, dynamodb: endpoint } = endpoints;
  const demo = { directory, account, endpoint, table: stack.registryTable };
  const demoClient = await registerDemo(stack.api, demo);
  openDoors(doors, deployment.apis);
  await writeLocalStackFile(directory, stack);
  started.defer(() => removeLocalStackFile(directory));
  return { ...stack, url: doors.Countersign.url, directory, account, logFile, demoClient, tls };
}

const both =
  (file: LogFile, log: LocalStackOptions['log']) =>
  (line: string): void => {
    file.write(line);
    log?.(line);
  };

/** Waits for both even if one fails: otherwise the other would start after everything was stopped. */
async function all<One, Other>(one: Promise<One>, other: Promise<Other>): Promise<[One, Other]> {
  await Promise.allSettled([one, other]);
  return Promise.all([one, other]);
}

function synthesizeFor(
  doors: FrontDoors,
  { directory, issuer = doors.Countersign.url, settings }: LocalStackOptions,
  log: (line: string) => void,
): Promise<readonly StackTemplate[]> {
  const context = {
    corsOrigins: ['loopback'],
    ...settings,
    issuer,
    mtlsOrigin: doors.mtls.url,
    demoApiUrl: doors.CountersignDemoApi.url,
    ...noCustomDomains,
  };
  return synthesize({ context, outdir: cloudAssemblyIn(directory) }, log);
}

// Overrides cdk.json: the doors take the place of custom domains.
const noCustomDomains = {
  issuerCertificateArn: undefined,
  mtlsCertificateArn: undefined,
  mtlsTruststore: undefined,
};

const cloudAssemblyIn = (directory: string): string => join(directory, 'cdk.out');

/** Deploys the stacks, whose APIs will be behind these doors. */
function deployFor(
  doors: FrontDoors,
  stacks: readonly StackTemplate[],
  platform: Pick<Platform, 'endpoints' | 'directory' | 'log'>,
): Promise<Deployment> {
  const apiEndpoint = (stack: string) => apiEndpointOf(doors, stack);
  const now = () => Date.now() / 1000;
  return deploy(stacks, { ...platform, apiEndpoint, now });
}

function localStackFile(
  { output, lambdaEndpoint }: Deployment,
  endpoints: Endpoints,
  { directory, tls, mtlsApi }: Pick<LocalStack, 'directory' | 'tls' | 'mtlsApi'>,
): LocalStackFile {
  return {
    pid: process.pid,
    issuer: output('Countersign', 'Issuer'),
    mtlsTokenEndpoint: output('Countersign', 'MtlsTokenEndpoint'),
    tlsAuthority: tls.authority,
    tlsTruststore: tls.truststore,
    api: output('CountersignDemoApi', 'DemoApiUrl'),
    mtlsApi,
    registryTable: output('Countersign', 'RegistryTable'),
    ephemeraTable: output('Countersign', 'EphemeraTable'),
    dynamodbEndpoint: endpoints.dynamodb,
    kmsEndpoint: endpoints.kms,
    lambdaEndpoint,
    keyRotationFunction: output('Countersign', 'KeyRotationFunction'),
    cloudAssembly: cloudAssemblyIn(directory),
  };
}
