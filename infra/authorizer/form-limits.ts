import { Annotations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { ConfigurationError } from '../settings/configuration-error.ts';
import type { AuthorizerFunctionProps } from './authorizer-function.ts';
import { isRequired } from './bound-tokens.ts';
import { tellsNonces } from './challenges.ts';

/**
 * Checks that the authorizer of an HTTP API can do what is asked of it.
 * @throws ConfigurationError when nonces are required, which it cannot tell to a client
 */
export function checkTellsNonces(props: AuthorizerFunctionProps): void {
  if (!tellsNonces(props)) return;
  throw new ConfigurationError(
    'boundTokens.dpopNonce is DpopNonce.REQUIRED, but the authorizer of an HTTP API cannot tell a client which ' +
      'nonce to use: take AccessTokenGuard, or a REST API with restRequestAuthorizer() and addChallenges().',
  );
}

/**
 * Warns that an authorizer of type TOKEN takes no bound tokens.
 * @throws ConfigurationError when no others are let in
 */
export function checkTakesUnbound(
  scope: IConstruct,
  { boundTokens, ...props }: AuthorizerFunctionProps,
): void {
  if (boundTokens === undefined) return;
  const problem =
    'a TOKEN authorizer sees neither a DPoP proof nor a certificate, so it refuses all tokens that are bound';
  if (isRequired({ ...props, boundTokens })) {
    throw new ConfigurationError(
      `${problem}, and no others are let in: take restRequestAuthorizer() instead.`,
    );
  }
  Annotations.of(scope).addWarningV2(
    'countersign:bound-tokens-at-token-authorizer',
    `${problem}: take restRequestAuthorizer() for clients that have such tokens.`,
  );
}
