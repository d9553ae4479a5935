import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { AuthorizationEndpointStub } from '../settings/choices/authorization-endpoint-stub.ts';
import type { CorsProps } from '../settings/cors-settings.ts';
import type { DomainProps, OriginProps } from '../settings/domain-settings.ts';
import type { ExpiryProps } from '../settings/expiry-settings.ts';
import type { IssuanceProps } from '../settings/issuance-settings.ts';
import type { AdoptionProps, RegistryProps } from '../settings/registry-settings.ts';
import type { SecurityProps } from '../settings/security-settings.ts';
import type { SigningProps } from '../settings/signing-settings.ts';
import type { ThrottleProps } from '../settings/throttle-settings.ts';

/**
 * What an authorization server can be told without any construct: a CountersignStack has it as well.
 * @internal
 */
export interface AuthorizationServerOptions
  extends AdoptionProps,
    CorsProps,
    OriginProps,
    IssuanceProps,
    SecurityProps,
    SigningProps,
    ThrottleProps {
  /**
   * Which metadata name an authorization endpoint, `/authorize`, that answers everybody with an error.
   * There is no use for it here, but OpenID Connect Discovery demands it, and clients refuse a document
   * without it.
   * @default AuthorizationEndpointStub.OPENID
   */
  readonly authorizationEndpointStub?: AuthorizationEndpointStub;
}

/**
 * How an AuthorizationServer may differ from the default.
 *
 * @example
 * import { Duration } from 'aws-cdk-lib';
 * import { type AuthorizationServerProps, SigningAlgorithm } from 'countersign';
 *
 * const props: AuthorizationServerProps = {
 *   issuer: 'https://auth.example.com',
 *   accessTokenLifetime: Duration.minutes(10),
 *   signingAlgorithm: SigningAlgorithm.ES256,
 * };
 */
export interface AuthorizationServerProps
  extends AuthorizationServerOptions,
    DomainProps,
    ExpiryProps,
    RegistryProps {
  /**
   * Hears of it when the key rotation fails or is late, and when the last secret of a client ends soon.
   * @default nowhere: its alarms can be seen in CloudWatch alone
   */
  readonly alarmTopic?: ITopic;
}
