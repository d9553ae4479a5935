import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Actor } from '../../functions/aws/changed-by.ts';
import { dynamodbRegistryStore } from '../../functions/aws/dynamodb-registry-store.ts';
import { defaultResource, setDefaultResource } from '../../registry/default-resource.ts';
import type { Registry } from '../../registry/registry.ts';
import { createResourceServer, findResourceServer } from '../../registry/resource-servers.ts';
import type { LocalAccount } from '../account/local-account.ts';
import { type DemoClient, ensureDemoClient, readDemoClient } from './demo-client.ts';

const scope: ReadonlySet<string> = new Set(['read', 'write']);

const demo: Actor = { identity: 'local', tool: 'npm start' };

/** The registry that the demo is registered in, and the state directory. */
export interface DemoSurroundings {
  /** The state directory. */
  readonly directory: string;
  readonly account: LocalAccount;
  readonly endpoint: string;
  /** The registry table. */
  readonly table: string;
}

/**
 * Registers the demo API as a resource server, the default one if there is none, and the demo
 * client. Changes nothing when that was done before, unless the API has got another URL.
 */
export async function registerDemo(
  resource: string,
  { directory, account, endpoint, table }: DemoSurroundings,
): Promise<DemoClient> {
  const dynamodb = new DynamoDBClient({ ...account, endpoint });
  const now = () => Math.floor(Date.now() / 1000);
  const store = dynamodbRegistryStore(dynamodb, table, async () => demo);
  const registry: Registry = { store, now };
  try {
    if (!(await findResourceServer(registry, resource))) {
      await createResourceServer(registry, { resource, scope });
    }
    await moveDefault(registry, directory, resource);
    return await ensureDemoClient(registry, directory, { resource, scope });
  } finally {
    dynamodb.destroy();
  }
}

/** When the demo API has another URL than before, and was the default, its new URL becomes it. */
async function moveDefault(registry: Registry, directory: string, resource: string): Promise<void> {
  const before = (await readDemoClient(directory))?.resource;
  if (before === undefined || before === resource) return;
  if ((await defaultResource(registry)) === before) await setDefaultResource(registry, resource);
}
