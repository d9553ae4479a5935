import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { type LocalService, startService } from '../io/http-server.ts';
import { generateDataKeyPairWithoutPlaintext } from './data-key-operations.ts';
import * as deletionOperations from './deletion-operations.ts';
import * as encryptionOperations from './encryption-operations.ts';
import * as keyOperations from './key-operations.ts';
import { openKeyStore } from './key-store.ts';
import { KmsError } from './kms-error.ts';
import * as nameOperations from './name-operations.ts';
import * as policyOperations from './policy-operations.ts';
import type { KmsRequest } from './request.ts';
import { getResources } from './resource-operations.ts';
import * as signingOperations from './signing-operations.ts';

type Operation = (kms: keyOperations.Kms, request: KmsRequest) => object | Promise<object>;

const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['TrentService.CreateKey', keyOperations.createKey],
  ['TrentService.DescribeKey', keyOperations.describeKey],
  ['TrentService.ListKeys', keyOperations.listKeys],
  ['TrentService.EnableKey', keyOperations.enableKey],
  ['TrentService.DisableKey', keyOperations.disableKey],
  ['TrentService.ScheduleKeyDeletion', deletionOperations.scheduleKeyDeletion],
  ['TrentService.CancelKeyDeletion', deletionOperations.cancelKeyDeletion],
  ['TrentService.GetPublicKey', signingOperations.getPublicKey],
  ['TrentService.Sign', signingOperations.sign],
  ['TrentService.Encrypt', encryptionOperations.encrypt],
  ['TrentService.Decrypt', encryptionOperations.decrypt],
  ['TrentService.GenerateDataKeyPairWithoutPlaintext', generateDataKeyPairWithoutPlaintext],
  ['TrentService.PutKeyPolicy', policyOperations.putKeyPolicy],
  ['TrentService.GetKeyPolicy', policyOperations.getKeyPolicy],
  ['TrentService.TagResource', nameOperations.tagResource],
  ['TrentService.ListResourceTags', nameOperations.listResourceTags],
  ['TrentService.CreateAlias', nameOperations.createAlias],
  ['TrentService.UpdateAlias', nameOperations.updateAlias],
  ['TrentService.ListAliases', nameOperations.listAliases],
  ['ResourceGroupsTaggingAPI_20170126.GetResources', getResources],
]);

interface KmsOptions {
  /** Of the access key that it asks for. */
  readonly accessKeyId: string;
  /** @default the keys are in memory */
  readonly directory?: string;
  /**
   * NumericDate, by which keys are deleted at their deletion date.
   * @default the clock of this computer
   */
  readonly now?: () => number;
}

/**
 * Starts a KMS on 127.0.0.1 with the operations that this product uses, in AWS's JSON 1.1 protocol.
 * GetResources of the Resource Groups Tagging API answers there too, for keys.
 */
export async function startKms({
  accessKeyId,
  directory,
  now = () => Date.now() / 1000,
}: KmsOptions): Promise<LocalService> {
  const kms = { keys: await openKeyStore(directory), now };
  const server = createServer((request, response) => void answer(kms, request, response));
  return startService(server, accessKeyId);
}

async function answer(
  kms: keyOperations.Kms,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.setHeader('content-type', 'application/x-amz-json-1.1');
  response.setHeader('x-amzn-requestid', randomUUID());
  try {
    const operation = operations.get(String(request.headers['x-amz-target']));
    if (!operation) throw new KmsError('UnknownOperationException', 'no such operation here');
    const body = parseRequest(await buffer(request));
    await deletionOperations.deleteDueKeys(kms);
    response.end(JSON.stringify(await operation(kms, body)));
  } catch (error) {
    response.statusCode = error instanceof KmsError ? 400 : 500;
    response.end(JSON.stringify(failure(error)));
  }
}

function parseRequest(body: Buffer): KmsRequest {
  try {
    const request: unknown = JSON.parse(body.toString());
    if (typeof request === 'object' && request && !Array.isArray(request)) return { ...request };
  } catch {
    // Refused below, like any other body that is not an object.
  }
  throw new KmsError('SerializationException', 'the body is not a JSON object');
}

function failure(error: unknown): object {
  if (error instanceof KmsError) return { __type: error.type, message: error.message };
  return { __type: 'KMSInternalException', message: String(error) };
}
