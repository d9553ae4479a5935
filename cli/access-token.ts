import {
  decodeJwt,
  decodeProtectedHeader,
  type JWTPayload,
  type ProtectedHeaderParameters,
} from 'jose';
import {
  allowInsecureRequests,
  ClientSecretBasic,
  clientCredentialsGrantRequest,
  discoveryRequest,
  processDiscoveryResponse,
} from 'oauth4webapi';
import { isLoopback } from '../functions/oauth/secure-url.ts';
import { Refusal } from './refusal.ts';

/** A client that asks for a token, and what for. */
export interface AccessTokenRequest {
  readonly issuer: URL;
  readonly client_id: string;
  readonly client_secret: string;
  readonly scope?: string | undefined;
  readonly resource?: string | undefined;
}

/** What the token endpoint answered (RFC 6749 §5.1). */
export type AccessTokenResponse = Readonly<Record<string, unknown>> & {
  readonly access_token: string;
};

/** An access token's header and claims, decoded and not verified. */
export interface DecodedAccessToken {
  readonly header: ProtectedHeaderParameters;
  readonly claims: JWTPayload;
}

/**
 * Gets an access token as any client would: finds the token endpoint by the issuer's metadata
 * (RFC 8414) and authenticates there with the secret (RFC 6749 §2.3.1, §4.4.2).
 * @throws Refusal with the error of the token endpoint, or when the issuer does not answer as one
 */
export async function requestAccessToken(
  request: AccessTokenRequest,
): Promise<AccessTokenResponse> {
  const response = await askIssuer(request).catch((error) => issuerTrouble(request.issuer, error));
  return parseResponse(response.status, await response.json().catch(() => undefined));
}

async function askIssuer({ issuer, client_id, client_secret, ...rest }: AccessTokenRequest) {
  const metadata = await processDiscoveryResponse(
    issuer,
    await discoveryRequest(issuer, { ...connection(issuer.href), algorithm: 'oauth2' }),
  );
  return clientCredentialsGrantRequest(
    metadata,
    { client_id },
    ClientSecretBasic(client_secret),
    form(rest),
    connection(metadata.token_endpoint),
  );
}

/** Ten seconds, and plain HTTP on this computer alone: a secret goes over it. */
function connection(url = '') {
  const address = URL.parse(url);
  return {
    [allowInsecureRequests]: address !== null && isLoopback(address),
    signal: AbortSignal.timeout(10_000),
  };
}

/**
 * Decodes an access token (RFC 9068).
 * @throws Refusal when it is no JWT
 */
export function decodeAccessToken(access_token: string): DecodedAccessToken {
  try {
    return { header: decodeProtectedHeader(access_token), claims: decodeJwt(access_token) };
  } catch {
    throw new Refusal('the access token is no JWT');
  }
}

function form({
  scope,
  resource,
}: Pick<AccessTokenRequest, 'scope' | 'resource'>): URLSearchParams {
  const given = Object.entries({ scope, resource }).filter(([, value]) => value !== undefined);
  return new URLSearchParams(given as [string, string][]);
}

function parseResponse(status: number, body: unknown): AccessTokenResponse {
  const { access_token, error, error_description, ...rest } = isRecord(body) ? body : {};
  if (typeof access_token === 'string') return { access_token, ...rest };
  if (typeof error !== 'string') {
    throw new Refusal(`the token endpoint answered ${status} and neither a token nor an error`);
  }
  const why = typeof error_description === 'string' ? `: ${error_description}` : '';
  throw new Refusal(`${error}${why}`);
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

function issuerTrouble(issuer: URL, error: unknown): never {
  const unreachable = error instanceof TypeError || (error as Error).name === 'TimeoutError';
  if (unreachable) throw new Refusal(`the issuer ${issuer.href} cannot be reached`);
  throw new Refusal(`${issuer.href} does not answer as an issuer: ${(error as Error).message}`);
}
