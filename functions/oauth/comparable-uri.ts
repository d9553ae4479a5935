/** RFC 3986 §2: anything else in a URI is not one, however forgiving a parser may be. */
const uriCharacters = /^([\w\-.~:/?#[\]@!$&'()*+,;=]|%[0-9a-f]{2})+$/i;

/** RFC 9110 §4.2: a scheme, a host that is written out, perhaps a port; no user information. */
const httpUri = /^https?:\/\/[^/?#@%]+([/?#]|$)/i;

/**
 * An http or https URI in the form in which two are compared: scheme, host, port and path as RFC 3986
 * §6.2.2 and §6.2.3 normalize them, without query and fragment.
 * @returns undefined for anything else, and for a URI with user information.
 */
export function comparableUri(text: string): string | undefined {
  const url = uriCharacters.test(text) && httpUri.test(text) ? URL.parse(text) : null;
  return url ? `${url.origin}${normalizedEscapes(url.pathname)}` : undefined;
}

/** RFC 3986 §6.2.2.1, §6.2.2.2: what need not be escaped is not, and what is has capital letters. */
const normalizedEscapes = (path: string): string =>
  path.replace(/%[0-9a-f]{2}/gi, (escaped) => {
    const character = String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
    return /[\w\-.~]/.test(character) ? character : escaped.toUpperCase();
  });

/** A text with its escapes read (RFC 3986 §2.1); undefined: they are no UTF-8. */
export function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
