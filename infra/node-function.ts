import { resolve } from 'node:path';
import { Duration, RemovalPolicy, Stack, Stage } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { buildSync } from 'esbuild';

/** What differs from one of our functions to the next. */
export interface NodeFunctionProps {
  readonly description: string;
  /** Folder under functions/ whose index.ts exports the `handler`. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** @default Duration.seconds(10) */
  readonly timeout?: Duration;
}

/**
 * Makes a Lambda function of ours with a log group and a role of its own. The role may write to
 * that log group and nothing else, until the caller grants more.
 */
export function nodeFunction(
  scope: Construct,
  id: string,
  props: NodeFunctionProps,
): LambdaFunction {
  const logGroup = new LogGroup(scope, `${id}Logs`, logGroupProps);
  const role = new Role(scope, `${id}Role`, {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
  });
  logGroup.grantWrite(role);
  return new LambdaFunction(scope, id, {
    description: props.description,
    code: code(scope, props.folder),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    memorySize: 512,
    timeout: props.timeout ?? Duration.seconds(10),
    environment: props.environment,
    role,
    logGroup,
    loggingFormat: LoggingFormat.JSON,
    systemLogLevelV2: SystemLogLevel.WARN,
  });
}

/** How long logs are kept: a year of audit lines, gone with the stack. */
export const logGroupProps = {
  retention: RetentionDays.ONE_YEAR,
  removalPolicy: RemovalPolicy.DESTROY,
} as const;

/**
 * The function as one ES module with everything in it, the SDK too: what was tested is what runs.
 * By esbuild's own API rather than NodejsFunction, which takes half a second more for each and,
 * where the CDK asks for no bundling, stages the whole project. Identifiers are kept, so that a
 * stack trace in the log names its functions.
 */
function code(scope: Construct, folder: string): Code {
  const source = resolve(projectRoot, 'functions', folder);
  const stage = Stage.of(scope);
  if (stage === undefined) throw new Error('a function can be made only within an App');
  if (!Stack.of(scope).bundlingRequired) return Code.fromAsset(source);
  const outdir = resolve(stage.outdir, 'bundles', folder);
  buildSync({
    // Its output names files relative to this folder, so it is the same wherever synthesis starts.
    absWorkingDir: projectRoot,
    entryPoints: [resolve(source, 'index.ts')],
    outfile: resolve(outdir, 'index.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    minifySyntax: true,
    minifyWhitespace: true,
    logLevel: 'silent',
  });
  return Code.fromAsset(outdir);
}

const projectRoot = resolve(import.meta.dirname, '..');
