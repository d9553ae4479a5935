/** An API that tells clients where to get a token for it. */
export interface ProtectedResource {
  /** Its identifier, the `aud` of tokens for it. */
  readonly resource: string;
  /** The issuer whose tokens it takes. */
  readonly issuer: string;
  /** What clients may ask for. */
  readonly scopes: readonly string[];
  /** For a person. */
  readonly name?: string | undefined;
  /** The URL of what a programmer should read. */
  readonly documentation?: string | undefined;
  /** How it takes tokens that are bound to a key or a certificate; absent: it refuses them. */
  readonly boundTokens?: BoundTokens | undefined;
}

/** How an API takes bound tokens. */
interface BoundTokens {
  /** Whether it refuses tokens that are bound to nothing. */
  readonly areRequired: boolean;
  /** What DPoP proofs may be signed with. */
  readonly dpopAlgorithms: readonly string[];
  /** Whether clients can show it a certificate. */
  readonly mutualTls: boolean;
}

/** Where the metadata of an API stand, before the path of its identifier (RFC 9728 §3, §3.1). */
export const protectedResourcePath = '/.well-known/oauth-protected-resource';

/** The metadata of a protected resource (RFC 9728 §2). Members without a value are left out (§3.2). */
export function protectedResourceMetadata(api: ProtectedResource) {
  const { resource, issuer, scopes, name, documentation, boundTokens } = api;
  return {
    resource,
    authorization_servers: [issuer],
    ...(scopes.length > 0 && { scopes_supported: scopes }),
    bearer_methods_supported: ['header'],
    ...(name !== undefined && { resource_name: name }),
    ...(documentation !== undefined && { resource_documentation: documentation }),
    ...(boundTokens && boundTokenMembers(boundTokens)),
  };
}

/** A token that has to be bound can be bound to a certificate, too, where one can be shown. */
const boundTokenMembers = ({ areRequired, dpopAlgorithms, mutualTls }: BoundTokens) => ({
  ...(mutualTls && { tls_client_certificate_bound_access_tokens: true }),
  dpop_signing_alg_values_supported: dpopAlgorithms,
  ...(areRequired && !mutualTls && { dpop_bound_access_tokens_required: true }),
});
