import { isResourceIdentifier } from './resource-server.ts';
import { isSecureOrigin } from './secure-url.ts';

/**
 * Reads an issuer identifier that a deployment has been given. Synthesis checks it, but not where it is a
 * parameter of a template.
 * @throws Error, so that the cold start fails rather than keys come over a wire that anybody can change
 */
export function parseIssuer(text: string): string {
  if (isSecureOrigin(text)) return text;
  throw new Error(`the issuer ${JSON.stringify(text)} is not the origin of an https URL`);
}

/**
 * Reads the identifier of an API that a deployment has been given (RFC 8707 §2).
 * @throws Error, so that the cold start fails rather than every token is refused
 */
export function parseAudience(text: string): string {
  if (isResourceIdentifier(text)) return text;
  throw new Error(`the audience ${JSON.stringify(text)} is not an absolute URI without a fragment`);
}
