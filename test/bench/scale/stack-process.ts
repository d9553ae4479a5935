import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { dynamodbKeyRing } from '../../../functions/aws/dynamodb-key-ring.ts';
import { keyRingItem } from '../../../functions/aws/key-ring-item.ts';
import { activeKey, type RingKey } from '../../../functions/oauth/key-ring.ts';
import { createTables } from '../../../local/dynamodb/dynamodb.ts';
import type { Endpoints } from '../../../local/lambda/function-environment.ts';
import type { LocalStack } from '../../../local/local-stack.ts';
import { startLocalStack } from '../../../local/stack.ts';
import { client_secret } from '../../support/a-client.ts';
import { answerParent } from '../fixtures/child.ts';
import { type Door, type DoorSettings, openDoor } from './door.ts';
import { type BenchRegistry, registryTable, writeRegistries } from './registries.ts';
import type { StackFigures, StackPlaces, StackQuestion } from './stack-child.ts';
import { type RoutedFunction, tokenFunction } from './token-function.ts';

// A local stack in a process of its own, with the doors that were named, so that its processor time is the
// emulator's alone. It removes its directory when it is disconnected, however the bench ends.

const wanted: Readonly<Record<string, DoorSettings>> = JSON.parse(process.argv[2] ?? '{}');
const held = new AsyncDisposableStack();
const doors = new Map<string, Door>();
const interrupted = new AbortController();
const places = start();
places.catch(() => undefined);

answerParent(
  (question: StackQuestion) => ('places' in question ? places : figures(question.door)),
  async () => {
    interrupted.abort();
    await places.catch(() => undefined);
    await held.disposeAsync();
  },
);

async function start(): Promise<StackPlaces> {
  const directory = await mkdtemp(join(tmpdir(), 'countersign-scale-'));
  held.defer(() => rm(directory, { recursive: true }));
  await writeRegistries(tables(), {
    directory: join(directory, 'dynamodb'),
    signal: interrupted.signal,
    progress: (step) => process.stderr.write(`${step}\n`),
  });
  const ports = { port: 0, apiPort: 0, tlsPort: 0, apiTlsPort: 0, mtlsPort: 0, apiMtlsPort: 0 };
  const stack = await startLocalStack({ directory, ...ports });
  held.defer(stack.stop);
  const { account, dynamodbEndpoint: dynamodb, kmsEndpoint: kms } = stack;
  await createTables({ ...account, endpoint: dynamodb }, tables().map(registryTable));
  const signingKey = await shareKeys(stack);
  const endpoints = { dynamodb, kms, account };
  await openDoors(await tokenFunction(stack), endpoints);
  const urls = Object.fromEntries([...doors].map(([name, { url }]) => [name, url]));
  return { urls, endpoints, client_secret, signingKey };
}

/** Each registry once, though several doors may have it. */
function tables(): readonly BenchRegistry[] {
  const registries = Object.values(wanted).map(({ registry }) => registry);
  return [...new Map(registries.map((registry) => [registry.table, registry])).values()];
}

/** Lets every registry have the signing keys of the stack's own, and tells which one signs. */
async function shareKeys(stack: LocalStack): Promise<RingKey> {
  const dynamodb = new DynamoDBClient({ ...stack.account, endpoint: stack.dynamodbEndpoint });
  try {
    const ring = await dynamodbKeyRing(dynamodb, stack.registryTable).load();
    const Item = marshall(keyRingItem(ring), { removeUndefinedValues: true });
    for (const { table } of tables()) {
      await dynamodb.send(new PutItemCommand({ TableName: table, Item }));
    }
    return activeKey(ring);
  } finally {
    dynamodb.destroy();
  }
}

async function openDoors(lambda: RoutedFunction, endpoints: Endpoints): Promise<void> {
  for (const [name, settings] of Object.entries(wanted)) {
    doors.set(name, held.use(await openDoor({ lambda, endpoints, settings })));
  }
}

async function figures(door: string): Promise<StackFigures> {
  const { user, system } = process.cpuUsage();
  return { cpu: user + system, instances: (await doors.get(door)?.figures()) ?? [] };
}
