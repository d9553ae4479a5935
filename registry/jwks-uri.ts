import { RegistryError } from './registry-error.ts';
import { remoteUrlProblem } from './trust/issuer-url.ts';

const maxCharacters = 1000;

/**
 * Checks where the keys of a client are published (RFC 7591 §2): as remoteUrlProblem has it, but for a
 * query, which it may have.
 * @param issuer the deployment's
 * @throws RegistryError
 */
export function checkJwksUri(text: string, issuer: string): string {
  const problem = lexicalProblem(text) ?? remoteUrlProblem(text.replace(/\?[^#]*/, ''), issuer);
  if (problem === undefined) return text;
  throw new RegistryError('input', `--jwks-uri ${problem}`);
}

function lexicalProblem(text: string): string | undefined {
  if (text.length > maxCharacters) return `must not be longer than ${maxCharacters} characters`;
  return /^[\x21-\x7E]*$/.test(text) ? undefined : 'must be of visible ASCII characters';
}
