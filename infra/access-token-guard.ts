import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { allowConfirming, type BoundTokenApi, boundTokenEnvironment } from './bound-tokens.ts';
import { ephemeraTable } from './tables.ts';

/** Whose access tokens a function takes, and what each of its routes asks of them. */
export interface AccessTokenGuardProps extends BoundTokenApi {
  /**
   * The function behind the routes of an HTTP API. Its handler has to be wrapped: `export const
   * handler = guard(...)`, with `guard` of functions/guard/index.ts. Without that it is open to everybody.
   */
  readonly function: LambdaFunction;
}

/**
 * Lets only callers with the right access token into one function of an HTTP API, as AccessTokenAuthorizer
 * does in front of it, but with exact answers: the authorizer of an HTTP API can tell a client neither what
 * is wrong nor which nonce its DPoP proof needs.
 */
export class AccessTokenGuard extends Construct {
  /** Remembers the proofs that were used. */
  readonly ephemera: TableV2;

  /** @throws ConfigurationError when a property is wrong. */
  constructor(scope: Construct, id: string, props: AccessTokenGuardProps) {
    super(scope, id);
    const { function: guarded, boundTokens } = props;
    this.ephemera = ephemeraTable(this, 'Ephemera');
    const environment = { ...boundTokenEnvironment(props, this.ephemera) };
    for (const [name, value] of Object.entries(environment)) guarded.addEnvironment(name, value);
    allowConfirming(guarded, this.ephemera, boundTokens);
  }
}
