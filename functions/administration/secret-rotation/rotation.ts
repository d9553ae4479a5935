import type { SecretRotation } from './journey.ts';
import { overlapOf } from './overlap.ts';
import type { RotationEvent } from './rotation-event.ts';
import { afterwards, type Rotated, steps } from './steps.ts';

/**
 * Takes one step of a rotation as Secrets Manager asks for it. Each may have died anywhere, and may come again,
 * also after a later one. What is to be done follows from the labels in Secrets Manager and the registry alone:
 * a version that is current is left alone but for the end of the older ones, and one that is neither pending
 * nor current is refused.
 * @throws Error, RegistryError: a sentence without a secret
 */
export async function rotateSecret(
  rotation: SecretRotation,
  { Step, SecretId, ClientRequestToken: version }: RotationEvent,
): Promise<Rotated> {
  const keeper = await rotation.keepers.find(SecretId);
  const registry = rotation.registryFor(keeper.arn);
  const stages = keeper.versions.get(version) ?? [];
  const journey = { ...rotation, keeper, registry, version, overlap: overlapOf(keeper) };
  if (stages.includes('AWSCURRENT')) return afterwards[Step](journey);
  if (stages.includes('AWSPENDING')) return steps[Step](journey);
  throw new Error(
    `the version ${version} of ${keeper.arn} is not AWSPENDING: another rotation has taken its place, or somebody has stopped this one`,
  );
}
