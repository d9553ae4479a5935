/** RFC 3986 §2: anything else in a URI is not one, however forgiving a parser may be. */
const uriCharacters = /^[\w\-.~:/?#[\]@!$&'()*+,;=%]+$/;

/**
 * An http or https URI in the form in which two are compared: scheme, host and port as RFC 3986
 * §6.2.2 and §6.2.3 normalize them, the path with its escapes read, without query and fragment. The
 * path is decoded because an HTTP API tells it so; what only its escapes tell apart is one path there.
 * @returns undefined for anything else, and for a URI with user information.
 */
export function comparableUri(text: string): string | undefined {
  const url = uriCharacters.test(text) ? URL.parse(text) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) return undefined;
  const path = decodedPath(url.pathname);
  return path === undefined ? undefined : `${url.origin}${path}`;
}

/** A path with its escapes read (RFC 3986 §2.1); undefined: they are no UTF-8. */
export function decodedPath(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
