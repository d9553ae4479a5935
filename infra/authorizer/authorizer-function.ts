import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { nodeFunction } from '../bundling/node-function.ts';
import { ephemeraTable } from '../server/tables.ts';
import { ConfigurationError } from '../settings/configuration-error.ts';
import { type AccessTokenProps, accessTokenEnvironment } from './access-token-settings.ts';
import { allowConfirming, type BoundTokensProps, boundTokenEnvironment } from './bound-tokens.ts';

/** Whose tokens an authorizer takes; without `boundTokens`, those that are bound to nothing. */
export interface AuthorizerFunctionProps extends AccessTokenProps {
  readonly boundTokens?: BoundTokensProps;
}

/**
 * Makes the function of an authorizer: one that needs nothing but the issuer, or one that takes bound
 * tokens and has a table in which it remembers their proofs.
 * @throws ConfigurationError when a property is wrong.
 */
export function authorizerFunction(
  scope: Construct,
  id: string,
  { boundTokens, ...props }: AuthorizerFunctionProps,
): LambdaFunction {
  const description = 'Countersign: access token authorizer';
  if (boundTokens === undefined) {
    const environment = { ...accessTokenEnvironment(props) };
    checkUnbound(props);
    return nodeFunction(scope, id, { description, entry: 'authorizer/index', environment });
  }
  const ephemera = ephemeraTable(scope, 'Ephemera');
  const environment = { ...boundTokenEnvironment({ ...props, boundTokens }, ephemera) };
  const entry = 'authorizer/bound-tokens';
  const authorizer = nodeFunction(scope, id, { description, entry, environment });
  allowConfirming(authorizer, ephemera, boundTokens);
  return authorizer;
}

function checkUnbound({ profile = 'none' }: AccessTokenProps): void {
  if (profile === 'none') return;
  throw new ConfigurationError(
    `profile is "${profile}", which lets in no token that is bound to nothing: set boundTokens, too.`,
  );
}
