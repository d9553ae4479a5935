import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { type LocalService, startService } from '../../../local/io/http-server.ts';
import { accessKeyId } from '../test-account.ts';
import * as rotationOperations from './rotation-operations.ts';
import * as secretOperations from './secret-operations.ts';
import type { SecretRequest } from './secret-request.ts';
import type { Secret, SecretStore } from './secret-store.ts';
import {
  SecretsManagerError,
  type SecretsManagerErrorType,
  statusOf,
} from './secrets-manager-error.ts';
import * as versionOperations from './version-operations.ts';

type Operation = (store: SecretStore, request: SecretRequest) => object;

const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['CreateSecret', secretOperations.createSecret],
  ['UpdateSecret', secretOperations.updateSecret],
  ['DescribeSecret', secretOperations.describeSecret],
  ['DeleteSecret', secretOperations.deleteSecret],
  ['RestoreSecret', secretOperations.restoreSecret],
  ['PutResourcePolicy', secretOperations.putResourcePolicy],
  ['GetResourcePolicy', secretOperations.getResourcePolicy],
  ['DeleteResourcePolicy', secretOperations.deleteResourcePolicy],
  ['PutSecretValue', versionOperations.putSecretValue],
  ['GetSecretValue', versionOperations.getSecretValue],
  ['ListSecretVersionIds', versionOperations.listSecretVersionIds],
  ['UpdateSecretVersionStage', versionOperations.updateSecretVersionStage],
  ['RotateSecret', rotationOperations.rotateSecret],
  ['CancelRotateSecret', rotationOperations.cancelRotateSecret],
]);

/** What goes wrong with a call: an error in place of it, or a lost answer to what was done. */
type SecretsTrouble =
  | { readonly error: SecretsManagerErrorType }
  | { readonly error: SecretsManagerErrorType; readonly after: true };

/** A double of Secrets Manager. */
export interface SecretsManagerDouble extends LocalService {
  /** What it keeps, by name. */
  readonly secrets: ReadonlyMap<string, Secret>;
  /** The operations that it was asked for, in their order, with what was asked. */
  readonly calls: { readonly operation: string; readonly request: SecretRequest }[];
  /** Asked before each call what is wrong with it. Replace it in a test. */
  trouble: (operation: string, request: SecretRequest) => SecretsTrouble | undefined;
}

/**
 * Starts a double of Secrets Manager on 127.0.0.1, with the operations on secrets, versions and stages, in AWS's JSON
 * 1.1 protocol. It calls no rotation function, and evaluates no policy.
 * @param now seconds since 1970
 * @param key the access key that it answers
 */
export async function startSecretsManager(
  now: () => number = () => Date.now() / 1000,
  key = accessKeyId,
): Promise<SecretsManagerDouble> {
  const store: SecretStore = { secrets: new Map(), now };
  const server = createServer((request, response) => void answer(double, request, response));
  const service = await startService(server, key);
  const double: SecretsManagerDouble & { readonly store: SecretStore } = {
    ...service,
    store,
    secrets: store.secrets,
    calls: [],
    trouble: () => undefined,
  };
  return double;
}

async function answer(
  double: SecretsManagerDouble & { readonly store: SecretStore },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.setHeader('content-type', 'application/x-amz-json-1.1');
  response.setHeader('x-amzn-requestid', randomUUID());
  try {
    const [service, operation = ''] = String(request.headers['x-amz-target']).split('.');
    const body = parse(await text(request));
    const operate = service === 'secretsmanager' ? operations.get(operation) : undefined;
    if (!operate) throw new SecretsManagerError('UnknownOperationException', 'no such operation');
    double.calls.push({ operation, request: body });
    response.end(JSON.stringify(perform(double, operation, body, operate)));
  } catch (error) {
    const [type, message] = failure(error);
    response.statusCode = statusOf(type);
    response.end(JSON.stringify({ __type: type, Message: message }));
  }
}

function perform(
  { store, trouble }: SecretsManagerDouble & { readonly store: SecretStore },
  operation: string,
  request: SecretRequest,
  operate: Operation,
): object {
  const wrong = trouble(operation, request);
  if (wrong && !('after' in wrong)) throw new SecretsManagerError(wrong.error, 'in trouble');
  const done = operate(store, request);
  if (wrong) throw new SecretsManagerError(wrong.error, 'in trouble');
  return done;
}

function parse(body: string): SecretRequest {
  try {
    const request: unknown = JSON.parse(body);
    if (typeof request === 'object' && request && !Array.isArray(request)) return { ...request };
  } catch {
    // Refused below, like any other body that is not an object.
  }
  throw new SecretsManagerError('SerializationException', 'the body is not a JSON object');
}

const failure = (error: unknown): readonly [SecretsManagerErrorType, string] =>
  error instanceof SecretsManagerError
    ? [error.type, error.message]
    : ['InternalServiceError', String(error)];
