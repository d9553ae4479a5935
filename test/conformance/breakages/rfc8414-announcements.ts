import { errorWhen, tokenWhen } from './answer-breakage.ts';
import type { BreakageTable } from './breakage-table.ts';
import { metadata } from './document-breakage.ts';

/** Breaks what RFC 8414 §2 asks for. */
export const announcementBreakages: BreakageTable = {
  'H04: grant_types_supported is there': {
    'does not say which grants it has': metadata({ grant_types_supported: undefined }),
    'has a grant that it does not announce': tokenWhen((_, { body }) =>
      body.includes('authorization_code'),
    ),
    'announces a grant that does not work': errorWhen(() => true, 400, 'unsupported_grant_type'),
  },
  'H05: token_endpoint_auth_methods_supported is there': {
    'does not say how clients authenticate': metadata({
      token_endpoint_auth_methods_supported: undefined,
    }),
    'announces private_key_jwt without algorithms': metadata({
      token_endpoint_auth_signing_alg_values_supported: undefined,
    }),
    'has none among its algorithms': metadata({
      token_endpoint_auth_signing_alg_values_supported: ['none'],
    }),
    'has an HMAC among its algorithms': metadata({
      token_endpoint_auth_signing_alg_values_supported: ['ES256', 'HS256'],
    }),
    'refuses assertions, which it announces': errorWhen(
      (_, { body }) => body.includes('client_assertion'),
      401,
      'invalid_client',
    ),
    'refuses secrets in the body, which it announces': errorWhen(
      (_, { body }) => body.includes('client_secret'),
      401,
      'invalid_client',
    ),
  },
  'H06: each endpoint is an https URL': {
    'has an endpoint at http': metadata({
      revocation_endpoint: 'http://as.example/revoke',
      revocation_endpoint_auth_methods_supported: ['client_secret_basic'],
    }),
    'has a fragment in an endpoint': metadata({ token_endpoint: (url: string) => `${url}#a` }),
    'has no jwks_uri': metadata({ jwks_uri: undefined }),
    'does not say how to authenticate for introspection': metadata({
      introspection_endpoint_auth_methods_supported: undefined,
    }),
    'has a text for a list': metadata({ scopes_supported: 'orders:read orders:write' }),
  },
  'H08: signed metadata verifies': {
    'has signed metadata that nobody signed': metadata({ signed_metadata: 'e30.e30.e30' }),
  },
};
