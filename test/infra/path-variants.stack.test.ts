import { Duration, type Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { MockIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  type HttpMethod,
  HttpRoute,
  HttpRouteKey,
  type IHttpRouteAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import {
  HttpLambdaIntegration,
  HttpUrlIntegration,
} from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { describe, expect, test } from 'vitest';
import {
  AccessTokenAuthorizer,
  type AccessTokenAuthorizerProps,
} from '../../infra/authorizer/access-token-authorizer.ts';
import { AccessTokenGuard } from '../../infra/authorizer/access-token-guard.ts';
import type { RouteScopes } from '../../infra/authorizer/routes.ts';
import { synthesizeApp } from './http-attachments.ts';
import { scratchStack } from './synthesis.ts';

const props = { issuer: 'https://auth.example.com', audience: 'https://api.example.com' };
const publicUrl = 'https://api.example.com';
const admin = { 'GET /admin': ['admin'] };

type Added = Partial<AccessTokenAuthorizerProps>;

const authorizerOf = (stack: Stack, id: string, routes: RouteScopes, added: Added = {}) =>
  new AccessTokenAuthorizer(stack, id, { ...props, routes, ...added });

function addRoute(
  stack: Stack,
  key: string,
  authorizer?: IHttpRouteAuthorizer,
  integration: HttpUrlIntegration | HttpLambdaIntegration = new HttpUrlIntegration(
    'Url',
    publicUrl,
  ),
): void {
  const httpApi = (stack.node.tryFindChild('Api') as HttpApi) ?? new HttpApi(stack, 'Api');
  const [method = '', path = ''] = key.split(' ');
  const routeKey = path ? HttpRouteKey.with(path, method as HttpMethod) : HttpRouteKey.DEFAULT;
  new HttpRoute(stack, `Route ${key}`, { httpApi, routeKey, integration, authorizer });
}

/** Two authorizers at one API: the first has `GET /admin`, the other this route. */
function synthesisOf(key: string, routes: RouteScopes, [first, other]: readonly Added[] = []) {
  const stack = scratchStack();
  addRoute(stack, 'GET /admin', authorizerOf(stack, 'One', admin, first).httpAuthorizer());
  addRoute(stack, key, authorizerOf(stack, 'Other', routes, other).httpAuthorizer());
  return () => synthesizeApp(stack);
}

describe('I11: other ways to ask for what is listed need no less with another authorizer', () => {
  test.for(['ANY /{proxy+}', 'GET /{name}', 'ANY /admin', '$default', 'HEAD /admin', 'HEAD /{a}'])(
    'or they fail the synthesis, by %s',
    (key) => {
      expect(synthesisOf(key, { [key]: ['read'] })).toThrow(
        `other ways to ask for "GET /admin" go by "${key}" of "Scratch/Api", which "Scratch/Other/Function" guards ` +
          'with less: list "GET /admin" there, too, with at least this scope.',
      );
    },
  );

  test.for<[string, string, RouteScopes]>([
    ['lists it', 'ANY /{proxy+}', { ...admin, 'ANY /{proxy+}': ['read'] }],
    ['asks for as much of all', 'ANY /{proxy+}', { 'ANY /{proxy+}': ['read', 'admin'] }],
    ['lets nobody in', 'ANY /{proxy+}', { 'GET /admin': ['admin'] }],
    ['guards another method of it', 'POST /admin', { 'POST /admin': ['read'] }],
    ['guards another path', 'GET /orders/{proxy+}', { 'GET /orders/{proxy+}': ['read'] }],
  ])('unless the other one %s', ([, key, routes]) => {
    expect(synthesisOf(key, routes)).not.toThrow();
  });

  test('what is listed there for more than the first one asks fails the synthesis', () => {
    const routes = { 'GET /admin': ['admin', 'more'], $default: ['read'] };
    expect(synthesisOf('$default', routes)).toThrow(
      'routes lists "GET /admin", but "Scratch/Api" has "GET /admin" without this authorizer',
    );
  });

  test('nor take tokens that are bound to nothing, where the first takes none', () => {
    const routes = { ...admin, 'ANY /{proxy+}': ['read'] };
    const boundTokens = { publicUrl, required: true };
    const synthesis = synthesisOf('ANY /{proxy+}', routes, [{ boundTokens }]);
    expect(synthesis).toThrow(
      'other ways to ask for "GET /admin" go by "ANY /{proxy+}" of "Scratch/Api", where "Scratch/Other/Function" takes ' +
        'tokens that are bound to nothing: set boundTokens.required there, too, or let one of the two guard both.',
    );
    const both = [{ boundTokens }, { boundTokens }];
    expect(synthesisOf('ANY /{proxy+}', routes, both)).not.toThrow();
    expect(synthesisOf('ANY /{proxy+}', routes, [{}, { boundTokens }])).not.toThrow();
  });

  test('of a REST API, likewise', () => {
    const synthesis = (routes: RouteScopes) => {
      const stack = scratchStack();
      const { root } = new RestApi(stack, 'Api');
      const one = { authorizer: authorizerOf(stack, 'One', admin).restRequestAuthorizer() };
      root.addResource('admin').addMethod('GET', new MockIntegration(), one);
      const other = { authorizer: authorizerOf(stack, 'Other', routes).restRequestAuthorizer() };
      root.addProxy({ anyMethod: false }).addMethod('ANY', new MockIntegration(), other);
      return () => synthesizeApp(stack);
    };
    expect(synthesis({ 'ANY /{proxy+}': ['read'] })).toThrow('guards with less: list "GET /admin"');
    expect(synthesis({ ...admin, 'ANY /{proxy+}': ['admin'] })).not.toThrow();
  });

  test.for(['authorizer', 'guard'])('of an API with a guard, too, beside the %s', (first) => {
    const synthesis = (broad: RouteScopes) => {
      const stack = scratchStack();
      const [one, other] = first === 'guard' ? [admin, broad] : [broad, admin];
      const guarded = guardedFunction(stack);
      const authorizer = authorizerOf(stack, 'One', other).httpAuthorizer();
      const keys = ['GET /admin', 'ANY /{proxy+}'];
      const [within = '', inFront = ''] = first === 'guard' ? keys : keys.toReversed();
      addRoute(stack, within, undefined, new HttpLambdaIntegration('Mine', guarded));
      addRoute(stack, inFront, authorizer);
      new AccessTokenGuard(stack, 'Guard', {
        ...props,
        routes: one,
        boundTokens: { publicUrl },
        function: guarded,
        httpApis: [stack.node.findChild('Api') as HttpApi],
      });
      return () => synthesizeApp(stack);
    };
    expect(synthesis({ 'ANY /{proxy+}': ['read'] })).toThrow(
      /other ways to ask for "GET \/admin" .* guards with less: list "GET \/admin" there/,
    );
    expect(synthesis({ ...admin, 'ANY /{proxy+}': ['read'] })).not.toThrow();
  });
});

const guardedFunction = (stack: Stack): LambdaFunction =>
  new LambdaFunction(stack, 'Mine', {
    code: Code.fromInline('exports.handler = () => {};'),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
    timeout: Duration.seconds(10),
  });

describe('I11: other ways to ask for what is listed need a token', () => {
  function warningsOf(listed: string, key: string, authorizer?: IHttpRouteAuthorizer) {
    const stack = scratchStack();
    const made = authorizerOf(stack, 'One', { [listed]: ['admin'] });
    addRoute(stack, listed, made.httpAuthorizer());
    addRoute(stack, key, authorizer);
    return Annotations.fromStack(stack)
      .findWarning('*', Match.anyValue())
      .map(({ entry }) => entry.data);
  }

  test.for([
    ['GET /admin', 'ANY /{proxy+}'],
    ['GET /admin', '$default'],
    ['GET /admin', 'HEAD /admin'],
    ['ANY /orders/{id}', 'GET /orders/{proxy+}'],
  ])('or synthesis warns: %s beside an open %s', ([listed = '', key = '']) => {
    expect(warningsOf(listed, key)).toEqual([
      `"${key}" of "Scratch/Api" needs no token, and takes other ways to ask for "${listed}", such as by HEAD, or ` +
        'with an escape or capitals in the path: have its backend take none of them for that one, or guard ' +
        'this route, too. [ack: countersign:open-path-variants]',
    ]);
  });

  test.for([
    ['GET /admin', 'POST /admin'],
    ['GET /admin', 'GET /orders'],
    ['ANY /admin', 'OPTIONS /{proxy+}'],
    ['ANY /orders/{proxy+}', 'GET /orders/{id}'],
    ['ANY /{proxy+}', '$default'],
  ])('but not at %s beside an open %s', ([listed = '', key = '']) => {
    expect(warningsOf(listed, key)).toEqual([]);
  });

  test('nor where somebody else guards the route', () => {
    expect(warningsOf('GET /admin', 'ANY /{proxy+}', new HttpIamAuthorizer())).toEqual([]);
  });
});
