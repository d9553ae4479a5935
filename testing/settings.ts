import type { SigningAlgorithmName } from '../functions/aws/signing-algorithms.ts';
import { isClientId } from '../functions/oauth/client.ts';
import { longestAccessTokenLifetime } from '../functions/oauth/key-times.ts';
import { isResourceIdentifier } from '../functions/oauth/resource-server.ts';
import { oauthMetadataUrl } from '../functions/remote/issuer-documents.ts';
import type { TestIssuerProps } from './test-issuer.ts';

/** What an issuer says in its tokens by default. */
export interface Settings {
  /** Undefined: it is told where it listens. */
  readonly issuer: string | undefined;
  readonly audience: string;
  readonly client_id: string;
  readonly lifetime: number;
  readonly algorithm: SigningAlgorithmName;
  readonly now: () => number;
}

/** Whole seconds, as a deployment counts. */
const systemClock = (): number => Math.floor(Date.now() / 1000);

/**
 * Fills in what is not said.
 * @throws Error, one sentence, for what no deployment would put into a token
 */
export function readSettings({
  issuer,
  audience = 'https://api.example.com',
  client_id = 'test-client',
  lifetime = 3600,
  algorithm = 'RS256',
  now = systemClock,
}: TestIssuerProps): Settings {
  if (issuer !== undefined) oauthMetadataUrl(issuer);
  if (!isResourceIdentifier(audience)) {
    throw new Error(`audience is ${JSON.stringify(audience)}, which is no absolute URI.`);
  }
  if (!isClientId(client_id)) {
    throw new Error('client_id has to be 1 to 256 printable characters of ASCII.');
  }
  if (!(Number.isInteger(lifetime) && lifetime > 0 && lifetime <= longestAccessTokenLifetime)) {
    throw new Error(`lifetime has to be 1 to ${longestAccessTokenLifetime} whole seconds.`);
  }
  return { issuer, audience, client_id, lifetime, algorithm, now };
}

/** Where clients reach the API, if nobody says: its identifier, if that is a URL. */
export const publicUrlOf = (audience: string): string =>
  /^https?:/.test(audience) ? audience.replace(/\/$/, '') : 'https://api.example.com';
