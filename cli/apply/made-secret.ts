import { hash } from 'node:crypto';
import type { ClientSecret } from '../../functions/oauth/client.ts';
import { hashClientSecret, isNewClientSecret } from '../../functions/oauth/client-secret.ts';
import { newSecret } from '../../registry/client-secrets.ts';
import type { DeclaredClient } from '../../registry/declared/declaration.ts';
import { RegistryError } from '../../registry/registry-error.ts';
import { parsedObject } from '../io/json-answer.ts';
import type { SecretKeeper } from './secret-keeper.ts';

/** Where the client gets its tokens. */
export interface SecretSurroundings {
  readonly issuer: string;
  readonly tokenEndpoint: string;
  /** NumericDate. */
  readonly now: number;
  /** What tells a state of the client from others; absent: it is not registered. */
  readonly seen?: string | undefined;
}

/**
 * Makes a secret for a client and puts it where it is kept, unless one is there that was made for it: whoever made that
 * had no time to register it. One that was made for an earlier state of a registered client was taken from it since, and
 * does not come back. It is told to nobody.
 * @returns what is to be registered of it
 * @throws RegistryError when something else is there
 */
export async function madeSecret(
  keeper: SecretKeeper,
  client: DeclaredClient,
  surroundings: SecretSurroundings,
): Promise<ClientSecret> {
  const { secrets_manager: name = '' } = client.secret ?? {};
  const kept = await keeper.value(name);
  if (kept) secretFor(client, kept.value);
  const isOld =
    surroundings.seen !== undefined && kept?.version !== versionOf(client, surroundings);
  const value = kept && !isOld ? kept.value : await newValue(keeper, name, client, surroundings);
  const client_secret = secretFor(client, value);
  const { id, created_at } = newSecret(surroundings.now);
  return { id, hash: hashClientSecret(client_secret), created_at, expires_at: undefined };
}

/** @throws RegistryError when a value has none that was made for a client */
function secretFor(client: DeclaredClient, value: string | undefined): string {
  const { client_id, client_secret } = parsedObject(value ?? '') ?? {};
  if (client_id === client.client_id && isOurs(client_secret)) return client_secret;
  const { secrets_manager: name } = client.secret ?? {};
  throw new RegistryError(
    'contents',
    `the secret ${name} has something else in it than a secret that was made for ${client.client_id}: name another one`,
  );
}

/** What others write may be weak. */
const isOurs = (secret: unknown): secret is string =>
  typeof secret === 'string' && isNewClientSecret(secret);

async function newValue(
  keeper: SecretKeeper,
  name: string,
  client: DeclaredClient,
  surroundings: SecretSurroundings,
): Promise<string | undefined> {
  const { client_id, grants = {} } = client;
  const { issuer, tokenEndpoint: token_endpoint, now } = surroundings;
  const { client_secret } = newSecret(now);
  const [[resource, scope] = ['', '']] = Object.entries(grants);
  const value = JSON.stringify({ client_id, client_secret, token_endpoint, scope, resource });
  const version = versionOf(client, surroundings);
  const description = `Secret of the client ${client_id} of ${issuer}`;
  const isPut = await keeper.put(name, { value, version, description });
  return isPut ? value : (await keeper.value(name))?.value;
}

/** The version that a secret has which is made for a client as it is now. */
const versionOf = ({ client_id }: DeclaredClient, { issuer, seen }: SecretSurroundings): string =>
  hash('sha256', [issuer, client_id, seen ?? []].flat().join(' '), 'hex').slice(0, 36);
