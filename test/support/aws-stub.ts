import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { marshall } from '@aws-sdk/util-dynamodb';
import { keyRingItem } from '../../functions/aws/key-ring-item.ts';
import { clientItem, resourceServerItem } from '../../functions/aws/registry-items.ts';
import { signPkcs1 } from '../../local/kms/rsa-signature.ts';
import { aClient, api, aResourceServer } from './a-client.ts';
import { aRingKey } from './a-ring-key.ts';

/** A call as it arrived. */
export interface Call {
  readonly operation: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What an operation answers instead: once, or `hang` for as long as it is set. */
type Trouble = { readonly status: number; readonly type: string } | 'hang';

/** DynamoDB and KMS, as far as a token request needs them. */
export interface AwsStub {
  readonly endpoint: string;
  /** The public half of the key that signs. */
  readonly publicKey: KeyObject;
  readonly calls: Call[];
  /** Operation -> what is wrong with it. */
  readonly troubles: Map<string, Trouble>;
  close(): void;
}

/** The client that it knows. */
export const client_id = 'a-client';

/** Starts a server that answers from memory, so that next to nothing of what is measured is its own. */
export async function startAwsStub(): Promise<AwsStub> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const calls: Call[] = [];
  const troubles = new Map<string, Trouble>();
  const items = registry(publicKey);
  const server = createServer(async (request, response) => {
    const { headers } = request;
    const operation = String(headers['x-amz-target']).split('.').at(-1) ?? '';
    const body = await text(request);
    calls.push({ operation, headers, body });
    const trouble = troubles.get(operation);
    if (trouble === 'hang') return;
    if (trouble) {
      troubles.delete(operation);
      return void answer(response, { __type: trouble.type, message: 'in trouble' }, trouble.status);
    }
    answer(response, operations[operation]?.(JSON.parse(body), { items, privateKey }) ?? {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { endpoint, publicKey, calls, troubles, close };
}

interface Stored {
  readonly items: ReadonlyMap<string, object>;
  readonly privateKey: KeyObject;
}

/** What of an input is read. */
interface Input {
  readonly Key: { readonly pk: { readonly S: string } };
  readonly Message: string;
}

/** Operation -> the answer to its input; the others have nothing to say. */
const operations: Readonly<Record<string, (input: Input, stored: Stored) => object>> = {
  GetItem: ({ Key }, { items }) => ({ Item: items.get(Key.pk.S) }),
  // A block of token numbers, and a count of failures.
  UpdateItem: () => ({ Attributes: { next: { N: '1024' }, occurrences: { N: '1' } } }),
  Sign: ({ Message }, { privateKey }) => ({
    Signature: signPkcs1(privateKey, Buffer.from(Message, 'base64')).toString('base64'),
  }),
};

function answer(response: ServerResponse, body: object, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
  response.end(JSON.stringify(body));
}

/** A registry with a client, its API, and a ring with one key. */
function registry(publicKey: KeyObject): ReadonlyMap<string, object> {
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  const key = aRingKey();
  const jwk = { ...key.jwk, n, e };
  const items = [
    clientItem(aClient({ client_id, grants: new Map([[api, new Set(['read'])]]) })),
    resourceServerItem(aResourceServer()),
    keyRingItem({ revision: 1, keys: [{ ...key, jwk }] }),
  ];
  return new Map(
    items.map((item) => [String(item.pk), marshall(item, { removeUndefinedValues: true })]),
  );
}
