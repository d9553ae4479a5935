/** What an `Authorization: Basic` header carries for a client (RFC 6749 §2.3.1). */
export interface BasicCredentials {
  readonly client_id: string;
  readonly client_secret: string;
}

/**
 * Reads client credentials from the value of an Authorization header (RFC 6749 §2.3.1,
 * RFC 7617 §2). Total: whatever is not well-formed gives undefined.
 */
export function parseBasicCredentials(authorization: string): BasicCredentials | undefined {
  const [, token68] = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization) ?? [];
  if (token68 === undefined) return undefined;
  const userPass = Buffer.from(token68, 'base64').toString('utf8');
  // RFC 7617 §2: the first colon separates them; the secret may contain more colons.
  const [, id = '', secret = ''] = /^([^:]+):(.+)$/s.exec(userPass) ?? [];
  const client_id = formDecode(id);
  const client_secret = formDecode(secret);
  return client_id && client_secret ? { client_id, client_secret } : undefined;
}

// RFC 6749 Appendix B: both halves are form-encoded before they are joined.
function formDecode(value: string): string | undefined {
  if (!/[%+]/.test(value)) return value;
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
