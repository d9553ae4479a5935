import { Duration } from 'aws-cdk-lib';
import {
  type SigningAlgorithmName,
  sameFamily,
  signingAlgorithm,
} from '../../functions/aws/signing-algorithms.ts';
import type { KeyRotationEnvironment } from '../../functions/key-rotation/environment.ts';
import { type Custody, custodies } from '../../functions/oauth/key-ring.ts';
import { type ProfileName, profiles } from '../../functions/oauth/profile.ts';
import { custodyName, KeyCustody } from './choices/key-custody.ts';
import { profileName } from './choices/security-profile.ts';
import { SigningAlgorithm, signingAlgorithmName } from './choices/signing-algorithm.ts';
import { ConfigurationError, wrongValue } from './configuration-error.ts';
import { checkedDuration } from './durations.ts';
import type { SecurityProps } from './security-settings.ts';
import { algorithmNames, checkOneOf } from './setting-checks.ts';

/**
 * How access tokens are signed, and how often the key changes.
 * @internal
 */
export interface SigningProps {
  /**
   * What access tokens are signed with. RSA costs the least and is the only family that API Gateway and
   * load balancers verify by themselves.
   * @default SigningAlgorithm.RS256, and SigningAlgorithm.PS256 under the profile FAPI2
   */
  readonly signingAlgorithm?: SigningAlgorithm;
  /**
   * Where private keys are kept: whether each token is signed by KMS, or by the token function, which saves
   * the call and its price.
   * @default KeyCustody.KMS
   */
  readonly signing?: KeyCustody;
  /**
   * Whether `signingAlgorithm` may be one that few verifiers know yet: ML-DSA.
   * @default false
   */
  readonly experimentalAlgorithms?: boolean;
  /**
   * Whether the JWK Set may have keys of two families while `signingAlgorithm` changes from one to
   * the other, so that all tokens stay valid. If not, those that the old family has signed are
   * refused from then on, but no verifier meets a key of a kind that it may not know.
   * @default false
   */
  readonly mixedKeyFamilies?: boolean;
  /**
   * How long a key signs until the next one is published, a day to a year. The next one signs from
   * two hours and a quarter after that.
   * @default Duration.days(90)
   */
  readonly keyRotationInterval?: Duration;
}

/** The same, checked and without gaps. */
export interface SigningSettings {
  readonly algorithm: SigningAlgorithmName;
  readonly custody: Custody;
  /** What tokens may be signed with, now and after a change of `signingAlgorithm` that the settings allow. */
  readonly algorithms: readonly SigningAlgorithmName[];
  readonly keyFamilies: KeyRotationEnvironment['KEY_FAMILIES'];
  readonly keyRotationInterval: Duration;
}

/**
 * Checks how access tokens are to be signed.
 * @throws ConfigurationError
 */
export function signingSettings({
  profile: securityProfile,
  signing = KeyCustody.KMS,
  signingAlgorithm = defaultAlgorithms[profileName(securityProfile)],
  experimentalAlgorithms = false,
  mixedKeyFamilies = false,
  keyRotationInterval = Duration.days(90),
}: SigningProps & Pick<SecurityProps, 'profile'>): SigningSettings {
  const profile = profileName(securityProfile);
  const algorithm = signingAlgorithmName(signingAlgorithm, 'signingAlgorithm');
  if (!experimentalAlgorithms) checkNotExperimental(algorithm);
  const custody = custodyName(signing, 'signing');
  if (custody === 'kms-wrapped') checkWrapped(algorithm);
  checkAllowedBy(profile, algorithm);
  return {
    algorithm,
    custody,
    // Where families are mixed, an experimental key signs on until its successor does.
    algorithms: algorithmNames.filter((name) => mixedKeyFamilies || sameFamily(name, algorithm)),
    keyFamilies: mixedKeyFamilies ? 'mixed' : 'one',
    keyRotationInterval: checkInterval(keyRotationInterval),
  };
}

/** What tokens are signed with under a profile where nobody says. */
export const defaultAlgorithms: Readonly<Record<ProfileName, SigningAlgorithm>> = {
  none: SigningAlgorithm.RS256,
  fapi2: SigningAlgorithm.PS256,
};

/** What tokens may be signed with under a profile. */
export const allowedBy = (profile: ProfileName): readonly SigningAlgorithmName[] =>
  algorithmNames.filter(profiles[profile].maySign);

/** What a deployment's tokens may be signed with, as far as an API of this profile may take it. */
export const acceptedAlgorithms = (
  { algorithms }: SigningSettings,
  profile: ProfileName,
): SigningAlgorithm[] => algorithms.filter(profiles[profile].maySign).map(SigningAlgorithm.of);

function checkAllowedBy(profile: ProfileName, name: SigningAlgorithmName): void {
  if (profiles[profile].maySign(name)) return;
  throw new ConfigurationError(
    `signingAlgorithm is "${name}", which the profile ${profile} does not allow: choose one of ` +
      `${allowedBy(profile).join(', ')}, or leave signingAlgorithm out.`,
  );
}

const isExperimental = (name: SigningAlgorithmName): boolean =>
  signingAlgorithm(name)?.experimental === true;

function checkNotExperimental(name: SigningAlgorithmName): void {
  if (!isExperimental(name)) return;
  const others = algorithmNames.filter((other) => !isExperimental(other));
  throw new ConfigurationError(
    `signingAlgorithm is "${name}", which few verifiers know yet: set experimentalAlgorithms to ` +
      `true as well, or choose one of ${others.join(', ')}.`,
  );
}

/** Checks where private keys are kept. */
export const checkCustody = checkOneOf(custodies);

function checkWrapped(name: SigningAlgorithmName): void {
  if (signingAlgorithm(name)?.wrapped) return;
  throw new ConfigurationError(
    `signing is "kms-wrapped", but KMS makes no key pairs to wrap for ${name}: choose another ` +
      'signingAlgorithm, or leave signing out.',
  );
}

function checkInterval(interval: Duration): Duration {
  const days = checkedDuration(interval, 'keyRotationInterval').toDays({ integral: false });
  if (days >= 1 && days <= 365) return interval;
  throw wrongValue('keyRotationInterval', interval.toHumanString(), 'must be 1 to 365 days');
}
