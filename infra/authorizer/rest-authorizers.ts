import { type Duration, Names, Stack } from 'aws-cdk-lib';
import { type IRestApi, RequestAuthorizer, TokenAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import { type IFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { physicalName } from '../settings/physical-name.ts';
import { identitySources } from './checks/results-cache.ts';

/** What is made, in which scope and with what. */
type Make<Authorizer> = (
  scope: Construct,
  id: string,
  made: { readonly handler: IFunction; readonly authorizerName: string },
) => Authorizer;

/** The authorizers of one type. One of the CDK binds to one REST API alone: each that is named gets its own. */
export class RestAuthorizers<Authorizer> {
  readonly #made = new Map<IRestApi | undefined, Authorizer>();
  readonly #make: (restApi: IRestApi | undefined) => Authorizer;

  constructor(scope: Construct, id: string, handler: IFunction, make: Make<Authorizer>) {
    this.#make = (restApi) => {
      if (!restApi) return make(scope, id, { handler, authorizerName: physicalName(scope, id) });
      const its = new Construct(restApi, Names.uniqueId(scope) + id);
      const made = { handler: calledFrom(its, handler), authorizerName: physicalName(its) };
      return make(its, 'Authorizer', made);
    };
  }

  get isUnused(): boolean {
    return this.#made.size === 0;
  }

  /** @param restApi undefined: the one whose methods take it */
  of(restApi: IRestApi | undefined): Authorizer {
    const made = this.#made.get(restApi) ?? this.#make(restApi);
    this.#made.set(restApi, made);
    return made;
  }
}

/**
 * A function as the stack of an API has it. That stack then has the permission to call it, too: with that in
 * the stack of the function, each of the two would depend on the other.
 */
function calledFrom(scope: Construct, handler: IFunction): IFunction {
  if (Stack.of(scope) === Stack.of(handler)) return handler;
  const attributes = { functionArn: handler.functionArn, sameEnvironment: true };
  return LambdaFunction.fromFunctionAttributes(scope, 'Function', attributes);
}

interface Cache {
  readonly resultsCacheTtl: Duration;
}

/** Those of type TOKEN. */
export const tokenAuthorizers = (
  scope: Construct,
  handler: IFunction,
  cache: Cache,
): RestAuthorizers<TokenAuthorizer> =>
  new RestAuthorizers(scope, 'RestToken', handler, (its, id, made) => {
    return new TokenAuthorizer(its, id, { ...cache, ...made });
  });

/** Those of type REQUEST. */
export const requestAuthorizers = (
  scope: Construct,
  handler: IFunction,
  cache: Cache,
): RestAuthorizers<RequestAuthorizer> =>
  new RestAuthorizers(scope, 'RestRequest', handler, (its, id, made) => {
    const sources = { identitySources: identitySources.REST };
    return new RequestAuthorizer(its, id, { ...cache, ...sources, ...made });
  });
