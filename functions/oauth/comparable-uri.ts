/** The characters of a URI (RFC 3986 §2). URL parsers accept others, too. */
const uriCharacters = /^([\w\-.~:/?#[\]@!$&'()*+,;=]|%[0-9a-f]{2})+$/i;

/** RFC 9110 §4.2: scheme, host and an optional port, without user information. */
const httpUri = /^https?:\/\/[^/?#@%]+([/?#]|$)/i;

/**
 * Normalizes an http or https URI, so that two can be compared: scheme, host, port and path by RFC 3986
 * §6.2.2 and §6.2.3, without query and fragment.
 * @returns undefined for anything else, and for a URI with user information.
 */
export function comparableUri(text: string): string | undefined {
  const url = uriCharacters.test(text) && httpUri.test(text) ? URL.parse(text) : null;
  return url ? `${url.origin}${normalizedEscapes(url.pathname)}` : undefined;
}

/** RFC 3986 §6.2.2.1, §6.2.2.2: escapes only where they are needed, in capital letters. */
export const normalizedEscapes = (text: string): string =>
  text.replace(/%[0-9a-f]{2}/gi, (escaped) => {
    const character = String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
    return /[\w\-.~]/.test(character) ? character : escaped.toUpperCase();
  });

/** Decodes the escapes of a text (RFC 3986 §2.1); undefined: they are no UTF-8. */
export function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
