import { Arn, ArnFormat, type Duration, Names, Stack } from 'aws-cdk-lib';
import type { IRestApi } from 'aws-cdk-lib/aws-apigateway';
import type { IHttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { isRestApi } from './api-kind.ts';
import { identitySources } from './checks/results-cache.ts';

/** What the definition of an API says of an authorizer. */
interface Defined {
  readonly authorizerUri: string;
  readonly resultsCacheTtl: Duration;
}

/** What an OpenAPI definition of a REST API has among its `securitySchemes`. */
export const restScheme = ({ authorizerUri, resultsCacheTtl }: Defined) => ({
  ...apiKey,
  'x-amazon-apigateway-authtype': 'custom',
  'x-amazon-apigateway-authorizer': {
    type: 'request',
    authorizerUri,
    identitySource: identitySources.REST.join(', '),
    authorizerResultTtlInSeconds: resultsCacheTtl.toSeconds(),
  },
});

/** The same of an HTTP API. */
export const httpScheme = ({ authorizerUri, resultsCacheTtl }: Defined) => ({
  ...apiKey,
  'x-amazon-apigateway-authorizer': {
    type: 'request',
    authorizerUri,
    authorizerPayloadFormatVersion: '2.0',
    enableSimpleResponses: true,
    identitySource: identitySources.HTTP.join(', '),
    authorizerResultTtlInSeconds: resultsCacheTtl.toSeconds(),
  },
});

/** API Gateway knows Lambda authorizers as API keys in a header. */
const apiKey = { type: 'apiKey', name: 'Authorization', in: 'header' } as const;

/** By what API Gateway calls a function. */
export function uriOf({ functionArn }: IFunction): string {
  const { partition, region } = Arn.split(functionArn, ArnFormat.COLON_RESOURCE_NAME);
  const path = `2015-03-31/functions/${functionArn}/invocations`;
  return `arn:${partition}:apigateway:${region}:lambda:path/${path}`;
}

/** Lets an API call a function as any of its authorizers. The API's stack has the permission. */
export function allowCalls(called: IFunction, api: IHttpApi | IRestApi): void {
  const id = `${Names.uniqueId(called)}-Authorizers`;
  if (api.node.tryFindChild(id)) return;
  called.addPermission(id, {
    scope: api,
    principal: new ServicePrincipal('apigateway.amazonaws.com'),
    sourceArn: Stack.of(api).formatArn({
      service: 'execute-api',
      resource: isRestApi(api) ? api.restApiId : api.apiId,
      resourceName: 'authorizers/*',
    }),
  });
}
