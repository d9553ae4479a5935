import { type CfnResource, Fn, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import {
  ApiDefinition,
  AuthorizationType,
  CfnAuthorizer,
  CfnMethod,
  CfnResource as CfnPath,
  CfnRestApi,
  type IAuthorizer,
  type IRestApi,
  MockIntegration,
  RestApi,
  SpecRestApi,
  TokenAuthorizer,
} from 'aws-cdk-lib/aws-apigateway';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { AccessTokenAuthorizer } from '../../infra/authorizer/access-token-authorizer.ts';
import { uriOf } from './http-attachments.ts';

/** Has an authorizer of type TOKEN guard a GET of this path of a REST API, in one of the ways in which an app may do it. */
type Attach = (stack: Stack, made: AccessTokenAuthorizer, path: string) => void;

const addMethod = (restApi: IRestApi, path: string, authorizer: IAuthorizer): void => {
  const resource = path === '/' ? restApi.root : restApi.root.resourceForPath(path);
  resource.addMethod('GET', new MockIntegration(), {
    authorizer,
    authorizationType: AuthorizationType.CUSTOM,
  });
};

const other = (stack: Stack): Stack => new Stack(stack.node.scope, 'Other');

const own = (stack: Stack, made: AccessTokenAuthorizer) =>
  new TokenAuthorizer(stack, 'Mine', { handler: made.function });

/** An API with a method, so that it can be deployed. */
function theApi(stack: Stack): RestApi {
  const restApi = new RestApi(stack, 'Api', { deploy: false });
  restApi.root.addMethod('GET', new MockIntegration());
  return restApi;
}

const imported = (scope: Stack, { restApiId, restApiRootResourceId }: RestApi): IRestApi =>
  RestApi.fromRestApiAttributes(scope, 'Api', { restApiId, rootResourceId: restApiRootResourceId });

/** The id of a resource of an API, made of resources alone. */
const rawPath = (stack: Stack, { ref: restApiId, attrRootResourceId }: CfnRestApi, path: string) =>
  path
    .split('/')
    .slice(1)
    .reduce(
      (parentId, pathPart) =>
        new CfnPath(stack, `Path ${pathPart}`, { restApiId, parentId, pathPart }).ref,
      attrRootResourceId,
    );

/** One for each way that this project knows of. */
export const restAttachments: Readonly<Record<string, Attach>> = {
  'by restTokenAuthorizer()'(stack, made, path) {
    addMethod(theApi(stack), path, made.restTokenAuthorizer());
  },
  'by an authorizer that somebody makes himself'(stack, made, path) {
    addMethod(theApi(stack), path, own(stack, made));
  },
  'in another stack, by an authorizer of its own'(stack, made, path) {
    const scope = other(stack);
    const handler = LambdaFunction.fromFunctionArn(scope, 'Called', made.function.functionArn);
    addMethod(
      imported(scope, theApi(stack)),
      path,
      new TokenAuthorizer(scope, 'Mine', { handler }),
    );
  },
  'in another stack, by the same authorizer'(stack, made, path) {
    const restApi = theApi(stack);
    const authorizer = made.restTokenAuthorizer();
    addMethod(restApi, '/orders/{id}', authorizer);
    const { authorizerId } = authorizer;
    addMethod(imported(other(stack), restApi), path, { authorizerId });
  },
  'in an API of another app'(stack, made, path) {
    const attributes = { restApiId: 'a1b2c3', rootResourceId: 'd4e5f6' };
    const restApi = RestApi.fromRestApiAttributes(stack, 'Api', attributes);
    addMethod(restApi, path, own(stack, made));
  },
  'in an API whose root is imported'(stack, made, path) {
    const rootResourceId = Fn.importValue('root');
    const attributes = { restApiId: Fn.importValue('api'), rootResourceId };
    const restApi = RestApi.fromRestApiAttributes(stack, 'Api', attributes);
    addMethod(restApi, path, own(stack, made));
  },
  'by resources alone'(stack, made, path) {
    const restApi = new CfnRestApi(stack, 'Api', { name: 'api' });
    rawMethod(stack, made, restApi, rawPath(stack, restApi, path));
  },
  'by a method that is written over'(stack, made, path) {
    const restApi = new CfnRestApi(stack, 'Api', { name: 'api' });
    const method = rawMethod(stack, made, restApi, restApi.attrRootResourceId);
    method.addPropertyOverride('ResourceId', rawPath(stack, restApi, path));
  },
  'in a nested stack'(stack, made, path) {
    const nested = new NestedStack(stack, 'Nested');
    const restApi = new CfnRestApi(stack, 'Api', { name: 'api' });
    rawMethod(nested, made, restApi, rawPath(nested, restApi, path));
  },
  'in an OpenAPI definition'(stack, made, path) {
    const definition = {
      openapi: '3.0.1',
      paths: { [path]: { get: { security: [{ mine: [] }] } } },
      components: {
        securitySchemes: {
          mine: {
            type: 'apiKey',
            'x-amazon-apigateway-authorizer': {
              type: 'token',
              authorizerUri: uriOf(made.function.functionArn),
            },
          },
        },
      },
    };
    new SpecRestApi(stack, 'Api', { apiDefinition: ApiDefinition.fromInline(definition) });
  },
};

function rawMethod(
  stack: Stack,
  made: AccessTokenAuthorizer,
  { ref: restApiId }: CfnRestApi,
  resourceId: string,
): CfnResource {
  const authorizer = new CfnAuthorizer(stack, 'Mine', {
    restApiId,
    name: 'mine',
    type: 'TOKEN',
    authorizerUri: uriOf(made.function.functionArn),
    identitySource: 'method.request.header.Authorization',
  });
  return new CfnMethod(stack, 'Method', {
    restApiId,
    resourceId,
    httpMethod: 'GET',
    authorizationType: 'CUSTOM',
    authorizerId: authorizer.ref,
  });
}

/** An app may have several stages: here its stack is in one of them. */
export const inStage = (app: Stack['node']['root']): Stack =>
  new Stack(new Stage(app, 'Production'), 'Scratch');
