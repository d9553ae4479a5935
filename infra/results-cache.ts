import { Duration } from 'aws-cdk-lib';
import { CfnAuthorizer as RestAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import { CfnAuthorizer as HttpAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { ConfigurationError, wrongValue } from './configuration-error.ts';
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
  throw new ConfigurationError(
    `resultsCacheTtl is ${seconds} seconds, but with boundTokens ${whyNot}: leave resultsCacheTtl out, ` +
      'or set it to Duration.seconds(0).',
  );
}

const whyNot =
  'API Gateway would let in whoever shows an Authorization value that it has seen, without anybody looking at the proof';

/**
 * Finds authorizers, made by whomever, that call the function of one which takes bound tokens, be it
 * by an alias or a version, and whose answers API Gateway keeps. Those of type TOKEN are left out:
 * there bound tokens are refused.
 * @returns one sentence for each
 */
export function cachingAuthorizers(authorizer: LambdaFunction): string[] {
  return authorizer.node.root.node.findAll().flatMap((construct) => {
    const { uri, seconds } = cacheOf(construct) ?? none;
    if (seconds === 0) return [];
    const called = invokedConstructs(uri, construct);
    if (!called.some((one) => one === authorizer.node.defaultChild)) return [];
    return [
      `"${construct.node.path}" keeps the answers of "${authorizer.node.path}" for ${seconds} seconds, but ` +
        `with boundTokens ${whyNot}: set its result cache to 0 seconds.`,
    ];
  });
}

const none = { uri: undefined, seconds: 0 };

/** What an authorizer calls, and for how long its answers are kept, by API Gateway's own defaults. */
function cacheOf(construct: IConstruct): { uri: unknown; seconds: number } | undefined {
  if (construct instanceof HttpAuthorizer) {
    const { authorizerUri: uri, authorizerResultTtlInSeconds: seconds = 0 } = construct;
    return { uri, seconds };
  }
  if (!(construct instanceof RestAuthorizer) || construct.type === 'TOKEN') return undefined;
  const { authorizerUri: uri, authorizerResultTtlInSeconds: seconds = 300 } = construct;
  return { uri, seconds };
}
