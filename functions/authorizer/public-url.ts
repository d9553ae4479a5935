import { comparableUri } from '../oauth/comparable-uri.ts';

/**
 * Reads where clients reach an API, in the form in which it is compared (RFC 9449 §4.3 (9)), without a
 * slash at its end.
 * @throws Error when it is no http or https URL, or has an escape, which no base path can have
 */
export function parsePublicUrl(text: string): string {
  const url = comparableUri(text);
  if (url === undefined || url.includes('%'))
    throw new Error(`the public URL ${JSON.stringify(text)} is none`);
  return url.replace(/\/$/, '');
}
