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
import type { AuditEntry } from '../../functions/oauth/audit.ts';
import { cachedKeyRing } from '../../functions/oauth/cached-key-ring.ts';
import { cachedRecords } from '../../functions/oauth/cached-records.ts';
import type { Client } from '../../functions/oauth/client.ts';
import { noNonces } from '../../functions/oauth/dpop-nonce.ts';
import { activeKey } from '../../functions/oauth/key-ring.ts';
import { publisherFreshness, signerFreshness } from '../../functions/oauth/key-times.ts';
import { profiles } from '../../functions/oauth/profile.ts';
import type { ResourceServer } from '../../functions/oauth/resource-server.ts';
import { guardedFetch } from '../../functions/remote/guarded-fetch.ts';
import { publishedKeySets } from '../../functions/remote/published-keys.ts';
import { failedAttempts } from '../../functions/token/failed-attempts.ts';
import { createHandler, type TokenEndpoint } from '../../functions/token/handler.ts';
import { newJti } from '../../functions/token/new-jti.ts';
import { noTokenReuse } from '../../functions/token/token-reuse.ts';
import {
  aClient,
  api,
  aResourceServer,
  aSecret,
  client_id,
  client_secret,
  issuer,
  stoppedAt,
} from './a-client.ts';
import { httpApiEvent, type RequestInit } from './http-api-event.ts';
import { keyRotation } from './key-rotation.ts';
import { startServices, tables, type Via } from './services.ts';

// What a test of the endpoint needs beside it.
export { aClient, api, aResourceServer, aSecret, client_id, client_secret, issuer, stoppedAt };

/** A client with the same secret that sends it in the body. */
export const postingClient = 'posting-client';
/** Where clients are asked for a certificate. */
export const mtlsOrigin = 'https://mtls.as.example.com';

/** What is special about the services of an endpoint. */
interface Surroundings {
  /** What the endpoint reaches them by way of. */
  readonly via?: Via;
  readonly keys?: Partial<KeyRotationFunction>;
  /** Seconds that the endpoint remembers clients and resource servers. */
  readonly clientCache?: number;
}

/**
 * A token endpoint on real adapters: DynamoDB and KMS answer over HTTP, the clock stands still.
 * Everything is closed when the test file ends.
 */
export async function tokenEndpoint(
  special: Partial<TokenEndpoint> = {},
  { via = async (endpoint) => endpoint, keys = {}, clientCache = 0 }: Surroundings = {},
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
  await Promise.all([
    register({}),
    register({ client_id: postingClient, token_endpoint_auth_method: 'client_secret_post' }),
    registerApi({}),
    rotation.done({ command: 'tend' }),
  ]);

  const { dynamodb, kms } = await services.via(via);
  const audited: AuditEntry[] = [];
  const cached = <Kind extends object>(read: (id: string) => Promise<Kind | undefined>) =>
    cachedRecords({ read, seconds: clientCache, now });
  const instance = (ofItsOwn: Partial<TokenEndpoint> = {}) =>
    createHandler({
      issuer,
      tokenEndpoints: [`${issuer}/token`, `${mtlsOrigin}/token`],
      accessTokenLifetime: 3600,
      records: {
        clients: cached(dynamodbClients(dynamodb, tables.registry)),
        resourceServers: cached(dynamodbResourceServers(dynamodb, tables.registry)),
      },
      clientSecretMethod: 'any',
      failedAttempts: failedAttempts(dynamodbCounter(dynamodb, tables.ephemera), now),
      publishedKeys: publishedKeySets({
        fetch: guardedFetch({ mayBeLocal: true }),
        fetchTimeout: 2000,
        now,
      }),
      replays: dynamodbReplayGuard(dynamodb, tables.ephemera, now),
      signingKeys: kmsSigningKeys(
        { kms, unwrapped: unwrappedKeys(kms, tables.registry) },
        cachedKeyRing(dynamodbKeyRing(dynamodb, tables.registry), {
          now,
          freshness: signerFreshness,
        }),
      ),
      now,
      reuse: noTokenReuse,
      profile: profiles.none,
      nonces: noNonces,
      newJti,
      audit: (entry) => audited.push(entry),
      ...special,
      ...ofItsOwn,
    });
  const handler = instance();
  return {
    handler,
    post: poster(handler),
    /** Posts to a further instance of the function, which shares the stores alone. */
    another: (ofItsOwn: Partial<TokenEndpoint> = {}) => poster(instance(ofItsOwn)),
    register,
    unregister,
    registerApi,
    put,
    audited,
    clock,
    rotation,
    services,
    /** The ring as the discovery function holds it. */
    keyRing: cachedKeyRing(rotation.keyRing, { now, freshness: publisherFreshness }),
    /** The public half of the key that signs. */
    publicJwk: async () => activeKey(await rotation.keyRing.load()).jwk,
  };
}

function poster(handler: ReturnType<typeof createHandler>) {
  return async (form: string, init: RequestInit = {}) => {
    const { body, ...response } = await handler(
      httpApiEvent({ body: form, ...init }),
      init.context,
    );
    return { ...response, body: JSON.parse(body) };
  };
}
