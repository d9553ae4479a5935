/** Whether requests to a URL stay on this computer (RFC 8252 §8.3 names the addresses). */
export function isLoopback({ hostname }: URL): boolean {
  return /^(127(\.\d+){3}|\[::1\]|localhost)$/.test(hostname);
}

/** Whether secrets and keys may be sent to a URL: https, or http to this computer. */
export function isSecureUrl(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
}
