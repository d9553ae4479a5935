import type { Confirmation } from '../../functions/oauth/confirmation.ts';
import { type SigningKey, signJwt } from '../../functions/oauth/jws.ts';
import { parseScope } from '../../functions/oauth/scope.ts';
import {
  type AccessTokenClaims,
  accessTokenClaims,
  newJti,
} from '../../functions/token/access-token.ts';
import type { TokenProps } from './token-props.ts';

/** Who makes tokens, and what they say by default. */
export interface TokenMaker {
  readonly issuer: string;
  readonly audience: string;
  readonly client_id: string;
  /** Seconds. */
  readonly lifetime: number;
  readonly key: SigningKey;
  /** NumericDate. */
  readonly now: () => number;
}

/** Makes the claims of an access token, as the token endpoint does. */
export function claimsOf(
  maker: TokenMaker,
  { scope = '', client_id, audience, lifetime, claims }: TokenProps,
  cnf?: Confirmation,
): AccessTokenClaims {
  const text = typeof scope === 'string' ? scope : scope.join(' ');
  const made = accessTokenClaims(
    {
      client: {
        client_id: client_id ?? maker.client_id,
        access_token_lifetime: lifetime,
        claims: {},
      },
      grant: {
        scope: text === '' ? new Set() : parseScope(text),
        resourceServer: {
          resource: audience ?? maker.audience,
          access_token_lifetime: undefined,
          claims: {},
        },
      },
      cnf,
    },
    { issuer: maker.issuer, accessTokenLifetime: maker.lifetime, now: maker.now, newJti },
  );
  return { ...made, ...claims };
}

/** Makes an access token, as the token endpoint does (RFC 9068 §2). */
export const accessToken = (
  maker: TokenMaker,
  props: TokenProps,
  cnf?: Confirmation,
): Promise<string> => signJwt('at+jwt', claimsOf(maker, props, cnf), maker.key);
