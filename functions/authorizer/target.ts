import { comparableUri, decoded } from '../oauth/comparable-uri.ts';
import { basePathOf } from './public-url.ts';

/** The path of a request, as API Gateway tells it, without the stage. */
export interface RequestPath {
  readonly text: string;
  /** Whether API Gateway has decoded its escapes: `/a%2Fb` and `/a/b` are then the same path. */
  readonly isDecoded: boolean;
}

/**
 * Tells whether the `htu` of a proof is the URI of a request (RFC 9449 §4.3 (9)).
 * @param publicUrl where clients reach the API, without a slash at its end
 */
export function isTarget(publicUrl: string, path: RequestPath): (htu: string) => boolean {
  const uris = urisOf(publicUrl, path.text);
  if (path.isDecoded) return (htu) => uris.includes(decoded(htu) ?? '');
  const comparable = uris.map(comparableUri);
  return (htu) => comparable.includes(htu);
}

/**
 * The URIs that the client may have used. The path may or may not include a custom domain's base path. If
 * nothing follows that, API Gateway does not tell whether there was a slash.
 */
function urisOf(publicUrl: string, path: string): readonly string[] {
  const rest = withoutPrefix(path, basePathOf(publicUrl));
  return rest === '' || rest === '/' ? [publicUrl, `${publicUrl}/`] : [`${publicUrl}${rest}`];
}

/** A path without what it begins with, if it does. */
export function withoutPrefix(path: string, prefix: string): string {
  const isBelow = path === prefix || path.startsWith(`${prefix}/`);
  return isBelow ? path.slice(prefix.length) : path;
}
