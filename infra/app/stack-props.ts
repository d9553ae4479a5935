import { Duration } from 'aws-cdk-lib';
import { AuthorizationEndpointStub } from '../settings/choices/authorization-endpoint-stub.ts';
import { DpopNonce } from '../settings/choices/dpop-nonce.ts';
import { KeyCustody } from '../settings/choices/key-custody.ts';
import { SecurityProfile } from '../settings/choices/security-profile.ts';
import { SigningAlgorithm } from '../settings/choices/signing-algorithm.ts';
import type { Chosen, ownerSettings } from '../settings/configuration.ts';
import type { CountersignStackProps } from './countersign-stack.ts';

/** Settings have the units that can be written in a file or a context; properties have types. */
export function stackProps({
  region,
  account,
  accessTokenLifetime,
  assertionMaxLifetime,
  clientCache,
  tokenReuse,
  claimsHookTimeout,
  throttle,
  tokenThrottle,
  keyRotationDays,
  profile,
  dpopNonce,
  signing,
  signingAlgorithm,
  authorizationEndpointStub: stub,
  ...asTheyAre
}: Chosen<typeof ownerSettings>): CountersignStackProps {
  return {
    ...asTheyAre,
    ...((region ?? account) !== undefined && { env: { region, account } }),
    ...durationOf('accessTokenLifetime', accessTokenLifetime, Duration.seconds),
    ...durationOf('assertionMaxLifetime', assertionMaxLifetime, Duration.seconds),
    ...durationOf('clientCache', clientCache, Duration.seconds),
    ...durationOf('tokenReuse', tokenReuse, Duration.seconds),
    ...durationOf('claimsHookTimeout', claimsHookTimeout, Duration.millis),
    ...durationOf('keyRotationInterval', keyRotationDays, Duration.days),
    ...(profile && { profile: SecurityProfile.of(profile) }),
    ...(dpopNonce && { dpopNonce: DpopNonce.of(dpopNonce) }),
    ...(signing && { signing: KeyCustody.of(signing) }),
    ...(signingAlgorithm && { signingAlgorithm: SigningAlgorithm.of(signingAlgorithm) }),
    ...(stub !== undefined && { authorizationEndpointStub: stubs[`${stub}`] }),
    ...(throttle !== undefined && { throttle: { rateLimit: throttle } }),
    ...(tokenThrottle !== undefined && { tokenThrottle: { rateLimit: tokenThrottle } }),
  };
}

/** What a setting says -> what it means. */
const stubs = {
  openid: AuthorizationEndpointStub.OPENID,
  true: AuthorizationEndpointStub.BOTH,
  false: AuthorizationEndpointStub.NONE,
} as const;

const durationOf = <Name extends keyof CountersignStackProps>(
  name: Name,
  value: number | undefined,
  unit: (amount: number) => Duration,
) => (value === undefined ? {} : { [name]: unit(value) });
