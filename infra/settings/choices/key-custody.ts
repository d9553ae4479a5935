import type { Custody } from '../../../functions/oauth/key-ring.ts';
import { type Choices, choiceOf, chosenName } from './choices.ts';

/**
 * Where the private keys that sign access tokens are kept.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { AuthorizationServer, KeyCustody } from 'countersign';
 *
 * const stack = new Stack(new App(), 'Identity');
 * new AuthorizationServer(stack, 'AuthorizationServer', { signing: KeyCustody.KMS_WRAPPED });
 */
export class KeyCustody {
  /** Each token is signed by KMS, and the private key never leaves it. */
  static readonly KMS = new KeyCustody('kms');
  /**
   * KMS makes the key pair and encrypts its private half; the token function has it decrypted once and signs
   * by itself. That saves the call and its price, and costs that whoever gets into the running function has
   * the key.
   */
  static readonly KMS_WRAPPED = new KeyCustody('kms-wrapped');

  /**
   * Gives the custody of this name.
   * @param name `kms` or `kms-wrapped`
   * @throws ConfigurationError for any other name.
   */
  static of(name: string): KeyCustody {
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

const choices: Choices<Custody, KeyCustody> = {
  className: 'KeyCustody',
  values: { kms: KeyCustody.KMS, 'kms-wrapped': KeyCustody.KMS_WRAPPED },
};

/** Gives the name of the custody that a property has. @throws ConfigurationError */
export const custodyName = (custody: KeyCustody, property: string): Custody =>
  chosenName(choices, custody, property);
