import { invalidClient, OAuthError } from '../../oauth/oauth-error.ts';
import { assertedClient, assertedWorkload } from './client-assertion.ts';

/** Everything by which a client may try to authenticate, as it came (RFC 6749 §2.3). */
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

/** The credentials of a client, and the way on which they came. */
export type ClientCredentials = { readonly client_id: string } & (
  | { readonly way: 'client_secret_basic'; readonly client_secret: string }
  | { readonly way: 'client_secret_post'; readonly client_secret: string }
  /** One JWT (RFC 7523 §2.2), still unverified. */
  | { readonly way: 'client_assertion'; readonly client_assertion: string }
  /** One JWT-SVID (draft-ietf-oauth-spiffe-client-auth §3.1), still unverified. */
  | { readonly way: 'jwt_svid'; readonly client_assertion: string }
  /** The PEM text that the front door tells of the TLS connection (RFC 8705 §2). */
  | { readonly way: 'client_certificate'; readonly client_certificate: string }
);

/**
 * Tells by which mechanism a client wants to authenticate (RFC 6749 §2.3). A certificate counts only
 * without other credentials: a client may show one to bind its token.
 * @throws OAuthError `invalid_request` for more than one, `invalid_client` for none.
 */
export function selectCredentials(presented: PresentedCredentials): ClientCredentials {
  const { authorization, client_secret, client_certificate } = presented;
  const assertion = presented.client_assertion ?? presented.client_assertion_type;
  const mechanisms = [authorization, client_secret, assertion].filter((it) => it !== undefined);
  if (mechanisms.length > 1) {
    throw new OAuthError('invalid_request', 'more than one way of client authentication is used');
  }
  if (authorization !== undefined) return basicCredentials(authorization, presented.client_id);
  if (client_secret !== undefined) return postCredentials(client_secret, presented.client_id);
  if (assertion !== undefined) return assertionCredentials(presented);
  if (client_certificate !== undefined) return certificateCredentials(presented);
  throw invalidClient('no credentials');
}

/** `client_secret_basic`; a client_id in the body must be the same one. */
function basicCredentials(authorization: string, client_id: string | undefined): ClientCredentials {
  const basic = parseBasicCredentials(authorization);
  if (!basic) throw invalidClient('the Authorization header is not well-formed Basic');
  if (client_id !== undefined && client_id !== basic.client_id) {
    throw new OAuthError('invalid_request', 'client_id differs from the Authorization header');
  }
  return { ...basic, way: 'client_secret_basic' };
}

/** `client_secret_post`. */
function postCredentials(client_secret: string, client_id: string | undefined): ClientCredentials {
  if (client_id === undefined) throw invalidClient('client_secret without client_id');
  return { client_id, client_secret, way: 'client_secret_post' };
}

/** RFC 7521 §4.2: client_id may be left out, for an assertion that says it as its subject. */
function assertionCredentials(presented: PresentedCredentials): ClientCredentials {
  const { client_assertion, client_assertion_type } = presented;
  if (client_assertion === undefined) throw invalidClient('no client_assertion');
  const type = assertionTypes.get(String(client_assertion_type));
  if (!type) throw invalidClient('another client_assertion_type');
  const client_id = presented.client_id ?? type.clientOf(client_assertion);
  return { client_id, client_assertion, way: type.way };
}

/** The way of an assertion, and the client that it is of where there is no client_id. */
interface AssertionType {
  readonly way: 'client_assertion' | 'jwt_svid';
  readonly clientOf: (client_assertion: string) => string;
}

const assertionTypes: ReadonlyMap<string, AssertionType> = new Map<string, AssertionType>([
  // RFC 7523 §2.2
  [
    'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    { way: 'client_assertion', clientOf: assertedClient },
  ],
  // draft-ietf-oauth-spiffe-client-auth §3.1
  [
    'urn:ietf:params:oauth:client-assertion-type:jwt-spiffe',
    { way: 'jwt_svid', clientOf: assertedWorkload },
  ],
]);

/** RFC 8705 §2: client_id says whose certificate it is. */
function certificateCredentials({
  client_id,
  client_certificate = '',
}: PresentedCredentials): ClientCredentials {
  if (client_id === undefined) throw invalidClient('a certificate without client_id');
  return { client_id, client_certificate, way: 'client_certificate' };
}

/** What an `Authorization: Basic` header carries for a client (RFC 6749 §2.3.1). */
interface BasicCredentials {
  readonly client_id: string;
  readonly client_secret: string;
}

/**
 * Reads client credentials from the value of an Authorization header (RFC 6749 §2.3.1,
 * RFC 7617 §2). Total: whatever is not well-formed gives undefined.
 */
function parseBasicCredentials(authorization: string): BasicCredentials | undefined {
  const [, token68] = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization) ?? [];
  if (token68 === undefined) return undefined;
  const userPass = Buffer.from(token68, 'base64').toString('utf8');
  // RFC 7617 §2: the first colon separates them; the secret may contain more colons.
  const [, id = '', secret = ''] = /^([^:]+):(.+)$/s.exec(userPass) ?? [];
  const client_id = formDecode(id);
  const client_secret = formDecode(secret);
  return client_id && client_secret ? { client_id, client_secret } : undefined;
}

// RFC 6749 Appendix B: both halves are form-encoded before they are joined.
function formDecode(value: string): string | undefined {
  if (!/[%+]/.test(value)) return value;
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
