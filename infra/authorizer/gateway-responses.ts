import { Lazy } from 'aws-cdk-lib';
import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import { challenge } from '../../functions/authorizer/challenge.ts';
import { profiles } from '../../functions/oauth/profile.ts';
import { profileName } from '../settings/choices/security-profile.ts';
import type { AcceptedTokens } from './access-token-settings.ts';
import { type BoundTokensProps, nonceMode } from './bound-tokens.ts';

/** What the challenges of a REST API are made of. */
export type GatewayResponseProps = Pick<AcceptedTokens, 'audience' | 'profile'> & {
  readonly boundTokens?: BoundTokensProps;
  /** The URL of the API's metadata, which may be added later; undefined: there are none. */
  readonly metadataUrl?: () => string | undefined;
};

/**
 * Makes a REST API answer 401 and 403 with the challenges of RFC 6750 §3 and RFC 9449 §7.1, §9. It has one
 * status for all that its authorizer denies: 403, but 401 where nonces are required, since RFC 9449 §9 asks
 * for a nonce with 401.
 */
export function addGatewayResponses(restApi: RestApi, props: GatewayResponseProps): void {
  const tellsNonces = asksForNonces(props);
  restApi.addGatewayResponse('Unauthorized', {
    type: ResponseType.UNAUTHORIZED,
    statusCode: '401',
    responseHeaders: {
      'WWW-Authenticate': Lazy.string({ produce: () => `'${withoutCredentials(props)}'` }),
    },
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

/** Whether clients have to be told a nonce (RFC 9449 §9). */
export const asksForNonces = ({
  boundTokens,
}: Pick<GatewayResponseProps, 'boundTokens'>): boolean =>
  boundTokens !== undefined && nonceMode(boundTokens) !== 'off';

/** The error where nonces are required and no gateway response tells them. */
export const noWayToTellNonces =
  'boundTokens.dpopNonce is "required", but no REST API tells a client which nonce to use: call addChallenges(restApi).';

/** The challenge for a request without a token, which has no error code (RFC 6750 §3.1), but leads to one (RFC 9728 §5.1). */
function withoutCredentials({
  audience,
  profile,
  boundTokens,
  metadataUrl,
}: GatewayResponseProps): string {
  // API Gateway wants static text in single quotes, and knows no way to write one inside.
  const realm = audience.replaceAll("'", '%27');
  const guidance = { resource_metadata: metadataUrl?.() };
  const bearer = challenge('Bearer', { realm, ...guidance });
  const algs = profiles[profileName(profile)].dpopAlgorithms.join(' ');
  return boundTokens ? `${bearer}, ${challenge('DPoP', { algs, ...guidance })}` : bearer;
}
