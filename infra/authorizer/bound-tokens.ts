import { Token } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { BoundTokenEnvironment } from '../../functions/authorizer/bound-token-environment.ts';
import type { NonceMode } from '../../functions/oauth/dpop-nonce.ts';
import { profiles } from '../../functions/oauth/profile.ts';
import { isSecureUrl } from '../../functions/oauth/secure-url.ts';
import type { EphemeraTable } from '../server/tables.ts';
import { DpopNonce, nonceName } from '../settings/choices/dpop-nonce.ts';
import { constantOf, profileName } from '../settings/choices/security-profile.ts';
import { ConfigurationError, wrongValue } from '../settings/configuration-error.ts';
import { type AcceptedTokens, accessTokenEnvironment } from './access-token-settings.ts';

/**
 * How an API takes tokens that are bound to a key (DPoP) or to a TLS certificate.
 *
 * @example
 * import { type BoundTokensProps, DpopNonce } from 'countersign';
 *
 * const boundTokens: BoundTokensProps = {
 *   publicUrl: 'https://orders.example.com',
 *   required: true,
 *   dpopNonce: DpopNonce.REQUIRED,
 * };
 */
export interface BoundTokensProps {
  /**
   * Where clients reach the API, without a slash at its end: the `htu` of a DPoP proof is compared with
   * it and the path of the request, never with a header. With the base path of its domain, or without a
   * domain with the name of the stage, unless that is `$default`.
   */
  readonly publicUrl: string;
  /**
   * Whether tokens that are bound to nothing are refused.
   * @default false, and true under the profile FAPI2
   */
  readonly required?: boolean;
  /**
   * Whether a DPoP proof must have a nonce of this API (RFC 9449 §9).
   * @default DpopNonce.OFF
   */
  readonly dpopNonce?: DpopNonce;
}

/** What an API that takes bound tokens asks of them. */
export type BoundTokenApi = AcceptedTokens & { readonly boundTokens: BoundTokensProps };

/**
 * Writes what an authorizer, or a guard, of bound tokens needs to know into its environment.
 * @throws ConfigurationError when a property is wrong.
 */
export function boundTokenEnvironment(
  props: BoundTokenApi,
  ephemera: EphemeraTable,
): BoundTokenEnvironment {
  const { boundTokens } = props;
  const environment = accessTokenEnvironment(props);
  checkRequired(props);
  return {
    ...environment,
    PUBLIC_URL: checkPublicUrl(boundTokens?.publicUrl),
    BOUND_TOKENS: isRequired(props) ? 'required' : 'accepted',
    DPOP_ALGORITHMS: profiles[profileName(props.profile)].dpopAlgorithms.join(' '),
    DPOP_NONCE: nonceMode(boundTokens),
    EPHEMERA_TABLE: ephemera.tableName,
  };
}

function checkRequired({ boundTokens, profile: securityProfile }: BoundTokenApi): void {
  const profile = profileName(securityProfile);
  if (boundTokens?.required !== false || !profiles[profile].senderConstrained) return;
  throw new ConfigurationError(
    `boundTokens.required is false, but ${constantOf(profile)} lets in no other tokens: leave it out.`,
  );
}

/** Whether tokens that are bound to nothing are refused. */
export const isRequired = ({
  boundTokens,
  profile,
}: Pick<BoundTokenApi, 'boundTokens' | 'profile'>): boolean =>
  boundTokens.required === true || profiles[profileName(profile)].senderConstrained;

/** Whether clients are to be told nonces. */
export const nonceMode = ({ dpopNonce = DpopNonce.OFF }: BoundTokensProps): NonceMode =>
  nonceName(dpopNonce, 'boundTokens.dpopNonce');

/** Lets a function check possession: note the proofs that were used, and read the keys of nonces if there are any. */
export function grantPossession(
  to: LambdaFunction,
  ephemera: EphemeraTable,
  boundTokens: BoundTokensProps,
): void {
  ephemera.grant(to, 'dynamodb:PutItem');
  if (nonceMode(boundTokens) !== 'off') ephemera.grantReadNonceKeys(to);
}

function checkPublicUrl(text: string): string {
  if (Token.isUnresolved(text)) return text;
  const url = URL.parse(text);
  const isPlain =
    url !== null && !/%/.test(text) && [url.origin, url.origin + url.pathname].includes(text);
  if (isPlain && !text.endsWith('/') && isSecureUrl(url)) return text;
  throw wrongValue(
    'boundTokens.publicUrl',
    text,
    'must be an https URL, such as https://api.example.com/v1, without query, fragment, user ' +
      'information, escape or trailing slash; http is for localhost, 127.0.0.1 and [::1] only',
  );
}
