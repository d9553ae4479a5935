import type { KeptVersion } from '../../../registry/kept-secrets.ts';
import type { Registry } from '../../../registry/registry.ts';
import type { Client } from '../../oauth/client.ts';
import { hashClientSecret } from '../../oauth/client-secret.ts';
import { type Keeper, type Keepers, versionAt } from '../keeper.ts';
import { type KeptValue, readKeptValue } from '../kept-value.ts';

/** What a rotation of client secrets works with. */
export interface SecretRotation {
  readonly keepers: Keepers;
  /** Gives the registry to whoever changes it on behalf of a secret with this ARN. */
  readonly registryFor: (keeper: string) => Registry;
  /**
   * Gets a token by a client's secret.
   * @throws Error that says why there is none
   */
  readonly tryOut: (client: Client, client_secret: string) => Promise<void>;
}

/** One step of a rotation under way. */
export interface Journey extends SecretRotation {
  readonly keeper: Keeper;
  readonly registry: Registry;
  readonly version: string;
  readonly overlap: number;
}

/** The pending version, as the registry is to know it. */
export const keptVersion = ({ keeper, version }: Journey, client_secret: string): KeptVersion => ({
  keeper: keeper.arn,
  version,
  hash: hashClientSecret(client_secret),
});

/** What the current version keeps; undefined: there is none, or somebody has written something else there. */
export async function currentValue({
  keepers,
  keeper,
}: Pick<Journey, 'keepers' | 'keeper'>): Promise<KeptValue | undefined> {
  const version = versionAt(keeper, 'AWSCURRENT');
  return version === undefined
    ? undefined
    : readKeptValue(await keepers.value(keeper.arn, version));
}

/** The current version, as the registry knows it. */
export function currentVersion(keeper: Keeper, { client_secret }: KeptValue): KeptVersion {
  const version = versionAt(keeper, 'AWSCURRENT') ?? '';
  return { keeper: keeper.arn, version, hash: hashClientSecret(client_secret) };
}

/**
 * Gives what the version of this rotation keeps.
 * @throws Error when that is nothing of ours
 */
export async function pendingValue({ keepers, keeper, version }: Journey): Promise<KeptValue> {
  const value = readKeptValue(await keepers.value(keeper.arn, version));
  if (value) return value;
  throw noValue(keeper, version);
}

/** Why nothing can be done with a version. */
export const noValue = ({ arn }: Keeper, version = 'AWSCURRENT'): Error =>
  new Error(
    `the version ${version} of ${arn} has no value with client_id and client_secret; put one there`,
  );
