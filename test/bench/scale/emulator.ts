import { marshall } from '@aws-sdk/util-dynamodb';
import { registryKey } from '../../../functions/aws/registry-items.ts';
import { signingAlgorithm } from '../../../functions/aws/signing-algorithms.ts';
import type { Contestant } from '../report/rounds.ts';
import { type Load, send } from './load.ts';
import { type BenchRegistry, clientId } from './registries.ts';
import type { StackChild } from './stack-child.ts';

/** What a round of calls of the emulator measures, in the units of TokenFigure. */
export type EmulatorFigure = 'p50' | 'rate' | 'emulator';

/** How much is sent. */
type Amount = Pick<Load, 'connections' | 'requests'>;

/** A contestant that reads random clients of a registry, with none of our code between. */
export function readingClients(
  stack: StackChild,
  { table, clients }: BenchRegistry,
  amount: Amount,
): Contestant<EmulatorFigure> {
  const headers = serviceHeaders(stack, 'DynamoDB_20120810.GetItem', '1.0');
  const each = () => {
    const client_id = clientId(Math.floor(Math.random() * clients));
    const Key = marshall(registryKey.client(client_id));
    return { body: JSON.stringify({ TableName: table, Key, ConsistentRead: true }) };
  };
  const url = stack.endpoints.dynamodb;
  return calling(stack, 'reading a client', { ...amount, url, headers, each });
}

/** A contestant that has the emulator sign as much as a token, with none of our code between. */
export function signing(stack: StackChild, amount: Amount): Contestant<EmulatorFigure> {
  const { alg, key_id: KeyId } = stack.signingKey;
  const algorithm = signingAlgorithm(alg);
  const Message = algorithm?.message(new Uint8Array(600)) ?? new Uint8Array();
  const { SigningAlgorithm, MessageType } = { ...algorithm };
  const request = { KeyId, SigningAlgorithm, MessageType, Message: base64(Message) };
  const headers = serviceHeaders(stack, 'TrentService.Sign', '1.1');
  const each = () => ({ body: JSON.stringify(request) });
  return calling(stack, 'signing', { ...amount, url: stack.endpoints.kms, headers, each });
}

/** Headers of a signed request; the emulator looks at the access key alone, not at the signature. */
const serviceHeaders = ({ endpoints }: StackChild, target: string, version: string) => ({
  authorization:
    `AWS4-HMAC-SHA256 Credential=${endpoints.account.credentials.accessKeyId}/20250101/us-east-1/any/aws4_request, ` +
    'SignedHeaders=host;x-amz-date;x-amz-target, Signature=local',
  'x-amz-date': '20250101T000000Z',
  'content-type': `application/x-amz-json-${version}`,
  'x-amz-target': target,
});

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

function calling(stack: StackChild, name: string, load: Load): Contestant<EmulatorFigure> {
  return {
    name,
    async round() {
      const before = await stack.figures(name);
      const { p50, rate } = await send(load);
      const after = await stack.figures(name);
      return { p50, rate, emulator: (after.cpu - before.cpu) / load.requests };
    },
  };
}
