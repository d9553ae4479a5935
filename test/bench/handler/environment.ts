import type { TokenEnvironment } from '../../../functions/token/environment.ts';
import { issuer } from '../token-handler.ts';

/** What Lambda and infra/ put into the environment of the token function, for services at this port. */
export const lambdaEnvironment = (port: number, tokenReuse = '0') => ({
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
  ...({
    ISSUER: issuer,
    MTLS_ORIGIN: 'none',
    PROFILE: 'none',
    DPOP_NONCE: 'off',
    REGISTRY_TABLE: 'registry',
    EPHEMERA_TABLE: 'ephemera',
    // Longer than the bench takes: a resource server is read once.
    CLIENT_CACHE: '3600',
    TOKEN_REUSE: tokenReuse,
    ACCESS_TOKEN_LIFETIME: '3600',
  } satisfies TokenEnvironment),
});
