import {
  type CfnMethod,
  Cors,
  type IResource,
  type IRestApi,
  LambdaIntegration,
} from 'aws-cdk-lib/aws-apigateway';
import {
  HttpMethod,
  HttpNoneAuthorizer,
  HttpRoute,
  HttpRouteKey,
  type IHttpApi,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { acknowledge } from '../../settings/acknowledgement.ts';
import { isRestApi } from '../api-kind.ts';

/** What everybody may read of an API. */
interface OpenDocument {
  readonly path: string;
  readonly function: LambdaFunction;
}

/**
 * Adds the routes of a document that needs no token, whatever the API has by default: those of the three
 * methods that read it, and no others. A REST API answers preflights by itself.
 */
export function addOpenRoutes(
  scope: Construct,
  api: IHttpApi | IRestApi,
  document: OpenDocument,
): void {
  if (isRestApi(api)) addRestMethods(api, document);
  else addHttpRoutes(scope, api, document);
}

function addHttpRoutes(scope: Construct, httpApi: IHttpApi, { path, ...document }: OpenDocument) {
  const integration = new HttpLambdaIntegration('Metadata', document.function);
  const authorizer = new HttpNoneAuthorizer();
  for (const method of [HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS]) {
    const routeKey = HttpRouteKey.with(path, method);
    const route = new HttpRoute(scope, method, { httpApi, routeKey, integration, authorizer });
    acknowledge(route, ...publicDocument);
  }
}

function addRestMethods({ root }: IRestApi, { path, ...document }: OpenDocument): void {
  const integration = new LambdaIntegration(document.function, { allowTestInvoke: false });
  const resource = documentResource(root, path);
  for (const name of ['GET', 'HEAD']) {
    const method = resource.addMethod(name, integration);
    const { defaultChild } = method.node;
    open(defaultChild as CfnMethod);
    acknowledge(method, ...publicDocument);
  }
}

/** Its preflights are answered to any origin, whatever those of the API by default are. */
function documentResource(root: IResource, path: string): IResource {
  const [name = '', ...above] = path.split('/').slice(1).reverse();
  const parent = above
    .reverse()
    .reduce((resource, part) => resource.getResource(part) ?? resource.addResource(part), root);
  const known = parent.getResource(name);
  if (!known) return parent.addResource(name, { defaultCorsPreflightOptions: anyOrigin });
  if (!known.node.tryFindChild('OPTIONS')) known.addCorsPreflight(anyOrigin);
  return known;
}

const anyOrigin = {
  allowOrigins: Cors.ALL_ORIGINS,
  allowHeaders: ['*'],
  allowMethods: ['GET', 'HEAD'],
};

/** By overrides: an authorizer that the API has by default cannot be taken off in another way. */
function open(method: CfnMethod): void {
  method.addPropertyOverride('AuthorizationType', 'NONE');
  method.addPropertyOverride('ApiKeyRequired', false);
  method.addPropertyDeletionOverride('AuthorizerId');
  method.addPropertyDeletionOverride('AuthorizationScopes');
}

const reason = 'The metadata of a protected resource are public (RFC 9728 §3).';

const publicDocument = ['AwsSolutions-APIG4', 'AwsSolutions-COG4'].map((id) => ({ id, reason }));
