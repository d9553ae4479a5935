import {
  InvokeCommand,
  type InvokeCommandOutput,
  LambdaClient,
  LambdaServiceException,
} from '@aws-sdk/client-lambda';
import type { Command } from '../../functions/key-rotation/commands.ts';
import type { Done } from '../../functions/key-rotation/reply.ts';
import { awsTrouble } from '../command/aws-trouble.ts';
import type { Deployment, KeyRotationFunction } from '../command/deployment.ts';
import { CliError } from '../io/cli-error.ts';
import { foreign } from '../io/foreign.ts';
import { parseFunctionError, parseReply } from './reply.ts';

/** What an administrator asks of the key ring; the schedule alone sends `tend`. */
type KeyCommand = Exclude<Command, { readonly command: 'tend' }>;

/**
 * Has the key rotation function carry out a command.
 * @throws CliError when it refuses or fails, or nobody can tell; Error of the AWS SDK when the
 *   command has not reached it
 */
export type KeyRotation = (command: KeyCommand) => Promise<Done>;

/** Finds the function of a deployment. @throws CliError when it has none */
export function keyRotationOf({ keyRotation, local }: Deployment): KeyRotation {
  if (keyRotation) return (command) => carryOut(keyRotation, command);
  throw new CliError(
    local
      ? 'this local stack has no key rotation yet: start it again with npm start'
      : 'this deployment has no key rotation yet: deploy it again with npx cdk deploy',
  );
}

async function carryOut(rotation: KeyRotationFunction, command: KeyCommand): Promise<Done> {
  const { FunctionError, Payload } = await invoke(rotation, command);
  const payload = Payload?.transformToString() ?? '';
  if (FunctionError) {
    const error = parseFunctionError(payload);
    throw new CliError(
      `the key rotation function failed (${error}); look at its log${uncertainty(command)}`,
    );
  }
  const reply = parseReply(payload);
  if (reply?.outcome === 'done') return reply;
  if (reply) throw new CliError(foreign(reply.reason), 1, { code: 'refused' });
  throw new CliError(
    `the key rotation function gave an answer that this version of countersign does not know: deploy the stack again with npx cdk deploy${uncertainty(command)}`,
  );
}

// A change waits for KMS, up to a minute, and asked for twice it would be made twice. Milliseconds.
const patience = {
  list: { maxAttempts: 2, requestTimeout: 30_000 },
  rotate: { maxAttempts: 1, requestTimeout: 70_000 },
  revoke: { maxAttempts: 1, requestTimeout: 70_000 },
} as const satisfies Record<KeyCommand['command'], object>;

async function invoke(
  { functionName: FunctionName, account }: KeyRotationFunction,
  command: KeyCommand,
): Promise<InvokeCommandOutput> {
  const { maxAttempts, requestTimeout } = patience[command.command];
  const requestHandler = { connectionTimeout: 3_000, requestTimeout, throwOnRequestTimeout: true };
  const lambda = new LambdaClient({ ...account, maxAttempts, requestHandler });
  try {
    const Payload = JSON.stringify(command);
    return await lambda.send(new InvokeCommand({ FunctionName, Payload }));
  } catch (error) {
    throw isChange(command) ? doubtful(error) : error;
  } finally {
    lambda.destroy();
  }
}

const isChange = ({ command }: KeyCommand): boolean => command !== 'list';

const shownByList = '`countersign key list` shows what happened';

const uncertainty = (command: KeyCommand): string => (isChange(command) ? `; ${shownByList}` : '');

/** The error to throw for one of the SDK: it says so if nobody can know whether the function ran. */
function doubtful(error: unknown): unknown {
  if (isAnswerLost(error)) return new CliError(`the answer was lost; ${shownByList}`);
  if (!(error instanceof LambdaServiceException) || error.$fault === 'client') return error;
  return new CliError(`${awsTrouble(error)}; ${shownByList}`);
}

function isAnswerLost(error: unknown): boolean {
  // Something on the way, such as a proxy, answered in Lambda's place: not in JSON.
  if (error instanceof SyntaxError) return true;
  if (!(error instanceof Error) || !('code' in error)) return false;
  const wasConnecting = 'syscall' in error && error.syscall === 'connect';
  return /^(ECONNRESET|EPIPE|ETIMEDOUT)$/.test(String(error.code)) && !wasConnecting;
}
