import { type GuardEnvironment, guardVariable } from '../functions/authorizer/guard/environment.ts';
import { parsePublicUrl } from '../functions/authorizer/public-url.ts';
import {
  type RevocationCheckEnvironment,
  withoutRevocations,
} from '../functions/authorizer/revocations/environment.ts';
import { parseRoutes } from '../functions/authorizer/routes.ts';
import type { NonceMode } from '../functions/oauth/dpop-nonce.ts';
import { parseProfile } from '../functions/oauth/profile.ts';
import { revocationListPath } from '../functions/oauth/revocation-list.ts';
import { testApiId } from './events/call.ts';
import { publicUrlOf } from './settings.ts';

/** What the construct AccessTokenGuard is given in the owner's app, as far as a guard is told of it. */
export interface GuardEnvironmentProps {
  /** Route key -> the scope-tokens that it needs, all of them; as in the app. */
  readonly routes: Readonly<Record<string, readonly string[]>>;
  /** @default that of the issuer */
  readonly audience?: string;
  /** Where clients reach the API, no slash at its end. @default the audience, if it is a URL */
  readonly publicUrl?: string;
  /** Whether tokens that are bound to nothing are refused. @default false, and true under `fapi2` */
  readonly required?: boolean;
  /** Whether a DPoP proof must have a nonce. @default 'off' */
  readonly dpopNonce?: NonceMode;
  /** @default 'none' */
  readonly profile?: 'none' | 'fapi2';
  /**
   * Whether the construct has `refuseRevokedWithin`. In a test a token is refused as soon as it is revoked.
   * @default false
   */
  readonly refuseRevoked?: boolean;
  /** The URL of the API's metadata. @default none */
  readonly resourceMetadata?: string;
  /** The APIs whose events the guard takes. @default that of the events of testIssuer() */
  readonly apiIds?: readonly string[];
}

/** The issuer that a guard is to trust, and the store that it is to use. */
export interface GuardSurroundings {
  readonly issuer: string;
  readonly audience: string;
  readonly algorithm: string;
  readonly accessKeyId: string;
}

/** The name of the table; the store of testIssuer() has one alone. */
const tableName = 'countersign-testing';

/**
 * Writes the environment of a guarded function: what AccessTokenGuard gives it, and what Lambda does.
 * @throws Error, one sentence, for routes, a URL or a profile that the guard would not take
 */
export function guardEnvironment(
  props: GuardEnvironmentProps,
  { issuer, accessKeyId, ...surroundings }: GuardSurroundings,
): GuardEnvironment & Readonly<Record<string, string>> {
  const { routes, audience = surroundings.audience, publicUrl = publicUrlOf(audience) } = props;
  const profile = parseProfile(props.profile ?? 'none');
  const ROUTES = JSON.stringify(routes);
  parseRoutes(ROUTES);
  parsePublicUrl(publicUrl);
  const revocations = props.refuseRevoked ? refusedAtOnce(issuer) : withoutRevocations;
  const isRequired = props.required ?? profile.senderConstrained;
  return {
    [guardVariable('ISSUER')]: issuer,
    [guardVariable('AUDIENCE')]: audience,
    [guardVariable('ALGORITHMS')]: surroundings.algorithm,
    [guardVariable('ROUTES')]: ROUTES,
    [guardVariable('FOREIGN_ISSUERS')]: 'none',
    [guardVariable('RESOURCE_METADATA')]: props.resourceMetadata ?? 'none',
    [guardVariable('REVOCATION_LIST')]: revocations.REVOCATION_LIST,
    [guardVariable('REVOCATIONS_TABLE')]: revocations.REVOCATIONS_TABLE,
    [guardVariable('REVOCATION_MAX_AGE')]: revocations.REVOCATION_MAX_AGE,
    [guardVariable('REVOCATION_GRACE')]: revocations.REVOCATION_GRACE,
    [guardVariable('ON_STALE_REVOCATIONS')]: revocations.ON_STALE_REVOCATIONS,
    [guardVariable('PUBLIC_URL')]: publicUrl,
    [guardVariable('BOUND_TOKENS')]: isRequired ? 'required' : 'accepted',
    [guardVariable('DPOP_ALGORITHMS')]: profile.dpopAlgorithms.join(' '),
    [guardVariable('DPOP_NONCE')]: props.dpopNonce ?? 'off',
    [guardVariable('EPHEMERA_TABLE')]: tableName,
    [guardVariable('API_IDS')]: (props.apiIds ?? [testApiId]).join(' '),
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: accessKeyId,
    AWS_ENDPOINT_URL_DYNAMODB: issuer,
  };
}

/** An age of 0: each request asks, so that no test has to wait. */
const refusedAtOnce = (issuer: string): RevocationCheckEnvironment => ({
  ...withoutRevocations,
  REVOCATION_LIST: `${issuer}${revocationListPath}`,
  REVOCATION_MAX_AGE: '0',
  REVOCATION_GRACE: '0',
});
