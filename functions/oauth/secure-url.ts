/** Whether requests to a URL stay on this computer (RFC 8252 §8.3 names the addresses). */
export function isLoopback({ hostname }: URL): boolean {
  return /^(127(\.\d+){3}|\[::1\]|localhost)$/.test(hostname);
}

/** Whether secrets and keys may be sent to a URL: https, or http to this computer. */
export function isSecureUrl(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
}

/** Whether a text is the origin (RFC 6454 §6.2) of URLs to which secrets and keys may be sent. */
export function isSecureOrigin(text: string): boolean {
  const url = URL.parse(text);
  // A URL's host may have an asterisk; an origin of which one is meant never does.
  return url !== null && url.origin === text && isSecureUrl(url) && !text.includes('*');
}

/** Whether a text is the origin (RFC 6454 §6.2) of a page that comes from this computer. */
export function isLoopbackOrigin(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && url.origin === text && isLoopback(url);
}
