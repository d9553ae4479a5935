import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { dynamodbCounter } from '../../functions/aws/dynamodb-counter.ts';
import { dynamodbKeyRing } from '../../functions/aws/dynamodb-key-ring.ts';
import { dynamodbClients, dynamodbResourceServers } from '../../functions/aws/dynamodb-registry.ts';
import { dynamodbReplayGuard } from '../../functions/aws/dynamodb-replay-guard.ts';
import type { Item } from '../../functions/aws/item.ts';
import { kmsSigningKeys } from '../../functions/aws/kms-signing-keys.ts';
import { clientItem, registryKey, resourceServerItem } from '../../functions/aws/registry-items.ts';
import { unwrappedKeys } from '../../functions/aws/unwrapped-keys.ts';
import type { KeyRotationFunction } from '../../functions/key-rotation/handler.ts';
import { cachedKeyRing } from '../../functions/oauth/cached-key-ring.ts';
import type { Client } from '../../functions/oauth/client.ts';
import { activeKey } from '../../functions/oauth/key-ring.ts';
import { publisherFreshness, signerFreshness } from '../../functions/oauth/key-times.ts';
import type { ResourceServer } from '../../functions/oauth/resource-server.ts';
import type { TokenEndpoint } from '../../functions/token/handler.ts';
import { keyRotation } from './key-rotation.ts';
import { startServices, tables, type Via } from './services.ts';
import {
  aClient,
  aResourceServer,
  instancesOn,
  type Ports,
  registerUsual,
  type Surroundings,
  stoppedAt,
} from './token-endpoint.ts';

/** What is special about the services of an endpoint. */
interface ServiceSurroundings extends Surroundings {
  /** What the endpoint reaches them by way of. */
  readonly via?: Via;
  readonly keys?: Partial<KeyRotationFunction>;
}

/**
 * A token endpoint on real adapters: DynamoDB and KMS answer over HTTP, the clock stands still.
 * Everything is closed when the test file ends.
 */
export async function tokenEndpointOnServices(
  special: Partial<TokenEndpoint> = {},
  { via = async (endpoint) => endpoint, keys = {}, ...surroundings }: ServiceSurroundings = {},
) {
  const clock = { now: stoppedAt };
  const now = () => clock.now;
  const services = await startServices(now);
  const put = async (item: Item): Promise<void> => {
    const Item = marshall(item, { removeUndefinedValues: true });
    await services.dynamodb.send(new PutItemCommand({ TableName: tables.registry, Item }));
  };
  const register = (client: Partial<Client>) => put(clientItem(aClient(client)));
  const unregister = async (id: string): Promise<void> => {
    const Key = marshall(registryKey.client(id));
    await services.dynamodb.send(new DeleteItemCommand({ TableName: tables.registry, Key }));
  };
  const registerApi = (server: Partial<ResourceServer>) =>
    put(resourceServerItem(aResourceServer(server)));
  const rotation = keyRotation(services, now, keys);
  await Promise.all([registerUsual(register, registerApi), rotation.done({ command: 'tend' })]);

  const { dynamodb, kms } = await services.via(via);
  const ports = (): Ports => ({
    clients: dynamodbClients(dynamodb, tables.registry),
    resourceServers: dynamodbResourceServers(dynamodb, tables.registry),
    counter: dynamodbCounter(dynamodb, tables.ephemera),
    replays: dynamodbReplayGuard(dynamodb, tables.ephemera, now),
    signingKeys: kmsSigningKeys(
      { kms, unwrapped: unwrappedKeys(kms, tables.registry) },
      cachedKeyRing(dynamodbKeyRing(dynamodb, tables.registry), {
        now,
        freshness: signerFreshness,
      }),
    ),
  });
  return {
    ...instancesOn(ports, special, surroundings, clock),
    register,
    unregister,
    registerApi,
    put,
    rotation,
    services,
    /** The ring as the discovery function has it. */
    keyRing: cachedKeyRing(rotation.keyRing, { now, freshness: publisherFreshness }),
    /** The public half of the key that signs. */
    publicJwk: async () => activeKey(await rotation.keyRing.load()).jwk,
  };
}
