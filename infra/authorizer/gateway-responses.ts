import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import { challenge } from '../../functions/authorizer/challenge.ts';
import { profiles } from '../../functions/oauth/profile.ts';
import type { AccessTokenProps } from './access-token-settings.ts';
import { type BoundTokensProps, nonceMode } from './bound-tokens.ts';

/** What a REST API says of itself when it keeps somebody out. */
export type Challenging = Pick<AccessTokenProps, 'audience' | 'profile'> & {
  readonly boundTokens?: BoundTokensProps;
};

/**
 * Makes a REST API answer 401 and 403 with the challenges of RFC 6750 §3 and RFC 9449 §7.1, §9. It has one
 * status for all that its authorizer denies: where nonces are required it is 401, as that challenge
 * has to be.
 */
export function addGatewayResponses(restApi: RestApi, props: Challenging): void {
  const tellsNonces = asksForNonces(props);
  restApi.addGatewayResponse('Unauthorized', {
    type: ResponseType.UNAUTHORIZED,
    statusCode: '401',
    responseHeaders: { 'WWW-Authenticate': `'${withoutCredentials(props)}'` },
  });
  restApi.addGatewayResponse('AccessDenied', {
    type: ResponseType.ACCESS_DENIED,
    statusCode: tellsNonces ? '401' : '403',
    responseHeaders: {
      'WWW-Authenticate': 'context.authorizer.wwwAuthenticate',
      ...(tellsNonces && { 'DPoP-Nonce': 'context.authorizer.dpopNonce' }),
    },
  });
}

/** Whether clients have to be told nonces. */
export const asksForNonces = ({ boundTokens }: Pick<Challenging, 'boundTokens'>): boolean =>
  boundTokens !== undefined && nonceMode(boundTokens) !== 'off';

/** Why clients could not get in where nobody tells them. */
export const untoldNonces =
  'boundTokens.dpopNonce is "required", but no REST API tells a client which nonce to use: call addChallenges(restApi).';

/** RFC 6750 §3.1: no error code. */
function withoutCredentials({ audience, profile = 'none', boundTokens }: Challenging): string {
  // API Gateway wants static text in single quotes, and knows no way to write one inside.
  const bearer = challenge('Bearer', { realm: audience.replaceAll("'", '%27') });
  const algs = profiles[profile].clientAlgorithms.join(' ');
  return boundTokens ? `${bearer}, ${challenge('DPoP', { algs })}` : bearer;
}
