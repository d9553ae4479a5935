import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type LogGroupProps, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { folderWith } from './asset-folder.ts';
import { functionFolder } from './package-files.ts';

/** What differs from one of our functions to the next. */
export interface NodeFunctionProps {
  readonly description: string;
  /** The module under functions/ that exports the `handler`, without its ending: `token/index`. */
  readonly entry: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What is in its folder beside the bundle: the texts of files by their names. */
  readonly files?: Readonly<Record<string, string>> | undefined;
  /** @default Duration.seconds(10) */
  readonly timeout?: Duration;
  /** Megabytes. @default 512 */
  readonly memorySize?: number;
  /** How long its log is kept. @default a year, and gone with the stack */
  readonly logs?: Pick<LogGroupProps, 'retention' | 'removalPolicy'>;
}

/**
 * A Lambda function of ours, with a log group and a role of its own. The role may write to that log
 * group and nothing else, until something else is granted.
 */
export class NodeFunction extends LambdaFunction {
  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    const logGroup = new LogGroup(scope, `${id}Logs`, props.logs ?? logGroupProps);
    const role = new Role(scope, `${id}Role`, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    logGroup.grantWrite(role);
    super(scope, id, {
      description: props.description,
      code: codeOf(scope, props),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memorySize ?? 512,
      timeout: props.timeout ?? defaultTimeout,
      environment: props.environment,
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      systemLogLevelV2: SystemLogLevel.WARN,
    });
  }
}

function codeOf(scope: Construct, { entry, files = {} }: NodeFunctionProps): Code {
  const folder = functionFolder(entry);
  return Code.fromAsset(
    Object.keys(files).length === 0 ? folder : folderWith(scope, files, folder),
  );
}

/**
 * Enough for a function that makes a few calls of AWS, or fetches two documents: each is given up after a
 * second or so, and tried once more. API Gateway waits no longer for an authorizer.
 */
const defaultTimeout = Duration.seconds(10);

/** A log group: a year of audit lines, gone with the stack. */
export const logGroupProps = {
  retention: RetentionDays.ONE_YEAR,
  removalPolicy: RemovalPolicy.DESTROY,
} as const;
