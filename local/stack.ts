import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { registerDemo } from './demo/demo-registration.ts';
import { readIssuerBefore } from './deployment/custom-resource-state.ts';
import { type Deployment, deploy, type Platform } from './deployment/deployment.ts';
import {
  apiEndpointOf,
  type FrontDoors,
  openDoors,
  secureDoors,
  takePlace,
} from './front-doors.ts';
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
  const logFile = join(directory, 'local.log');
  const log = both(started.use(openLogFile(logFile)), options.log);
  progress('synthesizing the CDK app');
  const synthesis = synthesizeFor(doors, options, log);
  // Nothing is forgotten for a setting that is wrong.
  if (options.fresh) await synthesis.then(() => forgetState(directory));
  const [services, stacks] = await all(startServices(directory, started), synthesis);
  const { endpoints } = services;
  const tls = await ensureTlsFiles(directory, new Date(), hostsOf(options));
  secureDoors(doors, tls, log);
  progress('starting the functions');
  const authority = isHttps(options) ? await readFile(tls.authority, 'utf8') : undefined;
  const platform = { ...services, directory, log, authority };
  const deployment = started.use(await deployFor(doors, stacks, platform));
  const place = { directory, tls, mtlsApi: doors.apiMtls.url };
  const stack = localStackFile(deployment, endpoints, place);
  progress('registering the demo API and its client');
  const { account, dynamodb: endpoint } = endpoints;
  const demo = { directory, account, endpoint, table: stack.registryTable };
  const demoClient = await registerDemo(stack.api, demo);
  openDoors(doors, deployment.apis);
  await writeLocalStackFile(directory, stack);
  started.defer(() => removeLocalStackFile(directory));
  const urls = { url: doors.Countersign.url, tlsUrl: doors.tls.url, tlsApi: doors.apiTls.url };
  return { ...stack, ...urls, directory, account, logFile, demoClient, tls };
}

const isHttps = ({ issuer }: LocalStackOptions): boolean => issuer?.startsWith('https:') === true;

/** The host of the issuer, where it is a name; the certificate has the addresses of this computer anyway. */
function hostsOf({ issuer }: LocalStackOptions): readonly string[] {
  const host = issuer === undefined ? '' : new URL(issuer).hostname;
  return host === '' || host.startsWith('[') || isIP(host) ? [] : [host];
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

async function synthesizeFor(
  doors: FrontDoors,
  { directory, issuer = doors.Countersign.url, settings }: LocalStackOptions,
  log: (line: string) => void,
): Promise<readonly StackTemplate[]> {
  const before = await readIssuerBefore(directory);
  const context = {
    corsOrigins: ['loopback'],
    ...keptForAws,
    ...settings,
    issuer,
    // Who starts it with another issuer, or on other ports, means it.
    replacesIssuer: before === issuer ? undefined : before,
    mtlsOrigin: doors.mtls.url,
    demoApiUrl: doors.CountersignDemoApi.url,
    ...notHere,
  };
  return synthesize({ context, outdir: cloudAssemblyIn(directory) }, log);
}

// What is kept is for AWS: the doors take the place of custom domains, and the account is this computer.
const notHere = {
  stackName: undefined,
  region: undefined,
  account: undefined,
  issuerCertificateArn: undefined,
  mtlsCertificateArn: undefined,
  mtlsTruststore: undefined,
};

// The same, but here may be another table that is kept: who means it says so.
const keptForAws = { registryTableStreamArn: undefined, adoptedKeys: undefined };

const cloudAssemblyIn = (directory: string): string => join(directory, 'cdk.out');

/** Deploys the stacks, whose APIs will be behind these doors. */
function deployFor(
  doors: FrontDoors,
  stacks: readonly StackTemplate[],
  platform: Omit<Platform, 'apiEndpoint' | 'now'>,
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
    revocationsTable: output('Countersign', 'RevocationsTable'),
    dynamodbEndpoint: endpoints.dynamodb,
    kmsEndpoint: endpoints.kms,
    lambdaEndpoint,
    keyRotationFunction: output('Countersign', 'KeyRotationFunction'),
    cloudAssembly: cloudAssemblyIn(directory),
  };
}
