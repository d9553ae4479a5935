import {
  decodeJwt,
  decodeProtectedHeader,
  type JWTPayload,
  type ProtectedHeaderParameters,
} from 'jose';
import {
  allowInsecureRequests,
  type ClientAuth,
  clientCredentialsGrantRequest,
  customFetch,
  type DPoPHandle,
  discoveryRequest,
  processDiscoveryResponse,
} from 'oauth4webapi';
import { isLoopback } from '../../functions/oauth/secure-url.ts';
import { CliError } from '../cli-error.ts';
import { NoAnswer, type TlsIdentity } from '../io/http.ts';
import { fetchAs, mutualTlsEndpoint } from './mutual-tls.ts';

/** How a client proves itself in a token request. */
export interface TokenProof {
  readonly authenticate: ClientAuth;
  /** What it shows at the endpoint that is there for it (RFC 8705 §5). */
  readonly certificate?: TlsIdentity;
}

/** A client that asks for a token, and what for. */
export interface AccessTokenRequest {
  readonly issuer: URL;
  readonly client_id: string;
  readonly proof: TokenProof;
  /** The key that the token is to be bound to; absent: none. */
  readonly dpop?: DPoPHandle | undefined;
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
 * (RFC 8414) and proves itself there (RFC 6749 §4.4.2).
 * @throws CliError with the error of the token endpoint, or when the issuer does not answer as one
 */
export async function requestAccessToken(
  request: AccessTokenRequest,
): Promise<AccessTokenResponse> {
  const first = await ask(request);
  // RFC 9449 §8: the handle has kept the nonce that came along.
  const wantsNonce = isRecord(first.body) && first.body.error === 'use_dpop_nonce';
  return parseResponse(wantsNonce && request.dpop ? await ask(request) : first, request);
}

/** What the token endpoint answered. */
interface Answer {
  readonly status: number;
  /** Undefined: no JSON. */
  readonly body: unknown;
}

async function ask(request: AccessTokenRequest): Promise<Answer> {
  const response = await askIssuer(request).catch((error) => issuerTrouble(request.issuer, error));
  return { status: response.status, body: await response.json().catch(() => undefined) };
}

async function askIssuer({ issuer, client_id, proof, dpop, ...rest }: AccessTokenRequest) {
  const metadata = await processDiscoveryResponse(
    issuer,
    await discoveryRequest(issuer, { ...connection(issuer.href), algorithm: 'oauth2' }),
  );
  const { authenticate, certificate } = proof;
  const use_mtls_endpoint_aliases = certificate !== undefined;
  const endpoint = certificate ? mutualTlsEndpoint(issuer, metadata) : metadata.token_endpoint;
  return clientCredentialsGrantRequest(
    metadata,
    { client_id, use_mtls_endpoint_aliases },
    authenticate,
    form(rest),
    {
      ...connection(endpoint),
      ...(dpop && { DPoP: dpop }),
      ...(certificate && { [customFetch]: fetchAs(certificate) }),
    },
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
 * @throws CliError when it is no JWT
 */
export function decodeAccessToken(access_token: string): DecodedAccessToken {
  try {
    return { header: decodeProtectedHeader(access_token), claims: decodeJwt(access_token) };
  } catch {
    throw new CliError('the access token is no JWT');
  }
}

const form = ({ scope, resource }: Pick<AccessTokenRequest, 'scope' | 'resource'>) => {
  const given = Object.entries({ scope, resource }).filter(([, value]) => value !== undefined);
  return new URLSearchParams(given as [string, string][]);
};

function parseResponse(
  { status, body }: Answer,
  { dpop }: Pick<AccessTokenRequest, 'dpop'>,
): AccessTokenResponse {
  const { access_token, error, error_description, ...rest } = isRecord(body) ? body : {};
  if (typeof access_token === 'string') return { access_token, ...rest };
  if (typeof error !== 'string') {
    throw new CliError(`the token endpoint answered ${status} and neither a token nor an error`);
  }
  const why = typeof error_description === 'string' ? `: ${error_description}` : '';
  const remedy = error === 'invalid_dpop_proof' && !dpop ? '; bind the token with --dpop' : '';
  throw new CliError(`${error}${why}${remedy}`);
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

function issuerTrouble(issuer: URL, error: unknown): never {
  if (error instanceof CliError) throw error;
  if (error instanceof NoAnswer) {
    throw new CliError(
      `no answer from the token endpoint for mutual TLS: ${error.message}; it may hang up on a certificate that is not by an authority in its truststore`,
    );
  }
  const unreachable = error instanceof TypeError || (error as Error).name === 'TimeoutError';
  if (unreachable) throw new CliError(`the issuer ${issuer.href} cannot be reached`);
  throw new CliError(`${issuer.href} does not answer as an issuer: ${(error as Error).message}`);
}
