import { CfnParameter, CfnResource, Fn, type Stack } from 'aws-cdk-lib';
import {
  CfnMethod,
  CfnRestApi,
  CfnAuthorizer as CfnRestAuthorizer,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import {
  CfnApi,
  CfnApiGatewayManagedOverrides,
  CfnAuthorizer,
  CfnRoute,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { describe, expect, test } from 'vitest';
import { AccessTokenAuthorizer } from '../../infra/authorizer/access-token-authorizer.ts';
import { definitionOf, synthesizeApp, uriOf } from './http-attachments.ts';
import { scratchStack } from './synthesis.ts';

const props = {
  issuer: 'https://auth.example.com',
  audience: 'https://api.example.com',
  routes: { 'GET /': ['read'] },
};

type Make = (stack: Stack, made: AccessTokenAuthorizer) => void;

function synthesisOf(make: Make) {
  const stack = scratchStack();
  make(stack, new AccessTokenAuthorizer(stack, 'Authorizer', props));
  return () => synthesizeApp(stack);
}

/** An authorizer of an API that has its definition elsewhere. */
function guardedBy(stack: Stack, made: AccessTokenAuthorizer, apiId: string): CfnAuthorizer {
  const authorizerUri = uriOf(made.function.functionArn);
  return new CfnAuthorizer(stack, 'Mine', {
    apiId,
    authorizerType: 'REQUEST',
    name: 'mine',
    authorizerUri,
  });
}

const inS3 = { bodyS3Location: { bucket: 'b', key: 'k' } };

describe('I11: routes that only the deployment makes cannot be compared, and fail the synthesis', () => {
  const unseen: Readonly<Record<string, readonly [because: string, make: Make]>> = {
    'a definition in S3': [
      'its definition is in S3',
      (stack, made) => guardedBy(stack, made, new CfnApi(stack, 'Api', inS3).ref),
    ],
    'one of a REST API, which may call the function': [
      'its definition is in S3',
      (stack, made) => {
        const { ref } = new CfnRestApi(stack, 'Api', inS3);
        const sourceArn = `arn:aws:execute-api:eu-west-1:111122223333:${ref}/authorizers/*`;
        permit(stack, made, sourceArn);
      },
    ],
    'one of any API, where any may call the function': [
      'its definition is in S3',
      (stack, made) => {
        new CfnRestApi(stack, 'Api', inS3);
        permit(stack, made);
      },
    ],
    'a definition by a macro': [
      'only the deployment puts its definition together',
      (stack, made) => {
        const Parameters = { Location: 's3://b/k', Arn: made.function.functionArn };
        const body = { paths: { 'Fn::Transform': { Name: 'AWS::Include', Parameters } } };
        new CfnApi(stack, 'Api', { body });
      },
    ],
    'a macro beside a definition': [
      'only the deployment puts its definition together',
      (stack, made) => {
        const macro = { Name: 'AWS::Include', Parameters: { Location: 's3://b/k' } };
        const body = {
          ...definitionOf(made.function.functionArn, ['GET /']),
          'Fn::Transform': macro,
        };
        new CfnRestApi(stack, 'Api', { body });
      },
    ],
    'a definition by a parameter': [
      'only the deployment puts its definition together',
      (stack, made) => {
        const { valueAsString } = new CfnParameter(stack, 'Body');
        const api = new CfnApi(stack, 'Api', { body: Fn.sub(valueAsString) });
        guardedBy(stack, made, api.ref);
      },
    ],
    'an operation on a condition': [
      'only the deployment puts its definition together',
      (stack, made) => {
        const get = Fn.conditionIf('Condition', { security: [{ mine: [] }] }, {});
        const body = { ...definitionOf(made.function.functionArn, []), paths: { '/': { get } } };
        new CfnApi(stack, 'Api', { body });
      },
    ],
    'a path that is written elsewhere': [
      'only the deployment puts its definition together',
      (stack, made) => {
        const paths = { '/': { $ref: '#/components/x-paths/mine' } };
        new CfnApi(stack, 'Api', {
          body: { ...definitionOf(made.function.functionArn, []), paths },
        });
      },
    ],
    'a base path': [
      'a base path goes before those of its definition',
      (stack, made) => {
        const body = definitionOf(made.function.functionArn, ['GET /']);
        new CfnApi(stack, 'Api', { body, basePath: 'prepend' });
      },
    ],
    'the base path of a REST API': [
      'a base path goes before those of its definition',
      (stack, made) => {
        const body = definitionOf(made.function.functionArn, ['GET /']);
        new CfnRestApi(stack, 'Api', { body, parameters: { basepath: 'split' } });
      },
    ],
    'a copy of another API': [
      'it is a copy of another API',
      (stack, made) => {
        const { ref } = new CfnRestApi(stack, 'Api', { cloneFrom: 'a1b2c3' });
        permit(stack, made, `arn:aws:execute-api:eu-west-1:111122223333:${ref}/authorizers/*`);
      },
    ],
    'a route that API Gateway makes by itself': [
      'it changes one that API Gateway makes by itself',
      (stack, made) => {
        const quick = { name: 'api', protocolType: 'HTTP', target: 'https://example.com' };
        const { ref: apiId } = new CfnApi(stack, 'Quick', quick);
        const { ref: authorizerId } = guardedBy(stack, made, apiId);
        const route = { authorizationType: 'CUSTOM', authorizerId };
        new CfnApiGatewayManagedOverrides(stack, 'Api', { apiId, route });
      },
    ],
    'resources of the serverless application model': [
      'the deployment makes other resources of it',
      (stack, made) => {
        const Authorizers = { Mine: { FunctionArn: made.function.functionArn } };
        const properties = { Auth: { Authorizers, DefaultAuthorizer: 'Mine' } };
        new CfnResource(stack, 'Api', { type: 'AWS::Serverless::HttpApi', properties });
      },
    ],
  };

  test.for(Object.entries(unseen))('%s', ([, [because, make]]) => {
    expect(synthesisOf(make)).toThrow(
      `the routes of "Scratch/Api" cannot be compared with routes, for ${because}: write its definition out ` +
        'in the template, or make its routes as constructs.',
    );
  });

  test('but not those of an API that has nothing to do with it', () => {
    const make: Make = (stack, made) => {
      new CfnApi(stack, 'Api', inS3);
      const { ref } = new CfnApi(stack, 'Other', { name: 'api', protocolType: 'HTTP' });
      permit(stack, made, `arn:aws:execute-api:eu-west-1:111122223333:${ref}/authorizers/*`);
    };
    expect(synthesisOf(make)).not.toThrow();
  });

  const unknown = /^.*which route "Scratch\/Route" is cannot be told before the deployment/s;

  test('a route key by a parameter', () => {
    const make: Make = (stack, made) => {
      const { ref: apiId } = new CfnApi(stack, 'Api', { name: 'api', protocolType: 'HTTP' });
      const { ref: authorizerId } = guardedBy(stack, made, apiId);
      const { valueAsString: routeKey } = new CfnParameter(stack, 'Key');
      new CfnRoute(stack, 'Route', { apiId, routeKey, authorizationType: 'CUSTOM', authorizerId });
    };
    expect(synthesisOf(make)).toThrow(unknown);
    expect(synthesisOf(make)).toThrow('write its route key out.');
  });

  test('a method of a resource of another app, whose path nothing says', () => {
    const make: Make = (stack, made) => {
      const authorizer = made.restTokenAuthorizer();
      const imported = { restApiId: 'a1b2c3', rootResourceId: 'd4e5f6' };
      authorizer._attachToApi(RestApi.fromRestApiAttributes(stack, 'Api', imported));
      new CfnMethod(stack, 'Route', {
        restApiId: 'a1b2c3',
        resourceId: 'g7h8i9',
        httpMethod: 'GET',
        authorizationType: 'CUSTOM',
        authorizerId: authorizer.authorizerId,
      });
    };
    expect(synthesisOf(make)).toThrow(unknown);
    expect(synthesisOf(make)).toThrow('add to the API of another app by RestApi.fromRestApiAttr');
  });
});

test('I16: an authorizer of a type that only the deployment knows is checked as each of the two', () => {
  const make: Make = (stack, made) => {
    const { ref: restApiId, attrRootResourceId: resourceId } = new CfnRestApi(stack, 'Api', {
      name: 'api',
    });
    const authorizer = new CfnRestAuthorizer(stack, 'Mine', {
      restApiId,
      name: 'mine',
      type: new CfnParameter(stack, 'Type').valueAsString,
      authorizerUri: uriOf(made.function.functionArn),
    });
    new CfnMethod(stack, 'Method', {
      restApiId,
      resourceId,
      httpMethod: 'POST',
      authorizationType: 'CUSTOM',
      authorizerId: authorizer.ref,
    });
  };
  expect(synthesisOf(make)).toThrow('"Scratch/Mine" keeps the answers');
  expect(synthesisOf(make)).toThrow('routes does not list "POST /", which this authorizer guards');
});

function permit(stack: Stack, made: AccessTokenAuthorizer, sourceArn?: string): void {
  new CfnPermission(stack, 'Permission', {
    action: 'lambda:InvokeFunction',
    functionName: made.function.functionName,
    principal: 'apigateway.amazonaws.com',
    sourceArn,
  });
}
