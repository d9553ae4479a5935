import { CfnResource, Duration, Stack, Token } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { ConfigurationError, wrongValue } from '../settings/configuration-error.ts';
import { invokedConstructs } from './invoked-constructs.ts';

/** What is asked of a cache. */
interface CacheProps {
  readonly resultsCacheTtl?: Duration;
  readonly boundTokens?: object;
}

/**
 * How long API Gateway may keep an authorizer's answers. Not at all where tokens are bound: an answer
 * from the cache is given to whoever shows the same values, and a proof counts once (RFC 9449 §11.1).
 * @throws ConfigurationError
 */
export function resultsCacheTtl({ resultsCacheTtl: asked, boundTokens }: CacheProps): Duration {
  const ttl = asked ?? Duration.seconds(boundTokens ? 0 : 60);
  const seconds = ttl.toSeconds();
  if (seconds > 3600) throw wrongValue('resultsCacheTtl', seconds, 'must be at most 3600 seconds');
  if (boundTokens === undefined || seconds === 0) return ttl;
  const value = Token.isUnresolved(seconds)
    ? 'known at the deployment alone'
    : `${seconds} seconds`;
  throw new ConfigurationError(
    `resultsCacheTtl is ${value}, but with boundTokens ${whyNot}: leave resultsCacheTtl out, ` +
      'or set it to Duration.seconds(0).',
  );
}

const whyNot =
  'API Gateway would let in whoever shows an Authorization value that it has seen, without anybody looking at the proof';

/**
 * Finds what in the app calls the function of an authorizer which takes bound tokens, be it by an alias or
 * a version, and has API Gateway keep the answers. Those of type TOKEN are left out: there bound tokens
 * are refused.
 * @returns one sentence for each
 */
export function cachingAuthorizers(authorizer: LambdaFunction): string[] {
  return authorizer.node.root.node
    .findAll()
    .filter((construct) => construct instanceof CfnResource)
    .flatMap((resource) => {
      const seconds = secondsKept(resource);
      if (seconds === 0 || !calls(resource, authorizer)) return [];
      const time = Number.isNaN(seconds) ? 'as long as a parameter says' : `${seconds} seconds`;
      return [
        `"${resource.node.path}" keeps the answers of "${authorizer.node.path}" for ${time}, but ` +
          `with boundTokens ${whyNot}: set its result cache to 0 seconds.`,
      ];
    });
}

type Properties = Readonly<Record<string, unknown>>;

/** Resource type -> for how many seconds it has answers kept, by API Gateway's own defaults. */
const kept: Readonly<Record<string, (properties: Properties) => number>> = {
  'AWS::ApiGateway::Authorizer': ({ Type, AuthorizerResultTtlInSeconds: ttl = 300 }) =>
    Type === 'TOKEN' ? 0 : Number(ttl),
  'AWS::ApiGatewayV2::Authorizer': ({ AuthorizerResultTtlInSeconds: ttl = 0 }) => Number(ttl),
  'AWS::ApiGateway::RestApi': ({ Body }) => longestIn(Body),
  'AWS::ApiGatewayV2::Api': ({ Body }) => longestIn(Body),
};

/** As it will be in the template, with whatever has been written over. */
function secondsKept(resource: CfnResource): number {
  const kind = kept[resource.cfnResourceType];
  if (!kind) return 0;
  const { Resources } = Stack.of(resource).resolve(resource._toCloudFormation());
  return Object.values<{ Properties?: Properties }>(Resources)
    .map(({ Properties: properties = {} }) => kind(properties))
    .reduce((one, other) => Math.max(one, other), 0);
}

/** The longest time in an OpenAPI definition, whose authorizers are anywhere in it. */
function longestIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const { 'x-amazon-apigateway-authorizer': authorizer, ...others }: Properties = { ...value };
  const { type, authorizerResultTtlInSeconds: ttl = 300 }: Properties = Object(authorizer);
  const own = type === 'request' ? Number(ttl) : 0;
  return Math.max(own, ...Object.values(others).map(longestIn));
}

/** By a reference, or by its logical id in the text of Fn::Sub. */
function calls(resource: CfnResource, authorizer: LambdaFunction): boolean {
  const called: IConstruct | undefined = authorizer.node.defaultChild;
  const written = resource._toCloudFormation();
  if (invokedConstructs(written, resource).some((one) => one === called)) return true;
  const stack = Stack.of(resource);
  const isOfThisStack = called instanceof CfnResource && Stack.of(authorizer) === stack;
  return (
    isOfThisStack &&
    JSON.stringify(stack.resolve(written)).includes(`\${${stack.resolve(called.logicalId)}`)
  );
}
