import { RegistryError } from './registry-error.ts';

/**
 * Does the second half of what an administrator asked for.
 * @param halfDone what was done before, and how the rest can be done, in one sentence
 * @throws RegistryError with that sentence when it fails
 */
export async function secondHalf<Result>(
  halfDone: string,
  act: () => Promise<Result>,
): Promise<Result> {
  try {
    return await act();
  } catch (cause) {
    throw new RegistryError('half-done', halfDone, { cause });
  }
}
