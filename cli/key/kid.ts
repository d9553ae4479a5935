/** Whether a text can be a kid: an RFC 7638 thumbprint by SHA-256. */
export const isKid = (text: string): boolean => /^[\w-]{43}$/.test(text);

/**
 * One kid of 64 begins with a hyphen, and commander would take it for an option. In `key revoke` such a
 * kid is moved to the end, behind the `--` that ends the options.
 */
export function withKidBehindOptions(parameters: readonly string[]): readonly string[] {
  const index = parameters.findIndex((text) => text.startsWith('-') && isKid(text));
  const isRevocation = parameters.includes('key') && parameters.includes('revoke');
  const kid = parameters[index];
  if (kid === undefined || !isRevocation || parameters.includes('--')) return parameters;
  return [...parameters.toSpliced(index, 1), '--', kid];
}
