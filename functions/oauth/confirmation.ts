/** What a token is bound to (RFC 7800 §3.1): a key, a certificate, or both. */
export interface Confirmation {
  /** RFC 7638 thumbprint of a JWK (RFC 9449 §6.1). */
  readonly jkt?: string | undefined;
  /** SHA-256 of a certificate (RFC 8705 §3.1). */
  readonly 'x5t#S256'?: string | undefined;
}

const members: ReadonlySet<string> = new Set(['jkt', 'x5t#S256'] satisfies (keyof Confirmation)[]);

/**
 * Reads a `cnf` claim.
 * @returns undefined when any member is unknown: such a binding cannot be checked in full
 */
export function parseConfirmation(value: unknown): Confirmation | undefined {
  const entries = Object.entries(typeof value === 'object' ? { ...value } : {});
  const areKnown = entries.every(([name, member]) => members.has(name) && isThumbprint(member));
  return entries.length > 0 && areKnown ? Object.fromEntries(entries) : undefined;
}

/** A SHA-256 in base64url. */
const isThumbprint = (value: unknown): boolean =>
  typeof value === 'string' && /^[\w-]{43}$/.test(value);
