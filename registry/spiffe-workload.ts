import { isExpectedSpiffeId, isSpiffeId } from '../functions/oauth/spiffe-id.ts';
import { RegistryError } from './registry-error.ts';
import { remoteUrlProblem } from './remote-url.ts';
import { isClientId } from './rules.ts';

/**
 * Checks the SPIFFE ID of a client, or the path above those that it may have.
 * @throws RegistryError
 */
export function parseSpiffeId(text: string): string {
  if (isExpectedSpiffeId(text)) return text;
  throw new RegistryError(
    'input',
    'a SPIFFE ID is such as spiffe://example.com/shop/billing, or spiffe://example.com/shop/* for all below a path; a whole trust domain is too wide',
  );
}

/**
 * Checks where a trust domain publishes its bundle (SPIFFE Federation §5.2.1, the profile https_web).
 * @param issuer the deployment's
 * @throws RegistryError
 */
export function checkBundleEndpoint(text: string, issuer: string): string {
  const problem = remoteUrlProblem(text, issuer);
  if (problem === undefined) return text;
  throw new RegistryError('input', `--spiffe-bundle-endpoint ${problem}`);
}

/** The client_id of a client that is registered by a SPIFFE ID alone: what it sends as its client_id. */
export const clientIdOfWorkload = (spiffe_id: string | undefined): string | undefined =>
  spiffe_id !== undefined && isSpiffeId(spiffe_id) && isClientId(spiffe_id) ? spiffe_id : undefined;
