import type { CfnResource, Stack } from 'aws-cdk-lib';
import {
  AuthorizationType,
  CfnRestApi,
  CfnAuthorizer as CfnRestAuthorizer,
  MockIntegration,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { CfnApi, CfnAuthorizer, CfnRoute } from 'aws-cdk-lib/aws-apigatewayv2';
import { describe, expect, test } from 'vitest';
import { AccessTokenAuthorizer } from '../../infra/authorizer/access-token-authorizer.ts';
import type { RouteScopes } from '../../infra/authorizer/routes.ts';
import { definitionOf, httpAttachments, synthesizeApp, uriOf } from './http-attachments.ts';
import { scratchStack } from './synthesis.ts';

const props = { issuer: 'https://auth.example.com', audience: 'https://api.example.com' };

type Make = (stack: Stack, made: AccessTokenAuthorizer) => void;

function synthesisOf(make: Make, routes: RouteScopes) {
  const stack = scratchStack();
  make(stack, new AccessTokenAuthorizer(stack, 'Authorizer', { ...props, routes }));
  return () => synthesizeApp(stack);
}

/** The routes of HTTP APIs in a stack, as resources. */
const routesOf = ({ node }: Stack): CfnResource[] =>
  node.findAll().filter((construct) => CfnRoute.isCfnRoute(construct));

/** A definition with one GET, which has these properties. */
const withOperation = ({ function: { functionArn } }: AccessTokenAuthorizer, get: object) => ({
  ...definitionOf(functionArn, []),
  paths: { '/admin': { get } },
});

describe('I11: an API that has the authorizer, and on no route, is open', () => {
  const idle: Readonly<Record<string, readonly [authorizer: string, make: Make]>> = {
    'a definition without security': [
      'Scratch/Api/mine',
      (stack, made) => new CfnRestApi(stack, 'Api', { body: withOperation(made, {}) }),
    ],
    'a definition whose security is misspelt': [
      'Scratch/Api/mine',
      (stack, made) => {
        new CfnApi(stack, 'Api', { body: withOperation(made, { security: [{ Mine: [] }] }) });
      },
    ],
    'a definition whose security is empty': [
      'Scratch/Api/mine',
      (stack, made) => {
        const body = { ...withOperation(made, { security: [] }), security: [{ mine: [] }] };
        new CfnRestApi(stack, 'Api', { body });
      },
    ],
    'an authorizer beside routes of an HTTP API': [
      'Scratch/Mine',
      (stack, made) => {
        httpAttachments['by resources alone']?.(stack, made, ['GET /admin']);
        for (const route of routesOf(stack)) {
          route.addPropertyDeletionOverride('AuthorizationType');
          route.addPropertyDeletionOverride('AuthorizerId');
        }
      },
    ],
    'an authorizer beside methods of a REST API': [
      'Scratch/Mine',
      (stack, made) => {
        const { restApiId, root } = new RestApi(stack, 'Api');
        const open = { authorizationType: AuthorizationType.NONE };
        root.addResource('admin').addMethod('GET', new MockIntegration(), open);
        const authorizerUri = uriOf(made.function.functionArn);
        const uncached = { authorizerUri, authorizerResultTtlInSeconds: 0 };
        new CfnRestAuthorizer(stack, 'Mine', {
          restApiId,
          name: 'mine',
          type: 'REQUEST',
          ...uncached,
        });
      },
    ],
    'routes whose type was written over': [
      'Other/Mine',
      (stack, made) => {
        httpAttachments['by exports']?.(stack, made, ['GET /admin']);
        const { root } = stack.node;
        for (const route of routesOf(root.node.findChild('Other') as Stack)) {
          route.addPropertyOverride('AuthorizationType', 'NONE');
        }
      },
    ],
  };

  const listings: readonly RouteScopes[] = [{ 'GET /admin': ['admin'] }, { $default: ['read'] }];

  test.for(Object.entries(idle))('%s fails the synthesis', ([, [authorizer, make]]) => {
    for (const routes of listings) {
      expect(synthesisOf(make, routes)).toThrow(
        `"${authorizer}" guards no route of "Scratch/Api": let it guard those that routes lists, or leave it out.`,
      );
    }
  });

  test('an authorizer that no API has does not, nor one whose API has no routes here', () => {
    expect(synthesisOf(() => {}, { 'GET /admin': [] })).not.toThrow();
    const bare: Make = (stack, made) => {
      const { ref: apiId } = new CfnApi(stack, 'Api', { name: 'api', protocolType: 'HTTP' });
      const authorizerUri = uriOf(made.function.functionArn);
      new CfnAuthorizer(stack, 'Mine', {
        apiId,
        authorizerType: 'REQUEST',
        name: 'mine',
        authorizerUri,
      });
    };
    expect(synthesisOf(bare, { 'GET /admin': [] })).not.toThrow();
  });
});

describe('I11: a route is guarded for sure', () => {
  /** A route whose resource is written over. */
  const routeWith =
    (overrides: Readonly<Record<string, unknown>>): Make =>
    (stack, made) => {
      httpAttachments['by resources alone']?.(stack, made, ['GET /admin']);
      for (const route of routesOf(stack)) overrideWith(route, overrides);
    };

  const methodWith =
    (overrides: Readonly<Record<string, unknown>>): Make =>
    (stack, made) => {
      const authorizer = made.restRequestAuthorizer();
      const { root } = new RestApi(stack, 'Api');
      const { node } = root
        .addResource('admin')
        .addMethod('GET', new MockIntegration(), { authorizer });
      overrideWith(node.defaultChild as CfnResource, overrides);
    };

  function overrideWith(resource: CfnResource, overrides: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(overrides)) {
      resource.addPropertyOverride(name, value);
    }
  }

  const defined =
    (get: object, wide: object = {}): Make =>
    (stack, made) =>
      new CfnApi(stack, 'Api', { body: { ...withOperation(made, get), ...wide } });

  const mine = [{ mine: [] }];
  const ours = { Ref: 'Mine' };
  const onCondition = (one: unknown, other: unknown) => ({ 'Fn::If': ['C', one, other] });
  const noType = { AuthorizationType: undefined };

  const unsure: Readonly<Record<string, Make>> = {
    'a requirement that may be left out': defined({ security: [{}, ...mine] }),
    'another requirement': defined({ security: [...mine, { apiKey: [] }] }),
    'a requirement on a condition': defined({ security: [onCondition({ mine: [] }, {})] }),
    'security on a condition': defined({ security: onCondition(mine, []) }),
    'security on a condition for all': defined({}, { security: onCondition(mine, []) }),
    'the type NONE beside security': defined({
      security: mine,
      'x-amazon-apigateway-auth': { type: 'NONE' },
    }),
    'another type beside security': defined({
      security: mine,
      'x-amazon-apigateway-auth': { type: 'AWS_IAM' },
    }),
    'no type of a route': routeWith(noType),
    'another type of a route': routeWith({ AuthorizationType: 'AWS_IAM' }),
    'the type of tokens of others': routeWith({ AuthorizationType: 'JWT' }),
    'a type of a route on a condition': routeWith({
      AuthorizationType: onCondition('NONE', 'CUSTOM'),
    }),
    'an authorizer on a condition': routeWith({ AuthorizerId: onCondition(ours, 'a1b2c3') }),
    'no type of a method': methodWith(noType),
    'another type of a method': methodWith({ AuthorizationType: 'AWS_IAM' }),
    'a type of a method by a parameter': methodWith({ AuthorizationType: { Ref: 'Type' } }),
  };

  test.for(Object.entries(unsure))('or it fails the synthesis: %s', ([, make]) => {
    expect(synthesisOf(make, { 'GET /admin': ['admin'] })).toThrow(
      '" has this authorizer, but there is a way past it: make its AuthorizationType "CUSTOM", or let each ',
    );
  });

  const sure: Readonly<Record<string, Make>> = {
    'one requirement': defined({ security: mine }),
    'one requirement for all': defined({}, { security: mine }),
    'more in the same requirement': defined({ security: [{ mine: [], apiKey: [] }] }),
    'the type beside security': defined({
      security: mine,
      'x-amazon-apigateway-auth': { type: 'CUSTOM' },
    }),
    'a route': routeWith({}),
    'a method': methodWith({}),
  };

  test.for(Object.entries(sure))('%s is enough', ([, make]) => {
    expect(synthesisOf(make, { 'GET /admin': ['admin'] })).not.toThrow();
  });
});
