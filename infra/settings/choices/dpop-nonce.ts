import type { NonceMode } from '../../../functions/oauth/dpop-nonce.ts';
import { type Choices, choiceOf, chosenName } from './choices.ts';

/**
 * Whether a DPoP proof must have a nonce of whoever checks it (RFC 9449 §8, §9).
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { AuthorizationServer, DpopNonce } from 'countersign';
 *
 * const stack = new Stack(new App(), 'Identity');
 * new AuthorizationServer(stack, 'AuthorizationServer', { dpopNonce: DpopNonce.REQUIRED });
 */
export class DpopNonce {
  /** No nonce is asked for. */
  static readonly OFF = new DpopNonce('off');
  /** A proof without a nonce is refused, and the client is told which one to use. */
  static readonly REQUIRED = new DpopNonce('required');

  /**
   * Gives the one of this name.
   * @param name `off` or `required`
   * @throws ConfigurationError for any other name.
   */
  static of(name: string): DpopNonce {
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

const choices: Choices<NonceMode, DpopNonce> = {
  className: 'DpopNonce',
  values: { off: DpopNonce.OFF, required: DpopNonce.REQUIRED },
};

/** Gives the name of what a property says about nonces. @throws ConfigurationError */
export const nonceName = (nonce: DpopNonce, property: string): NonceMode =>
  chosenName(choices, nonce, property);
