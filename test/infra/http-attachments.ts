import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type App,
  CfnElement,
  CfnOutput,
  CfnParameter,
  CfnResource,
  Fn,
  NestedStack,
  Stack,
} from 'aws-cdk-lib';
import {
  CfnApi,
  CfnAuthorizer,
  CfnRoute,
  HttpApi,
  HttpRoute,
  HttpRouteKey,
  type IHttpApi,
  type IHttpRouteAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2';
import {
  HttpLambdaAuthorizer,
  HttpLambdaResponseType,
} from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Alias, type IFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import type { IConstruct } from 'constructs';
import type { AccessTokenAuthorizer } from '../../infra/authorizer/access-token-authorizer.ts';
import { scratchDirectory } from './synthesis.ts';

/** Has an authorizer guard these routes of an HTTP API, in one of the ways in which an app may do it. */
type Attach = (stack: Stack, made: AccessTokenAuthorizer, keys: readonly string[]) => void;

/** Where a function is called from as an authorizer. */
export const uriOf = (arn: string): string =>
  `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${arn}/invocations`;

/** What `httpAuthorizer()` has its answers cached by. */
const httpSources = [
  '$request.header.Authorization',
  '$context.routeKey',
  '$context.httpMethod',
  '$context.path',
];

/** An authorizer as `httpAuthorizer()` makes it, but somebody's own. */
const ownAuthorizer = (called: IFunction) =>
  new HttpLambdaAuthorizer('Mine', called, {
    responseTypes: [HttpLambdaResponseType.SIMPLE],
    identitySource: httpSources,
  });

/** What a raw authorizer has beside its API. */
const rawAuthorizer = (functionArn: string) => ({
  authorizerType: 'REQUEST',
  name: 'mine',
  identitySource: httpSources,
  authorizerUri: uriOf(functionArn),
});

/** Adds routes with constructs. */
function addRoutes(
  httpApi: IHttpApi,
  scope: Stack,
  authorizer: IHttpRouteAuthorizer,
  keys: readonly string[],
): void {
  const integration = new HttpUrlIntegration('Anywhere', 'https://example.com');
  for (const key of keys) {
    const [method = '', path = ''] = key.split(' ');
    const routeKey = path ? HttpRouteKey.with(path, method as never) : HttpRouteKey.DEFAULT;
    new HttpRoute(scope, `Route ${key}`, { httpApi, routeKey, integration, authorizer });
  }
}

function addRawRoutes(
  scope: Stack,
  apiId: string,
  authorizerId: string,
  keys: readonly string[],
): void {
  for (const routeKey of keys) {
    new CfnRoute(scope, `Route ${routeKey}`, {
      apiId,
      routeKey,
      authorizationType: 'CUSTOM',
      authorizerId,
    });
  }
}

const other = (stack: Stack): Stack => new Stack(stack.node.scope, 'Other');

/** One for each way that this project knows of. */
export const httpAttachments: Readonly<Record<string, Attach>> = {
  'by httpAuthorizer()'(stack, made, keys) {
    addRoutes(new HttpApi(stack, 'Api'), stack, made.httpAuthorizer(), keys);
  },
  'by an authorizer that somebody makes himself'(stack, made, keys) {
    addRoutes(new HttpApi(stack, 'Api'), stack, ownAuthorizer(made.function), keys);
  },
  'by an alias'(stack, made, keys) {
    const { currentVersion: version } = made.function;
    const alias = new Alias(stack, 'Live', { aliasName: 'live', version });
    addRoutes(new HttpApi(stack, 'Api'), stack, ownAuthorizer(alias), keys);
  },
  'by a version'(stack, made, keys) {
    addRoutes(new HttpApi(stack, 'Api'), stack, ownAuthorizer(made.function.currentVersion), keys);
  },
  'by a name that was written over'(stack, made, keys) {
    const { defaultChild } = made.function.node;
    (defaultChild as CfnResource).addPropertyOverride('FunctionName', 'the-authorizer');
    const called = LambdaFunction.fromFunctionName(stack, 'Called', 'the-authorizer');
    addRoutes(new HttpApi(stack, 'Api'), stack, ownAuthorizer(called), keys);
  },
  'in another stack'(stack, made, keys) {
    const scope = other(stack);
    const { apiId: httpApiId } = new HttpApi(stack, 'Api');
    const httpApi = HttpApi.fromHttpApiAttributes(scope, 'Api', { httpApiId });
    addRoutes(httpApi, scope, ownAuthorizer(made.function), keys);
  },
  'in an API of another app'(stack, made, keys) {
    const httpApi = HttpApi.fromHttpApiAttributes(stack, 'Api', { httpApiId: 'a1b2c3' });
    addRoutes(httpApi, stack, made.httpAuthorizer(), keys);
  },
  'by resources alone'(stack, made, keys) {
    const { ref: apiId } = new CfnApi(stack, 'Api', { name: 'api', protocolType: 'HTTP' });
    const { ref } = new CfnAuthorizer(stack, 'Mine', {
      apiId,
      ...rawAuthorizer(made.function.functionArn),
    });
    addRawRoutes(stack, apiId, ref, keys);
  },
  'by resources in another stack'(stack, made, keys) {
    const { ref: apiId } = new CfnApi(stack, 'Api', { name: 'api', protocolType: 'HTTP' });
    const { ref } = new CfnAuthorizer(stack, 'Mine', {
      apiId,
      ...rawAuthorizer(made.function.functionArn),
    });
    addRawRoutes(other(stack), apiId, ref, keys);
  },
  'by exports'(stack, made, keys) {
    const { ref: apiId } = new CfnApi(stack, 'Api', { name: 'api', protocolType: 'HTTP' });
    new CfnOutput(stack, 'ApiId', { value: apiId, exportName: 'api-id' });
    new CfnOutput(stack, 'Arn', { value: made.function.functionArn, exportName: 'arn' });
    const scope = other(stack);
    const { ref } = new CfnAuthorizer(scope, 'Mine', {
      apiId: Fn.importValue('api-id'),
      ...rawAuthorizer(Fn.importValue('arn')),
    });
    addRawRoutes(scope, Fn.importValue('api-id'), ref, keys);
  },
  'by outputs of a stack'(stack, made, keys) {
    const { ref: apiId } = new CfnApi(stack, 'Api', { name: 'api', protocolType: 'HTTP' });
    new CfnOutput(stack, 'ApiId', { value: apiId });
    new CfnOutput(stack, 'Arn', { value: made.function.functionArn });
    const scope = other(stack);
    const { ref } = new CfnAuthorizer(scope, 'Mine', {
      apiId: Fn.getStackOutput(stack.stackName, 'ApiId'),
      ...rawAuthorizer(Fn.getStackOutput(stack.stackName, 'Arn')),
    });
    addRawRoutes(scope, Fn.getStackOutput(stack.stackName, 'ApiId'), ref, keys);
  },
  'by parameters of the Systems Manager'(stack, made, keys) {
    const { ref: apiId } = new CfnApi(stack, 'Api', { name: 'api', protocolType: 'HTTP' });
    const { functionArn: stringValue } = made.function;
    new StringParameter(stack, 'Arn', { parameterName: '/authorizer/arn', stringValue });
    const scope = other(stack);
    const arn = StringParameter.valueForStringParameter(scope, '/authorizer/arn');
    const { ref } = new CfnAuthorizer(scope, 'Mine', { apiId, ...rawAuthorizer(arn) });
    const id = { parameterName: '/authorizer/id', stringValue: ref };
    new StringParameter(scope, 'Id', id);
    addRawRoutes(stack, apiId, '{{resolve:ssm:/authorizer/id:1}}', keys);
  },
  'by resources that are written over'(stack, made, keys) {
    const { ref: apiId } = new CfnApi(stack, 'Api', { name: 'api', protocolType: 'HTTP' });
    const mine = new CfnResource(stack, 'Mine', { type: 'Custom::Nothing' });
    mine.addOverride('Type', 'AWS::ApiGatewayV2::Authorizer');
    mine.addOverride('Properties', {
      ApiId: apiId,
      AuthorizerUri: uriOf(made.function.functionArn),
    });
    for (const key of keys) {
      const route = new CfnRoute(stack, `Route ${key}`, { apiId, routeKey: 'GET /nothing' });
      route.addPropertyOverride('RouteKey', key);
      route.addPropertyOverride('AuthorizationType', 'CUSTOM');
      route.addPropertyOverride('AuthorizerId', { Ref: stack.getLogicalId(mine) });
    }
  },
  'in a nested stack, by a parameter'(stack, made, keys) {
    const nested = new NestedStack(stack, 'Nested', {
      parameters: { Arn: made.function.functionArn },
    });
    const { valueAsString: functionArn } = new CfnParameter(nested, 'Arn');
    const { ref: apiId } = new CfnApi(nested, 'Api', { name: 'api', protocolType: 'HTTP' });
    const { ref } = new CfnAuthorizer(nested, 'Mine', { apiId, ...rawAuthorizer(functionArn) });
    addRawRoutes(nested, apiId, ref, keys);
  },
  'by a template that is included'(stack, made, keys) {
    const templateFile = join(scratchDirectory(), 'template.json');
    const template = {
      Parameters: { Arn: { Type: 'String' } },
      Resources: resourcesOf(uriOf(['$', '{Arn}'].join('')), keys),
    };
    writeFileSync(templateFile, JSON.stringify(template));
    const parameters = { Arn: made.function.functionArn };
    new CfnInclude(stack, 'Included', { templateFile, parameters });
  },
  'by an element that is no resource'(stack, made, keys) {
    const id = stack.getLogicalId(made.function.node.defaultChild as CfnResource);
    new Raw(stack, 'Raw', resourcesOf(uriOf(`\${${id}.Arn}`), keys));
  },
  'in an OpenAPI definition'(stack, made, keys) {
    new CfnApi(stack, 'Api', { body: definitionOf(made.function.functionArn, keys) });
  },
};

/** Part of a template, as it is. */
class Raw extends CfnElement {
  readonly #Resources: object;

  constructor(scope: Stack, id: string, Resources: object) {
    super(scope, id);
    this.#Resources = Resources;
  }

  _toCloudFormation(): object {
    return { Resources: this.#Resources };
  }
}

/** An API as a template has it. */
function resourcesOf(uri: string, keys: readonly string[]): object {
  const ApiId = { Ref: 'Api' };
  const routes = keys.map((RouteKey, index) => {
    const guarded = { AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: 'Mine' } };
    const Properties = { ApiId, RouteKey, ...guarded };
    return [`Route${index}`, { Type: 'AWS::ApiGatewayV2::Route', Properties }];
  });
  const named = { Name: 'mine', AuthorizerType: 'REQUEST', AuthorizerUri: { 'Fn::Sub': uri } };
  return {
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'api', ProtocolType: 'HTTP' } },
    Mine: { Type: 'AWS::ApiGatewayV2::Authorizer', Properties: { ApiId, ...named } },
    ...Object.fromEntries(routes),
  };
}

const anyMethod = 'x-amazon-apigateway-any-method';

/** An OpenAPI definition whose routes have our function as their authorizer. */
export function definitionOf(functionArn: string, keys: readonly string[]): object {
  const operations = keys.map((key): readonly [string, object] => {
    const [method = '', path = '/$default'] = key.split(' ');
    const name = /^(ANY|\$default)$/.test(method) ? anyMethod : method.toLowerCase();
    return [path, { [name]: { security: [{ mine: [] }] } }];
  });
  return {
    openapi: '3.0.1',
    paths: Object.fromEntries(operations),
    components: {
      securitySchemes: {
        mine: {
          type: 'apiKey',
          'x-amazon-apigateway-authorizer': {
            type: 'request',
            identitySource: httpSources.join(', '),
            authorizerUri: uriOf(functionArn),
          },
        },
      },
    },
  };
}

/** Writes the app's templates, by which its constructs are validated. */
export const synthesizeApp = ({ node }: IConstruct): void => {
  (node.root as App).synth();
};
