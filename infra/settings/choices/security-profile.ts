import type { ProfileName } from '../../../functions/oauth/profile.ts';
import { type Choices, choiceOf, chosenName } from './choices.ts';

/**
 * What an authorization server demands of its clients, and an API of its callers, beyond what the standards
 * themselves do.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { AuthorizationServer, SecurityProfile } from 'countersign';
 *
 * const stack = new Stack(new App(), 'Identity');
 * new AuthorizationServer(stack, 'AuthorizationServer', { profile: SecurityProfile.FAPI2 });
 */
export class SecurityProfile {
  /** Nothing more. */
  static readonly NONE = new SecurityProfile('none');
  /** FAPI 2.0 Security Profile. */
  static readonly FAPI2 = new SecurityProfile('fapi2');

  /**
   * Gives the profile of this name.
   * @param name `none` or `fapi2`
   * @throws ConfigurationError for any other name.
   */
  static of(name: string): SecurityProfile {
    return choiceOf(choices, name);
  }

  /** What settings call it. */
  readonly name: string;

  private constructor(name: string) {
    this.name = name;
  }

  /** Gives its name. */
  toString(): string {
    return this.name;
  }
}

const choices: Choices<ProfileName, SecurityProfile> = {
  className: 'SecurityProfile',
  values: { none: SecurityProfile.NONE, fapi2: SecurityProfile.FAPI2 },
};

/** The constant of the class, as messages name it. */
export const constantOf = (name: ProfileName): string => `SecurityProfile.${name.toUpperCase()}`;

/** Gives the name of the profile that a property has. @throws ConfigurationError */
export const profileName = (
  profile: SecurityProfile = SecurityProfile.NONE,
  property = 'profile',
): ProfileName => chosenName(choices, profile, property);
