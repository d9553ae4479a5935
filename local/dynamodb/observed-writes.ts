import type { RequestListener } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { inProcess, type Message, type Send } from './in-process.ts';
import type { Image, TableWrite } from './stream-record.ts';

/** Takes the writes of a table, in the order in which they were made. */
export type Observer = (write: TableWrite) => void;

/** The tables whose writes are told, each to whom. */
export type Observers = ReadonlyMap<string, Observer>;

interface Request {
  readonly TableName?: string;
  readonly Item?: Image;
  readonly Key?: Image;
}

const target = 'DynamoDB_20120810.';
const writes = ['PutItem', 'UpdateItem', 'DeleteItem'];
const unsupported = [
  'BatchExecuteStatement',
  'BatchWriteItem',
  'ExecuteStatement',
  'ExecuteTransaction',
  'TransactWriteItems',
];

/**
 * Puts streams before a DynamoDB that has none: the writes of observed tables go through one after the other, and
 * the item is read before and after. Other ways to write such a table are refused.
 */
export function observedWrites(listener: RequestListener, observers: Observers): RequestListener {
  const send = inProcess(listener);
  let writing: Promise<unknown> = Promise.resolve();
  return (request, response) => {
    const operation = String(request.headers['x-amz-target']).slice(target.length);
    const isWrite = writes.includes(operation) || unsupported.includes(operation);
    if (observers.size === 0 || !isWrite) return listener(request, response);
    const answered = buffer(request).then((body) => {
      const message = { headers: request.headers, body };
      const done = writing.then(() => write(operation, message, { send, observers }));
      writing = done.catch(() => undefined);
      return done;
    });
    answered.then(
      ({ status, headers, body }) => response.writeHead(status, headers).end(body),
      () => request.destroy(),
    );
  };
}

interface Way {
  readonly send: Send;
  readonly observers: Observers;
}

async function write(operation: string, message: Message, { send, observers }: Way) {
  const text = message.body.toString();
  if (unsupported.includes(operation)) {
    const named = [...observers.keys()].find((table) => text.includes(table));
    return named === undefined ? send(message) : refusal(operation, named);
  }
  const { TableName = '', Item, Key } = parsed(text);
  const observe = observers.get(TableName);
  if (!observe) return send(message);
  const keys = Key ?? keyOf(Item);
  const read = () => itemAt(send, message, { TableName, Key: keys });
  const before = await read();
  const answer = await send(message);
  if (answer.status === 200) observe({ table: TableName, keys, before, after: await read() });
  return answer;
}

/** What is no JSON DynamoDB refuses itself. */
function parsed(text: string): Request {
  try {
    return { ...JSON.parse(text) };
  } catch {
    return {};
  }
}

/** The tables that are observed have one key attribute; see template/streams.ts. */
const keyOf = (item: Image | undefined): Image => (item?.pk ? { pk: item.pk } : {});

async function itemAt(send: Send, { headers }: Message, key: object): Promise<Image | undefined> {
  const { status, body } = await send({
    headers: { ...headers, 'x-amz-target': `${target}GetItem` },
    body: Buffer.from(JSON.stringify({ ...key, ConsistentRead: true })),
  });
  return status === 200 ? JSON.parse(body.toString()).Item : undefined;
}

function refusal(operation: string, table: string) {
  const body = Buffer.from(
    JSON.stringify({
      __type: 'com.amazonaws.dynamodb.v20120810#ValidationException',
      message: `the local stack does not know ${operation} on ${table}, which has a stream`,
    }),
  );
  return { status: 400, headers: { 'content-type': 'application/x-amz-json-1.0' }, body };
}
