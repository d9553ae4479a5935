import type { OnStaleRevocations } from '../../../functions/authorizer/revocations/environment.ts';
import { type Choices, choiceOf, chosenName } from './choices.ts';

/**
 * What comes of a request where nobody can tell any more whether its token was taken back.
 *
 * @example
 * import { App, Duration, Stack } from 'aws-cdk-lib';
 * import { AccessTokenAuthorizer, StaleRevocations } from 'countersign';
 *
 * new AccessTokenAuthorizer(new Stack(new App(), 'Orders'), 'Authorizer', {
 *   issuer: 'https://auth.example.com',
 *   audience: 'https://orders.example.com',
 *   routes: { 'GET /orders': ['orders:read'] },
 *   refuseRevokedWithin: Duration.seconds(10),
 *   onStaleRevocations: StaleRevocations.ALLOW,
 * });
 */
export class StaleRevocations {
  /** It is refused, as where the keys of the issuer cannot be had. */
  static readonly REFUSE = new StaleRevocations('refuse');
  /** It is let in if its token was not taken back as far as is known, and the audit line says so. */
  static readonly ALLOW = new StaleRevocations('allow');

  /**
   * Gives the one of this name.
   * @param name `refuse` or `allow`
   * @throws ConfigurationError for any other name.
   */
  static of(name: string): StaleRevocations {
    return choiceOf(choices, name);
  }

  /** What functions call it. */
  readonly name: string;

  private constructor(name: string) {
    this.name = name;
  }

  /** Gives its name. */
  toString(): string {
    return this.name;
  }
}

const choices: Choices<OnStaleRevocations, StaleRevocations> = {
  className: 'StaleRevocations',
  values: { refuse: StaleRevocations.REFUSE, allow: StaleRevocations.ALLOW },
};

/** Gives the name of what a property says about them. @throws ConfigurationError */
export const staleName = (choice: StaleRevocations, property: string): OnStaleRevocations =>
  chosenName(choices, choice, property);
