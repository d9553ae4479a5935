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
