import { Stack } from 'aws-cdk-lib';
import { MockIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import {
  CfnApi,
  CfnIntegration,
  CfnRoute,
  HttpApi,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
} from 'aws-cdk-lib/aws-apigatewayv2';
import {
  HttpLambdaIntegration,
  HttpUrlIntegration,
} from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { describe, expect, test } from 'vitest';
import { AccessTokenAuthorizer } from '../../infra/authorizer/access-token-authorizer.ts';
import { AccessTokenGuard } from '../../infra/authorizer/access-token-guard.ts';
import { NodeFunction } from '../../infra/node-function.ts';
import { synthesizeApp, uriOf } from './http-attachments.ts';
import { restAttachments } from './rest-attachments.ts';
import { scratchStack } from './synthesis.ts';

const props = {
  issuer: 'https://auth.example.com',
  audience: 'https://api.example.com',
};

describe('I11: what a guard lists is a route that leads to its function', () => {
  type Lead = (stack: Stack, guarded: NodeFunction, keys: readonly string[]) => void;

  function addRoutes(stack: Stack, called: IFunction, keys: readonly string[]): void {
    const httpApi = new HttpApi(stack, 'Api');
    for (const key of keys) {
      const [method = '', path = ''] = key.split(' ');
      const routeKey = path ? HttpRouteKey.with(path, method as never) : HttpRouteKey.DEFAULT;
      const integration = new HttpLambdaIntegration(`Integration ${key}`, called);
      new HttpRoute(stack, `Route ${key}`, { httpApi, routeKey, integration });
    }
  }

  const leads: Readonly<Record<string, Lead>> = {
    'by constructs': addRoutes,
    'by an alias': (stack, { currentVersion: version }, keys) =>
      addRoutes(stack, new Alias(stack, 'Live', { aliasName: 'live', version }), keys),
    'by resources in another stack'(stack, { functionArn: integrationUri }, keys) {
      const scope = new Stack(stack.node.scope, 'Other');
      const { ref: apiId } = new CfnApi(scope, 'Api', { name: 'api', protocolType: 'HTTP' });
      const type = { integrationType: 'AWS_PROXY', payloadFormatVersion: '2.0' };
      const integration = new CfnIntegration(scope, 'Int', { apiId, ...type, integrationUri });
      for (const routeKey of keys) {
        const target = `integrations/${integration.ref}`;
        new CfnRoute(scope, `Route ${routeKey}`, { apiId, routeKey, target });
      }
    },
    'in an OpenAPI definition'(stack, { functionArn }, keys) {
      const $ref = '#/components/x-amazon-apigateway-integrations/mine';
      const paths = keys.map((key) => {
        const [method = '', path = '$default'] = key.split(' ');
        const name = path === '$default' || method === 'ANY' ? any : method.toLowerCase();
        return [path, { [name]: { 'x-amazon-apigateway-integration': { $ref } } }];
      });
      const mine = { type: 'aws_proxy', uri: uriOf(functionArn) };
      const components = { 'x-amazon-apigateway-integrations': { mine } };
      new CfnApi(stack, 'Api', { body: { paths: Object.fromEntries(paths), components } });
    },
  };
  const any = 'x-amazon-apigateway-any-method';

  function synthesisOf(lead: Lead, keys: readonly string[]) {
    const stack = scratchStack();
    const answering = { description: 'mine', entry: 'demo-api/index', environment: {} };
    const guarded = new NodeFunction(stack, 'Mine', answering);
    new AccessTokenGuard(stack, 'Guard', {
      ...props,
      routes: { 'GET /admin': ['admin'], $default: ['read'] },
      boundTokens: { publicUrl: 'https://api.example.com' },
      function: guarded,
      httpApis: [HttpApi.fromHttpApiAttributes(stack, 'Named', { httpApiId: 'named' })],
    });
    lead(stack, guarded, keys);
    return () => synthesizeApp(stack);
  }

  test.for(Object.entries(leads))('or it fails the synthesis, %s', ([, lead]) => {
    for (const key of ['$default', 'ANY /{proxy+}', 'GET /{name}']) {
      expect(synthesisOf(lead, [key])).toThrow(
        new RegExp(
          `routes lists "GET /admin", but ".*/Api" serves it by ${RegExp.escape(
            `"${key}": give the API ` +
              `a route "GET /admin" with this guard, or list "${key}" in its place.`,
          )}`,
        ),
      );
      expect(synthesisOf(lead, ['GET /admin', key])).not.toThrow();
    }
  });

  test('a route that API Gateway makes by itself leads to it, too', () => {
    const quick: Lead = (stack, { functionArn: target }) => {
      new CfnApi(stack, 'Api', { name: 'api', protocolType: 'HTTP', target });
    };
    expect(synthesisOf(quick, [])).toThrow('serves it by "$default": give the API a route');
  });

  test('an API that leads to it is one of httpApis', () => {
    const synthesisWith = (named: readonly string[]) => {
      const stack = scratchStack();
      const answering = { description: 'mine', entry: 'demo-api/index', environment: {} };
      const guarded = new NodeFunction(stack, 'Mine', answering);
      const apis = new Map(['One', 'Other'].map((id) => [id, new HttpApi(stack, id)]));
      for (const httpApi of apis.values()) {
        const integration = new HttpLambdaIntegration('Mine', guarded);
        httpApi.addRoutes({ path: '/admin', methods: [HttpMethod.GET], integration });
      }
      new AccessTokenGuard(stack, 'Guard', {
        ...props,
        routes: { 'GET /admin': ['admin'] },
        boundTokens: { publicUrl: 'https://api.example.com' },
        function: guarded,
        httpApis: named.flatMap((id) => apis.get(id) ?? []),
      });
      return () => synthesizeApp(stack);
    };
    expect(synthesisWith(['One'])).toThrow(
      'routes of "Scratch/Other" lead to "Scratch/Mine", but httpApis does not name that API, so that all of its ' +
        'requests are refused: add it, or lead its routes elsewhere.',
    );
    expect(synthesisWith(['One', 'Other'])).not.toThrow();
  });

  test('a route that leads elsewhere is not guarded', () => {
    const elsewhere: Lead = (stack, guarded) => {
      addRoutes(stack, guarded, ['GET /orders']);
      const integration = new HttpUrlIntegration('Anywhere', 'https://example.com');
      const httpApi = stack.node.findChild('Api') as HttpApi;
      const routeKey = HttpRouteKey.with('/admin', 'GET' as never);
      new HttpRoute(stack, 'Elsewhere', { httpApi, routeKey, integration });
    };
    expect(synthesisOf(elsewhere, [])).toThrow(
      'routes lists "GET /admin", but "Scratch/Api" has "GET /admin" without this guard: let it guard that',
    );
  });

  test('a function that no route of the app leads to is compared with nothing', () => {
    expect(synthesisOf(() => {}, [])).not.toThrow();
  });

  test('a definition that is in S3 cannot be compared', () => {
    const hidden: Lead = (stack, guarded) => {
      const { ref } = new CfnApi(stack, 'Api', { bodyS3Location: { bucket: 'b', key: 'k' } });
      guarded.addPermission('Permission', {
        principal: new ServicePrincipal('apigateway.amazonaws.com'),
        sourceArn: `arn:aws:execute-api:eu-west-1:111122223333:${ref}/*/*`,
      });
    };
    expect(synthesisOf(hidden, [])).toThrow('the routes of "Scratch/Api" cannot be compared with');
  });
});

describe('I16: a policy compares the path as the client wrote it, and a backend may read it otherwise', () => {
  const routes = { 'GET /admin': ['read', 'admin'], 'GET /{proxy+}': ['read'] };

  test.for(Object.entries(restAttachments))(
    'so what is listed is a method of its own, %s',
    ([, attach]) => {
      const stack = scratchStack();
      const made = new AccessTokenAuthorizer(stack, 'Authorizer', { ...props, routes });
      attach(stack, made, '/{proxy+}');
      expect(() => synthesizeApp(stack)).toThrow(
        /routes lists "GET \/admin", but .* serves it by "GET \/\{proxy\+\}": give the API a route/,
      );
    },
  );

  test('REQUEST: likewise', () => {
    const stack = scratchStack();
    const made = new AccessTokenAuthorizer(stack, 'Authorizer', { ...props, routes });
    const { root } = new RestApi(stack, 'Api');
    const options = { authorizer: made.restRequestAuthorizer() };
    root.addProxy({ anyMethod: false }).addMethod('GET', new MockIntegration(), options);
    expect(() => synthesizeApp(stack)).toThrow('but "Scratch/Api" serves it by "GET /{proxy+}"');
  });

  test('REQUEST: a method of its own will do', () => {
    const stack = scratchStack();
    const made = new AccessTokenAuthorizer(stack, 'Authorizer', { ...props, routes });
    const { root } = new RestApi(stack, 'Api');
    const options = { authorizer: made.restRequestAuthorizer() };
    root.addProxy({ anyMethod: false }).addMethod('GET', new MockIntegration(), options);
    root.addResource('admin').addMethod('GET', new MockIntegration(), options);
    expect(() => synthesizeApp(stack)).not.toThrow();
  });
});
