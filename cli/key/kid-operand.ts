import { isKid } from './reply.ts';

/**
 * Puts a kid that begins with a hyphen, as one of 64 does, behind the `--` that ends the options:
 * else it would be taken for some.
 */
export function withKidBehindOptions(parameters: readonly string[]): readonly string[] {
  const index = parameters.findIndex((text) => text.startsWith('-') && isKid(text));
  const isRevocation = parameters.includes('key') && parameters.includes('revoke');
  const kid = parameters[index];
  if (kid === undefined || !isRevocation || parameters.includes('--')) return parameters;
  return [...parameters.toSpliced(index, 1), '--', kid];
}
