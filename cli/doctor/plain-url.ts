import { isSecureUrl } from '../../functions/oauth/secure-url.ts';

/** Whether a URL names a user or a password, which then would be in every log on the way. */
export function hasUser({ username, password }: URL): boolean {
  return username !== '' || password !== '';
}

/** Whether secrets may be sent to a URL, and it may be shown. */
export function isEndpoint(url: URL): boolean {
  return isSecureUrl(url) && !hasUser(url);
}
