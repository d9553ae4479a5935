import { verifyAccessToken } from '../../functions/authorizer/access-token.ts';
import { withoutProof } from '../../functions/authorizer/confirmation.ts';
import { parseKeySet } from '../../functions/authorizer/key-set.ts';
import { authorizerContext } from '../../functions/authorizer/response.ts';
import { OAuthError } from '../../functions/oauth/oauth-error.ts';
import type { TokenMaker } from '../tokens/access-token.ts';
import type { TestSigningKey } from '../tokens/signing-key.ts';
import type { CallProps } from './call-props.ts';
import type { AuthorizerContext } from './http-api-event.ts';

/** The issuer of a call's token, and the API that the token is for. */
export type Authorizing = TokenMaker & { readonly key: TestSigningKey };

/**
 * What an authorizer in front tells of a call's token; undefined: the call is not `authorized`.
 * @throws Error, one sentence, for a token that an authorizer would refuse
 */
export async function contextOf(
  { authorized = false, token }: CallProps,
  { issuer, audience, key, now }: Authorizing,
): Promise<AuthorizerContext | undefined> {
  if (!authorized) return undefined;
  if (token === undefined) throw new Error('authorized is set, but the call has no token.');
  const access_token = typeof token === 'string' ? token : token.access_token;
  const keySet = parseKeySet({ keys: [key.jwk] }, undefined);
  const expected = { issuer, audience, algorithms: [key.alg], keys: async () => keySet, now };
  try {
    return authorizerContext(await verifyAccessToken(access_token, expected), withoutProof);
  } catch (error) {
    const cause = error instanceof OAuthError ? error.cause : error;
    throw new Error(`authorized is set, but an authorizer would refuse the token: ${cause}`);
  }
}
