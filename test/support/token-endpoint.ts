import { failedAttempts } from '../../functions/authentication/failed-attempts.ts';
import {
  importedSecrets,
  type VerifyImportedSecret,
} from '../../functions/authentication/imported-secrets.ts';
import {
  clientItem,
  parseClient,
  parseResourceServer,
  resourceServerItem,
} from '../../functions/aws/registry-items.ts';
import type { SigningAlgorithmName } from '../../functions/aws/signing-algorithms.ts';
import type { AuditEntry } from '../../functions/oauth/audit.ts';
import { cachedKeyRing } from '../../functions/oauth/cached-key-ring.ts';
import { cachedRecords, type ReadRecord } from '../../functions/oauth/cached-records.ts';
import type { Client } from '../../functions/oauth/client.ts';
import type { Counter } from '../../functions/oauth/counter.ts';
import { noNonces } from '../../functions/oauth/dpop-nonce.ts';
import type { SigningKeys } from '../../functions/oauth/jws.ts';
import { publisherFreshness } from '../../functions/oauth/key-times.ts';
import { profiles } from '../../functions/oauth/profile.ts';
import type { ReplayGuard } from '../../functions/oauth/replay.ts';
import type { ResourceServer } from '../../functions/oauth/resource-server.ts';
import { guardedFetch } from '../../functions/remote/guarded-fetch.ts';
import type { Fetch } from '../../functions/remote/json-document.ts';
import { publishedKeySets } from '../../functions/remote/published-keys.ts';
import { newJti } from '../../functions/token/access-token.ts';
import { createHandler, type TokenEndpoint } from '../../functions/token/handler.ts';
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
import { aRingKey } from './a-ring-key.ts';
import { countedSigningKeys } from './counted-signing-keys.ts';
import { httpApiEvent, type RequestInit } from './http-api-event.ts';
import { memoryCounter } from './memory/memory-counter.ts';
import { memoryKeyRing } from './memory/memory-key-ring.ts';
import { memoryRecords } from './memory/memory-records.ts';
import { memoryReplayGuard } from './memory/memory-replay-guard.ts';

// What a test of the endpoint needs beside it.
export { aClient, api, aResourceServer, aSecret, client_id, client_secret, issuer, stoppedAt };

/** A client with the same secret that sends it in the body. */
export const postingClient = 'posting-client';
/** Where clients are asked for a certificate. */
export const mtlsOrigin = 'https://mtls.as.example.com';

/** What an endpoint stands on, be it in memory or over the network. */
export interface Ports {
  readonly clients: ReadRecord<Client>;
  readonly resourceServers: ReadRecord<ResourceServer>;
  readonly counter: Counter;
  readonly replays: ReplayGuard;
  readonly signingKeys: SigningKeys;
}

/** What is special about the surroundings of an endpoint. */
export interface Surroundings {
  /** Seconds that the endpoint caches clients and resource servers. */
  readonly clientCache?: number;
  /** Reaches what others publish. @default the guarded one, which may ask this computer */
  readonly fetch?: Fetch;
  /** Verifies foreign hashes. @default no secret has one */
  readonly verifyImported?: VerifyImportedSecret;
}

/** The same at each endpoint on these ports at which clients authenticate. */
export function clientEndpointOn(
  { clients, resourceServers, counter, replays }: Ports,
  {
    clientCache = 0,
    fetch = guardedFetch({ mayBeLocal: true }),
    verifyImported = async () => ({ matches: false }),
  }: Surroundings,
  now: () => number,
  path: string,
) {
  const cached = <Kind extends object>(read: ReadRecord<Kind>) =>
    cachedRecords({ read, seconds: clientCache, now });
  const urlsOf = (below: string) => [`${issuer}${below}`, `${mtlsOrigin}${below}`];
  return {
    issuer,
    audiences: [...new Set([...urlsOf('/token'), ...urlsOf(path)])],
    urls: urlsOf(path),
    records: { clients: cached(clients), resourceServers: cached(resourceServers) },
    clientSecretMethod: 'any',
    corsOrigins: [],
    assertionMaxLifetime: 3600,
    failedAttempts: failedAttempts(counter, now),
    importedSecrets: importedSecrets({ verify: verifyImported, counter, now }),
    publishedKeys: publishedKeySets({ fetch, fetchTimeout: 2000, now }),
    replays,
    noteUse: () => undefined,
    now,
    profile: profiles.none,
    nonces: noNonces,
  } as const;
}

