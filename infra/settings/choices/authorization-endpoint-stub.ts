import type { AuthorizationEndpointStub as StubName } from '../../../functions/discovery/metadata.ts';
import { type Choices, choiceOf, chosenName } from './choices.ts';

/**
 * Which metadata name an authorization endpoint, `/authorize`, that answers everybody with an error.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { AuthorizationEndpointStub, AuthorizationServer } from 'countersign';
 *
 * const stack = new Stack(new App(), 'Identity');
 * new AuthorizationServer(stack, 'AuthorizationServer', {
 *   authorizationEndpointStub: AuthorizationEndpointStub.BOTH,
 * });
 */
export class AuthorizationEndpointStub {
  /** The OpenID configuration alone: OpenID Connect Discovery demands it. */
  static readonly OPENID = new AuthorizationEndpointStub('openid');
  /**
   * Both documents, for clients that read RFC 8414's first, such as the Model Context Protocol's
   * TypeScript SDK.
   */
  static readonly BOTH = new AuthorizationEndpointStub('both');
  /** Neither, and there is no such endpoint. */
  static readonly NONE = new AuthorizationEndpointStub('none');

  /**
   * Gives the one of this name.
   * @param name `openid`, `both` or `none`
   * @throws ConfigurationError for any other name.
   */
  static of(name: string): AuthorizationEndpointStub {
    return choiceOf(choices, name);
  }

  /** What the function calls it that serves the documents. */
  readonly name: string;

  private constructor(name: string) {
    this.name = name;
  }

  /** Gives its name. */
  toString(): string {
    return this.name;
  }
}

const choices: Choices<StubName, AuthorizationEndpointStub> = {
  className: 'AuthorizationEndpointStub',
  values: {
    openid: AuthorizationEndpointStub.OPENID,
    both: AuthorizationEndpointStub.BOTH,
    none: AuthorizationEndpointStub.NONE,
  },
};

/** Gives the name of the stub that a property has. @throws ConfigurationError */
export const stubName = (
  stub: AuthorizationEndpointStub = AuthorizationEndpointStub.OPENID,
): StubName => chosenName(choices, stub, 'authorizationEndpointStub');
