import type { TokenEnvironment } from '../../functions/token/environment.ts';
import { client_secret, issuer } from './a-client.ts';
import { client_id } from './aws-stub.ts';
import { basic, httpApiEvent } from './http-api-event.ts';

/** The environment of a token function in front of the stub. Nothing is cached between requests. */
export const tokenEnvironment = {
  ISSUER: issuer,
  MTLS_ORIGIN: 'none',
  PROFILE: 'none',
  ASSERTION_MAX_LIFETIME: '3600',
  DPOP_NONCE: 'off',
  CLIENT_SECRET_METHOD: 'any',
  CORS_ORIGINS: 'none',
  REGISTRY_TABLE: 'registry',
  EPHEMERA_TABLE: 'ephemera',
  IMPORTED_SECRETS_FUNCTION: 'arn:aws:lambda:eu-central-1:111122223333:function:imported-secrets',
  REVOCATIONS_TABLE: 'revocations',
  CLIENT_CACHE: '0',
  TOKEN_REUSE: '0',
  ACCESS_TOKEN_LIFETIME: '3600',
  CLAIMS_HOOK: 'none',
  CLAIMS_HOOK_TIMEOUT: '200',
} as const satisfies TokenEnvironment;

/** A token request of the client that the stub knows. */
export const tokenRequest = httpApiEvent({
  headers: { authorization: basic(client_id, client_secret) },
  body: 'grant_type=client_credentials',
});
