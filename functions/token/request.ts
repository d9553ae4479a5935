import type { HttpRequest } from '../http/request.ts';
import { type GrantType, grantTypes } from '../oauth/client.ts';
import { OAuthError } from '../oauth/oauth-error.ts';
import { isResourceIdentifier } from '../oauth/resource-server.ts';
import { parseScope, type Scope } from '../oauth/scope.ts';
import { type Form, parseForm } from './form.ts';

/** A token request (RFC 6749 §4.4.2), parsed. */
export interface TokenRequest {
  readonly grant_type: GrantType;
  readonly scope: Scope | undefined;
  /** RFC 8707 §2. */
  readonly resource: string | undefined;
  readonly presented: PresentedCredentials;
  /** The value of the DPoP header (RFC 9449 §4.1). */
  readonly dpop: string | undefined;
}

/** Everything by which a client may try to prove itself, as it came (RFC 6749 §2.3). */
export interface PresentedCredentials {
  /** The value of the Authorization header. */
  readonly authorization: string | undefined;
  readonly client_id: string | undefined;
  readonly client_secret: string | undefined;
  readonly client_assertion: string | undefined;
  readonly client_assertion_type: string | undefined;
  /** PEM; what the front door tells of the TLS connection. */
  readonly client_certificate: string | undefined;
}

/**
 * Parses a token request.
 * @throws OAuthError `invalid_request`, `unsupported_grant_type`, `invalid_scope`, `invalid_target`.
 */
export function parseTokenRequest(http: HttpRequest): TokenRequest {
  const form = parseForm(http);
  return {
    grant_type: parseGrantType(single(form, 'grant_type')),
    scope: optional(single(form, 'scope'), parseScope),
    resource: optional(form.get('resource'), parseResource),
    presented: {
      authorization: http.headers.get('authorization'),
      client_id: single(form, 'client_id'),
      client_secret: single(form, 'client_secret'),
      client_assertion: single(form, 'client_assertion'),
      client_assertion_type: single(form, 'client_assertion_type'),
      client_certificate: http.clientCertificate,
    },
    dpop: http.headers.get('dpop'),
  };
}

/** RFC 6749 §4.4.2 and §5.2. */
function parseGrantType(value: string | undefined): GrantType {
  if (value === undefined) throw new OAuthError('invalid_request', 'grant_type is missing');
  const grantType = grantTypes.find((known) => known === value);
  if (!grantType) throw new OAuthError('unsupported_grant_type', 'grant_type is not supported');
  return grantType;
}

/** RFC 8707 §2; one value alone, so that each token has a single audience (RFC 9700 §2.3). */
function parseResource(values: readonly string[]): string {
  const [resource = '', ...more] = values;
  if (more.length > 0) throw new OAuthError('invalid_target', 'resource may be given only once');
  if (!isResourceIdentifier(resource)) {
    throw new OAuthError('invalid_target', 'resource is not an absolute URI without a fragment');
  }
  return resource;
}

const single = (form: Form, name: string): string | undefined => form.get(name)?.[0];

function optional<In, Out>(value: In | undefined, parse: (value: In) => Out): Out | undefined {
  return value === undefined ? undefined : parse(value);
}
