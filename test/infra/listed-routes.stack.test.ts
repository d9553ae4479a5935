import { CfnOutput, Fn, Stack, Stage } from 'aws-cdk-lib';
import { MockIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import {
  CfnApi,
  CfnRoute,
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpRoute,
  HttpRouteKey,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { describe, expect, test } from 'vitest';
import { AccessTokenAuthorizer } from '../../infra/authorizer/access-token-authorizer.ts';
import type { RouteScopes } from '../../infra/authorizer/routes.ts';
import { definitionOf, httpAttachments, synthesizeApp } from './http-attachments.ts';
import { scratchStack } from './synthesis.ts';

const api = { issuer: 'https://auth.example.com', audience: 'https://api.example.com' };

const listing = { 'GET /admin': ['admin'], $default: ['read'] };

/** What synthesis says of an app in which an authorizer guards these routes. */
function synthesisOf(routes: RouteScopes, keys: readonly string[], way = 'by httpAuthorizer()') {
  const stack = scratchStack();
  const made = new AccessTokenAuthorizer(stack, 'Authorizer', { ...api, routes });
  httpAttachments[way]?.(stack, made, keys);
  return () => synthesizeApp(stack);
}

describe('I11: what is listed is a route of the API, or a broader one would ask for less', () => {
  test.for(['$default', 'ANY /{proxy+}', 'GET /{proxy+}', 'GET /{name}', 'ANY /admin'])(
    'GET /admin, which is served by %s, fails the synthesis',
    (key) => {
      expect(synthesisOf(listing, [key])).toThrow(
        `routes lists "GET /admin", but "Scratch/Api" serves it by "${key}": give the API a route "GET /admin" ` +
          `with this authorizer, or list "${key}" in its place.`,
      );
    },
  );

  test.for(Object.keys(httpAttachments))('so it does %s', (way) => {
    expect(synthesisOf(listing, ['ANY /{proxy+}'], way)).toThrow(
      /routes lists "GET \/admin", but .* serves it by "ANY \/\{proxy\+\}"/,
    );
    expect(synthesisOf(listing, ['GET /admin', 'ANY /{proxy+}'], way)).not.toThrow();
  });

  const admin = ['admin'];

  test.for<[string, RouteScopes, string[]]>([
    ['a parameter of another name', { 'GET /a/{id}': [], $default: [] }, ['GET /a/{name}']],
    ['a path at the end of which is a slash', { 'GET /a/': [], $default: [] }, ['GET /a/{proxy+}']],
    ['a path that is greedy', { 'GET /a/{b+}': admin, $default: [] }, ['GET /{proxy+}']],
    ['a method of a path for any', { 'ANY /a': admin, $default: [] }, ['GET /a', '$default']],
    ['one of many methods', { 'ANY /a': admin, 'GET /{b}': [] }, ['POST /a', 'GET /{b}']],
  ])('%s is not enough', ([, routes, keys]) => {
    const [listed = ''] = Object.keys(routes);
    const by = keys.at(-1);
    expect(synthesisOf(routes, keys)).toThrow(
      new RegExp(`routes lists "${RegExp.escape(listed)}", but .* by "${RegExp.escape(by ?? '')}"`),
    );
  });

  test.for<[string, RouteScopes, string[]]>([
    ['itself', { 'GET /a': admin }, ['GET /a']],
    ['any method', { 'ANY /a': admin, $default: [] }, ['ANY /a', '$default']],
    ['single methods', { 'ANY /a': admin }, ['GET /a', 'POST /a']],
    [
      'single methods, and no less for others',
      { 'ANY /a': [], $default: admin },
      ['GET /a', '$default'],
    ],
    ['single methods, and others shut', { 'ANY /a': admin }, ['GET /a', 'ANY /{proxy+}']],
    ['the root', { 'ANY /': admin, 'ANY /{b+}': [] }, ['GET /', 'ANY /{b+}']],
    ['nothing, for $default is no route', { 'GET /a': admin, $default: [] }, ['GET /a']],
  ])('%s is', ([, routes, keys]) => {
    expect(synthesisOf(routes, keys)).not.toThrow();
  });

  test('what no route takes is one sentence', () => {
    expect(synthesisOf(listing, ['GET /orders', 'POST /admin'])).toThrow(
      'routes lists "GET /admin", which is no route of "Scratch/Api": give the API that route with this ' +
        'authorizer, or leave it out of routes.',
    );
  });

  test('what a narrower route takes a part of is no route, either', () => {
    expect(synthesisOf({ 'ANY /a/{id}': [], 'GET /a/1': [] }, ['GET /a/1'])).toThrow(
      'routes lists "ANY /a/{id}", which is no route of "Scratch/Api"',
    );
  });

  test('an authorizer that no route has is compared with nothing', () => {
    expect(synthesisOf(listing, [])).not.toThrow();
  });
});

describe('I11: a route in the midst of a listed one asks for no less', () => {
  const routes = { 'ANY /admin/{proxy+}': ['admin'], $default: ['read'] };

  test('or it fails the synthesis', () => {
    expect(synthesisOf(routes, ['ANY /admin/{proxy+}', 'GET /admin/users'])).toThrow(
      'routes does not list "GET /admin/users" of "Scratch/Api", so that it asks for what "$default" does, ' +
        'although it is in the midst of "ANY /admin/{proxy+}": list it with at least that one\'s scope.',
    );
    const both = { 'GET /admin/{a}': ['admin'], $default: ['read'] };
    expect(synthesisOf(both, ['GET /admin/{a}', 'GET /{b}/users'])).toThrow(
      'does not list "GET /{b}/users"',
    );
  });

  test.for<[string, RouteScopes]>([
    ['one that is listed', { ...routes, 'GET /admin/users': [] }],
    ['one that asks for as much', { ...routes, $default: ['admin'] }],
    ['one that lets nobody in', { 'ANY /admin/{proxy+}': ['admin'] }],
  ])('%s does not', ([, listed]) => {
    expect(synthesisOf(listed, ['ANY /admin/{proxy+}', 'GET /admin/users'])).not.toThrow();
  });
});

describe('I11: what is listed is guarded', () => {
  const noAuthorizer = new HttpNoneAuthorizer();

  function synthesisWith(routes: RouteScopes, open: HttpRouteKey, method = HttpMethod.GET) {
    const stack = scratchStack();
    const made = new AccessTokenAuthorizer(stack, 'Authorizer', { ...api, routes });
    const httpApi = new HttpApi(stack, 'Api');
    const integration = new HttpUrlIntegration('Anywhere', 'https://example.com');
    const guarded = HttpRouteKey.with('/a', method);
    const authorizer = made.httpAuthorizer();
    new HttpRoute(stack, 'Guarded', { httpApi, integration, routeKey: guarded, authorizer });
    new HttpRoute(stack, 'Open', {
      httpApi,
      integration,
      routeKey: open,
      authorizer: noAuthorizer,
    });
    return () => synthesizeApp(stack);
  }

  test.for<[RouteScopes, HttpRouteKey]>([
    [{ 'GET /a': [], 'GET /b': [] }, HttpRouteKey.with('/b', HttpMethod.GET)],
    [{ 'ANY /a': [] }, HttpRouteKey.with('/a', HttpMethod.POST)],
  ])('%j, when a route has no authorizer', ([routes, open]) => {
    expect(synthesisWith(routes, open)).toThrow(
      `but "Scratch/Api" has "${open.key}" without this authorizer: let it guard that route, too.`,
    );
  });

  test.for([HttpMethod.GET, HttpMethod.HEAD, HttpMethod.DELETE])(
    'nor may %s of it go by a route without one, beside one for any method',
    (method) => {
      const open = HttpRouteKey.with('/a', method);
      expect(synthesisWith({ 'ANY /a': [] }, open, HttpMethod.ANY)).toThrow(
        `routes lists "ANY /a", but "Scratch/Api" has "${method} /a" without this authorizer: let it guard that`,
      );
      const preflight = HttpRouteKey.with('/a', HttpMethod.OPTIONS);
      expect(synthesisWith({ 'ANY /a': [] }, preflight, HttpMethod.ANY)).not.toThrow();
    },
  );

  test('nor by a method of a REST API without one', () => {
    const stack = scratchStack();
    const routes = { 'ANY /a': [] };
    const made = new AccessTokenAuthorizer(stack, 'Authorizer', { ...api, routes });
    const path = new RestApi(stack, 'Api').root.addResource('a');
    const guarded = { authorizer: made.restRequestAuthorizer() };
    path.addMethod('ANY', new MockIntegration(), guarded);
    path.addMethod('PUT', new MockIntegration());
    expect(() => synthesizeApp(stack)).toThrow('has "PUT /a" without this authorizer');
  });

  test('nor may a route without one take the rest of its methods', () => {
    expect(synthesisWith({ 'ANY /a': [] }, HttpRouteKey.DEFAULT)).toThrow(
      'routes lists "ANY /a", but "Scratch/Api" serves some methods of it by "$default": give the API a route ' +
        '"ANY /a" with this authorizer, or list single methods.',
    );
  });

  test('what has a preflight alone has no route', () => {
    for (const path of ['/b', '/{proxy+}']) {
      const preflight = HttpRouteKey.with(path, HttpMethod.OPTIONS);
      expect(synthesisWith({ 'GET /a': [], 'ANY /b': [] }, preflight)).toThrow(
        'routes lists "ANY /b", which is no route of "Scratch/Api"',
      );
    }
  });

  test('a route without one may be left out of what is listed', () => {
    const broad = HttpRouteKey.with('/{proxy+}', HttpMethod.ANY);
    expect(synthesisWith({ 'GET /a': [], 'GET /b': [] }, broad)).toThrow(
      'serves it by "ANY /{proxy+}": give the API a route "GET /b" with this authorizer, or leave it out of routes.',
    );
  });

  test.for(['/{proxy+}', '/{a}'])('nor do preflights of all paths need one, by %s', (path) => {
    const preflight = HttpRouteKey.with(path, HttpMethod.OPTIONS);
    expect(synthesisWith({ 'ANY /a': [] }, preflight)).not.toThrow();
    expect(synthesisWith({ 'GET /a': [], 'OPTIONS /a': [] }, preflight)).toThrow(
      `routes lists "OPTIONS /a", but "Scratch/Api" serves it by "OPTIONS ${path}"`,
    );
  });

  test('a preflight needs no authorizer, and other paths are not looked at', () => {
    const preflight = HttpRouteKey.with('/a', HttpMethod.OPTIONS);
    expect(synthesisWith({ 'ANY /a': [] }, preflight)).not.toThrow();
    const elsewhere = HttpRouteKey.with('/b', HttpMethod.GET);
    expect(synthesisWith({ 'ANY /a': [] }, elsewhere)).not.toThrow();
  });
});

describe('I11: several stages of an app', () => {
  test.for(['by exports', 'by outputs of a stack', 'by parameters of the Systems Manager'])(
    'do not hide each other where they hand over %s',
    (way) => {
      const { root } = scratchStack().node;
      for (const [name, keys] of [
        ['Wrong', ['$default']],
        ['Right', ['GET /admin']],
      ] as const) {
        const stack = new Stack(new Stage(root, name), 'Scratch', { stackName: 'Scratch' });
        const made = new AccessTokenAuthorizer(stack, 'Authorizer', { ...api, routes: listing });
        httpAttachments[way]?.(stack, made, keys);
      }
      expect(() => synthesizeApp(root)).toThrow(
        'routes lists "GET /admin", but "Wrong/Scratch/Api" serves it by "$default"',
      );
    },
  );
});

test('I11: an API in another stage than its authorizer is seen', () => {
  const { root } = scratchStack().node;
  const stack = new Stack(new Stage(root, 'One'), 'Scratch');
  const made = new AccessTokenAuthorizer(stack, 'Authorizer', { ...api, routes: listing });
  new CfnOutput(stack, 'Arn', { value: made.function.functionArn, exportName: 'arn' });
  const scope = new Stack(new Stage(root, 'Two'), 'Scratch');
  const body = definitionOf(Fn.importValue('arn'), ['$default']);
  new CfnApi(scope, 'Api', { body });
  expect(() => synthesizeApp(root)).toThrow('but "Two/Scratch/Api" serves it by "$default"');
});

describe('I11: several APIs with one authorizer', () => {
  function synthesisOfTwo(keys: readonly string[], more: readonly string[]) {
    const stack = scratchStack();
    const made = new AccessTokenAuthorizer(stack, 'Authorizer', { ...api, routes: listing });
    httpAttachments['by resources alone']?.(stack, made, keys);
    httpAttachments['in an API of another app']?.(new Stack(stack.node.root, 'Two'), made, more);
    return () => synthesizeApp(stack);
  }

  test('one of them has what is listed, and the others do not take it', () => {
    expect(synthesisOfTwo(['GET /admin'], ['GET /orders'])).not.toThrow();
    expect(synthesisOfTwo(['GET /admin'], ['$default'])).toThrow(
      'routes lists "GET /admin", but "a1b2c3" serves it by "$default"',
    );
    expect(synthesisOfTwo(['GET /a'], ['GET /b'])).toThrow(
      'routes lists "GET /admin", which is no route of "Scratch/Api" and "a1b2c3"',
    );
  });

  test('what one of them has cannot be left out for the sake of another', () => {
    for (const key of ['$default', 'ANY /{proxy+}']) {
      expect(synthesisOfTwo(['GET /admin'], [key])).toThrow(
        `but "a1b2c3" serves it by "${key}": give the API a route "GET /admin" with this authorizer, or make ` +
          'an authorizer for each API.',
      );
    }
  });

  test('nor for the sake of open routes of another', () => {
    const stack = scratchStack();
    const made = new AccessTokenAuthorizer(stack, 'Authorizer', { ...api, routes: listing });
    httpAttachments['by resources alone']?.(stack, made, ['GET /admin']);
    const scope = new Stack(stack.node.root, 'Two');
    httpAttachments['in an API of another app']?.(scope, made, ['GET /orders']);
    new CfnRoute(scope, 'Open', { apiId: 'a1b2c3', routeKey: 'ANY /{proxy+}' });
    expect(() => synthesizeApp(stack)).toThrow('or make an authorizer for each API.');
  });
});
