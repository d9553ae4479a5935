import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll } from 'vitest';
import type { Item } from '../../functions/aws/item.ts';

/** A call of DynamoDB or KMS: what it is for, such as `client`, `use` or `Sign`, and of what. */
interface AwsCall {
  readonly name: string;
  /** The key without its kind. */
  readonly of: string;
}

/** DynamoDB and KMS in memory, over HTTP, as far as the token function needs them. */
export interface MemoryAws {
  readonly endpoint: string;
  readonly calls: AwsCall[];
  /** Is asked about each call before it is answered: by the error of this name, if it gives one. */
  meet: (call: AwsCall) => Promise<string | undefined>;
  put(item: Item): void;
}

/** What KMS does with keys. */
export interface KmsInMemory {
  readonly Sign?: (message: Buffer) => Buffer;
  /** Gives a private key (PKCS #8). */
  readonly Decrypt?: () => Buffer;
}

type Attributes = Readonly<Record<string, { readonly S?: string; readonly N?: string }>>;

/** What of an input is read. */
interface Input {
  readonly Key?: Attributes;
  readonly Item?: Attributes;
  readonly ExpressionAttributeValues?: Attributes;
  readonly Message?: string;
}

type Items = Map<string, Attributes>;
type Operation = (input: Input, items: Items, kms: KmsInMemory) => object;

/** Starts it; it is closed when the test file ends. */
export async function startMemoryAws(kms: KmsInMemory): Promise<MemoryAws> {
  const items: Items = new Map();
  const calls: AwsCall[] = [];
  const server = createServer(async (request, response) => {
    const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
    const input: Input = JSON.parse(await text(request));
    const call = callOf(operation, input);
    calls.push(call);
    const trouble = await aws.meet(call);
    if (trouble !== undefined) return void answer(response, { __type: trouble }, 400);
    const answered = operations[operation]?.(input, items, kms) ?? {};
    answer(response, answered, '__type' in answered ? 400 : 200);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const aws: MemoryAws = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    meet: async () => undefined,
    put: (item) => void items.set(String(item.pk), marshall(item, options)),
  };
  return aws;
}

const options = { removeUndefinedValues: true, convertClassInstanceToMap: true };

const keyOf = ({ Key, Item }: Input): string => String((Key ?? Item)?.pk?.S);

function callOf(operation: string, input: Input): AwsCall {
  if (input.Key === undefined && input.Item === undefined) return { name: operation, of: '' };
  const [kind = '', ...rest] = keyOf(input).split('#');
  const verb = operation === 'DeleteItem' ? 'give back ' : '';
  return { name: `${verb}${names[kind] ?? kind}`, of: rest.join('#') };
}

const names: Readonly<Record<string, string>> = {
  used: 'use',
  'signing-keys': 'ring',
  failures: 'count',
};

/** Operation -> what it answers. */
const operations: Readonly<Record<string, Operation>> = {
  GetItem: (input, items) => ({ Item: items.get(keyOf(input)) }),
  PutItem(input, items) {
    const Item = items.get(keyOf(input));
    const now = Number(input.ExpressionAttributeValues?.[':now']?.N);
    const isThere = Item !== undefined && !(Number(Item.expires_at?.N) <= now);
    if (isThere) return { __type: 'ConditionalCheckFailedException', Item };
    items.set(keyOf(input), input.Item ?? {});
    return {};
  },
  DeleteItem(input, items) {
    items.delete(keyOf(input));
    return {};
  },
  UpdateItem(input, items) {
    const size = input.ExpressionAttributeValues?.[':size'];
    const [counted, more] = size ? ['next', Number(size.N)] : ['occurrences', 1];
    const sum = Number(items.get(keyOf(input))?.[counted]?.N ?? 0) + more;
    const Attributes = { [counted]: { N: String(sum) } };
    items.set(keyOf(input), Attributes);
    return { Attributes };
  },
  Sign: ({ Message = '' }, _items, { Sign }) => ({
    Signature: Sign?.(Buffer.from(Message, 'base64')).toString('base64'),
  }),
  Decrypt: (_input, _items, { Decrypt }) => ({ Plaintext: Decrypt?.().toString('base64') }),
};

function answer(response: ServerResponse<IncomingMessage>, body: object, status: number): void {
  // By another date than the test's the SDK would take every refusal for one of a wrong clock, and ask once more.
  response.sendDate = false;
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
  response.end(JSON.stringify(body));
}
