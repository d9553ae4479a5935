import type { NonceMode } from '../../functions/oauth/dpop-nonce.ts';
import { type ProfileName, profiles } from '../../functions/oauth/profile.ts';
import { checkOneOf } from './setting-checks.ts';

/** What an authorization server demands of its clients beyond the defaults. */
export interface SecurityProps {
  /**
   * `fapi2`: FAPI 2.0 Security Profile §5.3.2.1 and §5.4. Clients authenticate by `private_key_jwt` or a
   * certificate; no token is issued that is not bound to a key or a certificate; tokens, assertions and
   * proofs are signed with PS256, ES256 or EdDSA; assertions name the issuer alone.
   * @default 'none'
   */
  readonly profile?: ProfileName;
  /**
   * Whether a DPoP proof must have a nonce that the token endpoint has given (RFC 9449 §8).
   * @default 'off'
   */
  readonly dpopNonce?: NonceMode;
  /**
   * Whether a client must send its secret as its registration says, `client_secret_basic` or
   * `client_secret_post`, and not by whichever of the two it likes.
   * @default false
   */
  readonly strictClientSecretMethod?: boolean;
}

/** The same, checked and without gaps. */
export type SecuritySettings = Required<SecurityProps>;

/** @throws ConfigurationError */
export const securitySettings = ({
  profile = 'none',
  dpopNonce = 'off',
  strictClientSecretMethod = false,
}: SecurityProps): SecuritySettings => ({
  profile: checkProfile(profile, 'profile'),
  dpopNonce: checkNonceMode(dpopNonce, 'dpopNonce'),
  strictClientSecretMethod,
});

/** Checks the name of a profile. */
export const checkProfile = checkOneOf(Object.keys(profiles) as readonly ProfileName[]);

/** Checks whether DPoP proofs need nonces. */
export const checkNonceMode = checkOneOf<NonceMode>(['off', 'required']);
