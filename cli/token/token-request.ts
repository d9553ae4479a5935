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
import { CliError } from '../io/cli-error.ts';
import { foreign } from '../io/foreign.ts';
import { NoAnswer, type TlsIdentity } from '../io/http.ts';
import { fetchAs, mutualTlsEndpoint } from './mutual-tls.ts';
import {
  type AccessTokenResponse,
  parseTokenAnswer,
  refuseThrottled,
  type TokenAnswer,
  wantsNonce,
} from './token-response.ts';

/** How a client authenticates in a token request. */
export interface ClientAuthentication {
  readonly authenticate: ClientAuth;
  /** The certificate that it shows at the endpoint for mutual TLS (RFC 8705 §5). */
  readonly certificate?: TlsIdentity;
}

/** A client that asks for a token, and what for. */
export interface AccessTokenRequest {
  readonly issuer: URL;
  readonly client_id: string;
  readonly authentication: ClientAuthentication;
  /** The key that the token is to be bound to; absent: none. */
  readonly dpop?: DPoPHandle | undefined;
  readonly scope?: string | undefined;
  readonly resource?: string | undefined;
}

/**
 * Gets an access token as any client would: finds the token endpoint by the issuer's metadata
 * (RFC 8414) and authenticates there (RFC 6749 §4.4.2). Asked for a DPoP nonce, it tries once more.
 * @throws CliError with the error of the token endpoint, or when the issuer does not answer as one
 */
export async function requestAccessToken(
  request: AccessTokenRequest,
): Promise<AccessTokenResponse> {
  const first = await ask(request);
  const isBound = request.dpop !== undefined;
  // RFC 9449 §8: the DPoP handle keeps the nonce of the answer for the next proof.
  const last = isBound && wantsNonce(first) ? await ask(request) : first;
  return parseTokenAnswer(last, isBound);
}

async function ask(request: AccessTokenRequest): Promise<TokenAnswer> {
  const response = await askIssuer(request).catch((error) => issuerTrouble(request.issuer, error));
  return { status: response.status, body: await response.json().catch(() => undefined) };
}

async function askIssuer({ issuer, client_id, authentication, dpop, ...rest }: AccessTokenRequest) {
  const described = await discoveryRequest(issuer, {
    ...connection(issuer.href),
    algorithm: 'oauth2',
  });
  refuseThrottled(`the metadata of ${issuer.href}`, { status: described.status, body: undefined });
  const metadata = await processDiscoveryResponse(issuer, described);
  const { authenticate, certificate } = authentication;
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

/** Ten seconds, and TLS but on this computer: a secret goes over the connection (RFC 6749 §3.2). */
function connection(url = '') {
  const address = URL.parse(url);
  return {
    [allowInsecureRequests]: address !== null && isLoopback(address),
    signal: AbortSignal.timeout(10_000),
  };
}

const form = ({ scope, resource }: Pick<AccessTokenRequest, 'scope' | 'resource'>) => {
  const given = Object.entries({ scope, resource }).filter(([, value]) => value !== undefined);
  return new URLSearchParams(given as [string, string][]);
};

function issuerTrouble(issuer: URL, error: unknown): never {
  if (error instanceof CliError) throw error;
  if (error instanceof NoAnswer) {
    throw new CliError(
      `no answer from the token endpoint for mutual TLS: ${foreign(error.message)}; it may hang up on a certificate that is not by an authority in its truststore`,
    );
  }
  const unreachable = error instanceof TypeError || (error as Error).name === 'TimeoutError';
  if (unreachable) throw new CliError(`the issuer ${issuer.href} cannot be reached`);
  throw new CliError(
    `${issuer.href} does not answer as an issuer: ${foreign((error as Error).message)}`,
  );
}
