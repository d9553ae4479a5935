import { comparableUri } from '../oauth/comparable-uri.ts';

/**
 * Normalizes the URL at which clients reach an API, to be compared with a proof's `htu` (RFC 9449 §4.3
 * (9)), without a slash at its end.
 * @throws Error when it is no http or https URL, or has an escape: no base path can have one
 */
export function parsePublicUrl(text: string): string {
  const url = comparableUri(text);
  if (url === undefined || url.includes('%'))
    throw new Error(`the public URL ${JSON.stringify(text)} is none`);
  return url.replace(/\/$/, '');
}

/** The path of such a URL, which is a domain's base path or the stage; empty: it has none. */
export const basePathOf = (publicUrl: string): string => publicUrl.replace(/^\w+:\/\/[^/]+/, '');
