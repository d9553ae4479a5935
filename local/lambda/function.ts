import { randomUUID } from 'node:crypto';
import { accountId, region } from '../account/local-account.ts';
import { type InstanceSettings, type Invoke, startInstance } from './instance.ts';
import { createInstancePool } from './instance-pool.ts';

/** A Lambda function on this computer. Its end is that of its instances and what they are doing. */
export interface LambdaFunction extends AsyncDisposable {
  readonly invoke: Invoke;
}

/** What a function is made of. */
export interface FunctionSettings extends InstanceSettings {
  readonly name: string;
  /** Megabytes. The function is told this limit, but may use more. */
  readonly memorySize: number;
}

/** Starts a function; see createInstancePool for how many instances of it there are. */
export function startFunction(settings: FunctionSettings): LambdaFunction {
  const pool = createInstancePool(() => startInstance(settings));
  return {
    invoke: (event) => pool.run(event, contextOf(settings)),
    [Symbol.asyncDispose]: pool[Symbol.asyncDispose],
  };
}

/** The part of Lambda's context object that can be sent to a thread. */
function contextOf({ name, memorySize }: FunctionSettings): object {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn: functionArn(name),
    memoryLimitInMB: String(memorySize),
    awsRequestId: randomUUID(),
    logGroupName: `/aws/lambda/${name}`,
    logStreamName: 'local',
  };
}

/** The ARN of a function. */
export const functionArn = (name: string): string =>
  `arn:aws:lambda:${region}:${accountId}:function:${name}`;
