import { Duration } from 'aws-cdk-lib';
import type { NonceMode } from '../../functions/oauth/dpop-nonce.ts';
import { type ProfileName, profiles } from '../../functions/oauth/profile.ts';
import { DpopNonce, nonceName } from './choices/dpop-nonce.ts';
import { profileName, type SecurityProfile } from './choices/security-profile.ts';
import { checkedSeconds } from './durations.ts';
import { checkOneOf, checkWholeNumber } from './setting-checks.ts';

/**
 * What an authorization server demands of its clients beyond the defaults.
 * @internal
 */
export interface SecurityProps {
  /**
   * Under FAPI2 (FAPI 2.0 Security Profile §5.3.2.1 and §5.4) clients authenticate by `private_key_jwt` or a
   * certificate; no token is issued that is not bound to a key or a certificate; tokens, assertions and
   * proofs are signed with PS256, ES256 or EdDSA; assertions name the issuer alone.
   * @default SecurityProfile.NONE
   */
  readonly profile?: SecurityProfile;
  /**
   * How long an assertion may live that a client has signed itself (`private_key_jwt`), from a minute to
   * twelve hours. It counts once in any case. Some client libraries sign for an hour.
   * @default Duration.hours(1), and Duration.minutes(10) under the profile FAPI2
   */
  readonly assertionMaxLifetime?: Duration;
  /**
   * Whether a DPoP proof must have a nonce that the token endpoint has given (RFC 9449 §8).
   * @default DpopNonce.OFF
   */
  readonly dpopNonce?: DpopNonce;
  /**
   * Whether a client must send its secret as its registration says, `client_secret_basic` or
   * `client_secret_post`, and not by whichever of the two it likes.
   * @default false
   */
  readonly strictClientSecretMethod?: boolean;
}

/** The same, checked and without gaps. */
export interface SecuritySettings {
  readonly profile: ProfileName;
  /** Seconds. */
  readonly assertionMaxLifetime: number;
  readonly dpopNonce: NonceMode;
  readonly strictClientSecretMethod: boolean;
}

/** How long an assertion may live where no setting says. */
const assertionLifetimes: Readonly<Record<ProfileName, Duration>> = {
  none: Duration.hours(1),
  fapi2: Duration.minutes(10),
};

/** @throws ConfigurationError */
export const securitySettings = ({
  profile,
  assertionMaxLifetime = assertionLifetimes[profileName(profile)],
  dpopNonce = DpopNonce.OFF,
  strictClientSecretMethod = false,
}: SecurityProps): SecuritySettings => ({
  profile: profileName(profile),
  assertionMaxLifetime: checkedSeconds(assertionMaxLifetime, 'assertionMaxLifetime', {
    from: Duration.minutes(1),
    to: Duration.hours(12),
  }),
  dpopNonce: nonceName(dpopNonce, 'dpopNonce'),
  strictClientSecretMethod,
});

/** Checks the name of a profile. */
export const checkProfile = checkOneOf(Object.keys(profiles) as readonly ProfileName[]);

/** Checks how long an assertion may live. */
export const checkAssertionMaxLifetime = checkWholeNumber({ of: 'seconds', from: 60, to: 43_200 });

/** Checks whether DPoP proofs need nonces. */
export const checkNonceMode = checkOneOf<NonceMode>(['off', 'required']);
