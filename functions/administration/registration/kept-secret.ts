import { hash } from 'node:crypto';
import { keptSecretId } from '../../../registry/kept-secrets.ts';
import type { ClientSecret } from '../../oauth/client.ts';
import { hashClientSecret, isNewClientSecret, newClientSecret } from '../../oauth/client-secret.ts';
import { type Keeper, type Keepers, versionAt } from '../keeper.ts';
import { type KeptValue, readKeptValue, writeKeptValue } from '../kept-value.ts';

/** What a client's secret is kept with, so that whoever reads it needs nothing else. */
export interface KeptMembers {
  readonly client_id: string;
  readonly token_endpoint: string;
  /** Of the first grant; empty: there is none. */
  readonly scope: string;
  readonly resource: string;
}

/** How a secret is kept for a request of CloudFormation. */
interface Keeping {
  readonly arn: string;
  /** The same request once more makes nothing new. */
  readonly requestId: string;
  /** Whether a hash is registered of a secret without an end. */
  readonly isRegistered: (hash: string) => Promise<boolean>;
}

/** A client's secret, and the version of its keeper that has it. */
interface Kept {
  readonly version: string;
  readonly value: KeptValue;
}

/**
 * Sees to it that the current version of a keeper is the client's, and has these members. A secret that the keeper
 * has of this client stays: the previous version has it where a change of the client_id is taken back. One that is
 * not registered was revoked, and does not come back, unless this request has made it.
 * @returns the secret as it is to be registered, without itself
 * @throws Error when somebody else changes the keeper at the same moment: the same again does it
 */
export async function keepSecret(
  keepers: Keepers,
  keeping: Keeping,
  members: KeptMembers,
  now: number,
): Promise<ClientSecret> {
  const { arn, requestId } = keeping;
  const keeper = await keepers.find(arn);
  const found = await secretOf(keepers, keeper, members.client_id, keeping);
  const kept = found
    ? await withMembers(keepers, keeper, { found, members, requestId })
    : await born(keepers, arn, { members, requestId });
  return {
    id: keptSecretId(arn, kept.version),
    hash: hashClientSecret(kept.value.client_secret),
    created_at: now,
    expires_at: undefined,
  };
}

/** The client's secret, in the current version or else in the previous one. */
async function secretOf(
  keepers: Keepers,
  keeper: Keeper,
  client_id: string,
  { requestId, isRegistered }: Keeping,
): Promise<Kept | undefined> {
  const isMade = (version: string) => version === versionFor(requestId, client_id);
  const counts = async ({ version, value }: Kept) =>
    isMade(version) || (await isRegistered(hashClientSecret(value.client_secret)));
  for (const stage of ['AWSCURRENT', 'AWSPREVIOUS'] as const) {
    const version = versionAt(keeper, stage);
    const text = version === undefined ? undefined : await keepers.value(keeper.arn, version);
    const value = ownValue(text, client_id);
    if (version === undefined || !value) continue;
    if (await counts({ version, value })) return { version, value };
  }
  return undefined;
}

/** What somebody else has written there is no secret of ours: it may be weak. */
function ownValue(text: string | undefined, client_id: string): KeptValue | undefined {
  const value = readKeptValue(text);
  const isOwn = value?.client_id === client_id && isNewClientSecret(value.client_secret);
  return isOwn ? value : undefined;
}

/** Makes the first secret of a client. Nobody but the keeper ever has it. */
async function born(
  keepers: Keepers,
  arn: string,
  { members, requestId }: { readonly members: KeptMembers; readonly requestId: string },
): Promise<Kept> {
  const { client_id, ...rest } = members;
  const value = { client_id, client_secret: newClientSecret(), ...rest };
  const version = versionFor(requestId, client_id);
  const isPut = await keepers.put(arn, {
    version,
    value: writeKeptValue(value),
    stage: 'AWSCURRENT',
  });
  if (!isPut) throw atWork(arn);
  return { version, value };
}

/** The same secret with other members beside it: a version of its own, which takes the place of the one that was read. */
async function withMembers(
  keepers: Keepers,
  keeper: Keeper,
  {
    found,
    members,
    requestId,
  }: { readonly found: Kept; readonly members: KeptMembers; readonly requestId: string },
): Promise<Kept> {
  const from = versionAt(keeper, 'AWSCURRENT') ?? found.version;
  const isAsWanted = Object.entries(members).every(([name, text]) => found.value[name] === text);
  if (isAsWanted) {
    if (from !== found.version) {
      await keepers.makeCurrent(keeper.arn, { from, to: found.version });
    }
    return found;
  }
  const value = { ...found.value, ...members };
  const version = versionFor(requestId, found.version);
  const written = writeKeptValue(value);
  const isPut = await keepers.put(keeper.arn, { version, value: written, stage: ownStage });
  if (!isPut) throw atWork(keeper.arn);
  // Whoever made another version current meanwhile, such as a rotation, has the last word.
  await keepers.makeCurrent(keeper.arn, { from, to: version });
  return { version, value };
}

const atWork = (arn: string): Error =>
  new Error(`somebody else puts the same version into ${arn}: the same again goes on`);

/** The label of a version that is about to become the current one. */
const ownStage = 'COUNTERSIGN';

/** The id of a version, the same at each attempt; Secrets Manager takes 32 to 64 characters. */
const versionFor = (requestId: string, from: string): string =>
  hash('sha256', `${requestId} ${from}`, 'hex').slice(0, 36);
