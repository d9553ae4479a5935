import { hash } from 'node:crypto';
import { type Client, type ClientSecret, maxSecrets } from '../functions/oauth/client.ts';
import { isSecretMethod } from './client-authentication.ts';
import { isExpired, withSecret } from './client-secrets.ts';
import { changeClient, findClient } from './clients.ts';
import { commandHint } from './command-hint.ts';
import type { Registry } from './registry.ts';
import { RegistryError } from './registry-error.ts';

/**
 * Client secrets whose values are kept in a secret of Secrets Manager, their keeper. Each version of the keeper
 * is one secret of the client, and the id tells whose it is: what a person has added by hand is never touched.
 */

/** A version of a keeper, and the hash of the client secret in it. */
export interface KeptVersion {
  /** ARN of the secret in Secrets Manager. */
  readonly keeper: string;
  readonly version: string;
  readonly hash: string;
}

/** The id in the registry of a version's client secret: the same at each attempt. */
export const keptSecretId = (keeper: string, version: string): string =>
  `${idsOf(keeper)}${digest(version, 8)}`;

/** How the ids of a keeper's versions begin. An ARN has random characters that nobody chooses. */
const idsOf = (keeper: string): string => `sm-${digest(keeper, 12)}-`;

const digest = (text: string, length: number): string =>
  hash('sha256', text, 'hex').slice(0, length);

/** Whether a secret of a client is one of a keeper's versions. */
export const isKeptBy = ({ id }: ClientSecret, keeper: string): boolean =>
  id.startsWith(idsOf(keeper));

/**
 * Changes the secrets of a client, and writes nothing where all is as it should be.
 * @param change gives the same client back where there is nothing to change
 * @throws RegistryError as changeClient does
 */
export async function settleClient(
  registry: Registry,
  client_id: string,
  change: (client: Client) => Client,
): Promise<Client> {
  const client = await findClient(registry, client_id);
  return change(client) === client ? client : changeClient(registry, client_id, change);
}

/**
 * Checks that a keeper may bring a client new secrets: it has brought one before, or its current value is one of
 * the client's. Else whoever may write a value could name another client in it, and get a secret of that one.
 * @param current what the keeper has now, if it is a secret of this client at all
 * @throws RegistryError when it may not, or the client gets no tokens by a secret
 */
export function checkKeeper(
  client: Client,
  { keeper, current }: { readonly keeper: string; readonly current: KeptVersion | undefined },
): void {
  const { client_id, token_endpoint_auth_method: method } = client;
  const isOwn = (secret: ClientSecret) => isKeptBy(secret, keeper) || secret.hash === current?.hash;
  const problems: readonly (readonly [boolean, string])[] = [
    [
      !client.secrets.some(isOwn),
      `none of the secrets of the client ${client_id} has come from ${keeper}, and neither is the current value there one of them`,
    ],
    [
      !isSecretMethod(method),
      `the client ${client_id} authenticates by ${method}, not by a secret`,
    ],
    [
      client.disabled,
      `the client ${client_id} is disabled, and gets no new secret; ${commandHint('client', 'enable', client_id)} changes that`,
    ],
  ];
  const [, problem] = problems.find(([isSo]) => isSo) ?? [];
  if (problem !== undefined) throw new RegistryError('contents', problem);
}

/**
 * A client with the secret of a version that is about to become its keeper's current one. The secret of the
 * current version becomes the keeper's, too, whoever has registered it. Where there is no room, a secret of
 * the keeper goes that nobody uses, or the one that was replaced first.
 * @throws RegistryError as checkKeeper and withSecret do
 */
export function withPendingSecret(
  client: Client,
  {
    pending,
    current,
  }: { readonly pending: KeptVersion; readonly current: KeptVersion | undefined },
  now: number,
): Client {
  const { keeper, version, hash } = pending;
  checkKeeper(client, { keeper, current });
  const added = { id: keptSecretId(keeper, version), hash, created_at: now, expires_at: undefined };
  const living = client.secrets.filter((secret) => !isExpired(secret, now));
  if (living.some((secret) => isSame(secret, added))) return client;
  if (living.some((secret) => secret.hash === hash)) {
    throw new RegistryError(
      'contents',
      `the value that is to become current in ${keeper} is no new secret of the client ${client.client_id}`,
    );
  }
  const own = living.map((secret) => adopted(secret, current));
  const secrets = withRoom(
    own,
    (secret) => isKeptBy(secret, keeper) && secret.hash !== current?.hash,
  );
  return withSecret({ ...client, secrets }, added, now);
}

const isSame = (a: ClientSecret, b: ClientSecret): boolean => a.id === b.id && a.hash === b.hash;

function adopted(secret: ClientSecret, current: KeptVersion | undefined): ClientSecret {
  if (!current || secret.hash !== current.hash) return secret;
  return { ...secret, id: keptSecretId(current.keeper, current.version) };
}

/** Secrets with room for one more, as far as there are some that may go. */
function withRoom(
  secrets: readonly ClientSecret[],
  mayGo: (secret: ClientSecret) => boolean,
): readonly ClientSecret[] {
  if (secrets.length < maxSecrets) return secrets;
  // One without an end has never been current: a rotation was given up.
  const order = ({ expires_at, created_at }: ClientSecret) =>
    expires_at === undefined ? created_at - Number.MAX_SAFE_INTEGER : created_at;
  const [first] = secrets.filter(mayGo).toSorted((a, b) => order(a) - order(b));
  return secrets.filter((secret) => secret !== first);
}

/**
 * A client whose secret of a version has no end.
 * @throws RegistryError when it has none: it was revoked, or has expired, or was never set
 */
export function withLastingSecret(client: Client, kept: KeptVersion, now: number): Client {
  const id = keptSecretId(kept.keeper, kept.version);
  const found = client.secrets.find((secret) => isSame(secret, { ...secret, id, hash: kept.hash }));
  if (!found || isExpired(found, now)) {
    throw new RegistryError(
      'unknown',
      `the client ${client.client_id} has no secret ${id}: it was revoked, or never set`,
    );
  }
  if (lasting(found) === found) return client;
  const secrets = client.secrets.map((secret) => (secret === found ? lasting(secret) : secret));
  return { ...client, secrets };
}

const lasting = (secret: ClientSecret): ClientSecret =>
  secret.expires_at === undefined ? secret : { ...secret, expires_at: undefined };

/**
 * A client whose keeper has a new current version: its older secrets of the keeper end, at the latest at a
 * NumericDate, and those that have expired are forgotten. Newer ones stay: by the time of this write another
 * rotation may have made one of them current.
 */
export function withReplacedSecrets(
  client: Client,
  { keeper, version }: Pick<KeptVersion, 'keeper' | 'version'>,
  { now, ends_at }: { readonly now: number; readonly ends_at: number },
): Client {
  const current = keptSecretId(keeper, version);
  const place = client.secrets.findIndex(({ id }) => id === current);
  const secrets = client.secrets
    .map((secret, index) =>
      index < place && isKeptBy(secret, keeper) ? endingBy(secret, ends_at) : secret,
    )
    .filter((secret) => !isExpired(secret, now));
  const isUnchanged =
    secrets.length === client.secrets.length &&
    secrets.every((secret, index) => secret === client.secrets[index]);
  return isUnchanged ? client : { ...client, secrets };
}

const endingBy = (secret: ClientSecret, ends_at: number): ClientSecret =>
  secret.expires_at !== undefined && secret.expires_at <= ends_at
    ? secret
    : { ...secret, expires_at: ends_at };