/** Instances of a token endpoint on these ports, with a clock that stands still, and what they log. */
export function instancesOn(
  ports: () => Ports,
  special: Partial<TokenEndpoint>,
  surroundings: Surroundings,
  clock: { now: number },
) {
  const now = () => clock.now;
  const audited: AuditEntry[] = [];
  const instance = (ofItsOwn: Partial<TokenEndpoint> = {}) => {
    const own = ports();
    return createHandler({
      ...clientEndpointOn(own, surroundings, now, '/token'),
      accessTokenLifetime: 3600,
      signingKeys: own.signingKeys,
      reuse: noTokenReuse,
      newJti,
      newPlace: () => undefined,
      audit: (entry) => audited.push(entry),
      ...special,
      ...ofItsOwn,
    });
  };
  const handler = instance();
  return {
    handler,
    post: poster(handler),
    /** Posts to a further instance of the function, which shares the stores alone. */
    another: (ofItsOwn: Partial<TokenEndpoint> = {}) => poster(instance(ofItsOwn)),
    audited,
    clock,
  };
}

/** Registers the clients and the API that each endpoint has. */
export async function registerUsual(
  register: (client: Partial<Client>) => unknown,
  registerApi: (server: Partial<ResourceServer>) => unknown,
): Promise<void> {
  await Promise.all([
    register({}),
    register({ client_id: postingClient, token_endpoint_auth_method: 'client_secret_post' }),
    registerApi({}),
  ]);
}

/**
 * A token endpoint on stores in memory, with real signatures; the clock stands still. What comes of
 * real stores is shown on `tokenEndpointOnServices`.
 */
export async function tokenEndpoint(
  special: Partial<TokenEndpoint> = {},
  { alg = 'RS256', ...surroundings }: Surroundings & { readonly alg?: SigningAlgorithmName } = {},
) {
  const clock = { now: stoppedAt };
  const now = () => clock.now;
  const { signingKeys, publicJwk: jwk, signatures } = await countedSigningKeys(alg);
  const clients = memoryRecords(parseClient);
  const resourceServers = memoryRecords(parseResourceServer);
  const ports = {
    clients: clients.read,
    resourceServers: resourceServers.read,
    counter: memoryCounter(),
    replays: memoryReplayGuard(now),
    signingKeys,
  };
  const register = async (client: Partial<Client>) => {
    const whole = aClient(client);
    clients.put(whole.client_id, clientItem(whole));
  };
  const registerApi = async (server: Partial<ResourceServer>) => {
    const whole = aResourceServer(server);
    resourceServers.put(whole.resource, resourceServerItem(whole));
  };
  await registerUsual(register, registerApi);
  const ring = memoryKeyRing({ keys: [aRingKey({ kid: jwk.kid, alg, jwk })], revision: 1 });
  return {
    ...instancesOn(() => ports, special, surroundings, clock),
    /** What it stands on. */
    ports,
    register,
    unregister: async (id: string) => clients.delete(id),
    registerApi,
    clients,
    resourceServers,
    /** How many tokens have been signed since this was asked last. */
    signatures,
    /** The ring as the discovery function has it. */
    keyRing: cachedKeyRing(ring, { now, freshness: publisherFreshness }),
    /** The public half of the key that signs. */
    publicJwk: async () => jwk,
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
