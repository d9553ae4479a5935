import { CfnParameter, CfnResource, Duration, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import {
  IdentitySource,
  MockIntegration,
  RequestAuthorizer,
  RestApi,
  TokenAuthorizer,
} from 'aws-cdk-lib/aws-apigateway';
import {
  CfnApi,
  CfnAuthorizer,
  HttpApi,
  HttpMethod,
  type IHttpRouteAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2';
import {
  HttpLambdaAuthorizer,
  type HttpLambdaAuthorizerProps,
} from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Alias, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { describe, expect, test } from 'vitest';
import {
  AccessTokenAuthorizer,
  type AccessTokenAuthorizerProps,
} from '../../infra/authorizer/access-token-authorizer.ts';
import { NodeFunction } from '../../infra/node-function.ts';
import { definitionOf, uriOf } from './http-attachments.ts';
import { propertiesOf, scratchStack } from './synthesis.ts';

/** An authorizer that takes no bound tokens. */
const authorizer = (stack: Stack, special: Partial<AccessTokenAuthorizerProps> = {}) =>
  new AccessTokenAuthorizer(stack, 'Authorizer', {
    issuer: 'https://auth.example.com',
    audience: 'https://api.example.com',
    routes: { 'GET /': ['read'], 'POST /': ['write'] },
    ...special,
  });

function addRoutes(stack: Stack, guardian: IHttpRouteAuthorizer): void {
  new HttpApi(stack, 'Api').addRoutes({
    path: '/',
    methods: [HttpMethod.GET, HttpMethod.POST],
    integration: new HttpUrlIntegration('Anywhere', 'https://example.com'),
    authorizer: guardian,
  });
}

function addMethods(stack: Stack, guardian: RequestAuthorizer | TokenAuthorizer): void {
  const { root } = new RestApi(stack, 'Api');
  for (const method of ['GET', 'POST']) {
    root.addMethod(method, new MockIntegration(), { authorizer: guardian });
  }
}

/** An authorizer of an HTTP API that somebody makes himself. */
const httpOne = (stack: Stack, called: IFunction, props?: HttpLambdaAuthorizerProps): void =>
  addRoutes(stack, new HttpLambdaAuthorizer('Mine', called, props));

function restOne(stack: Stack, handler: IFunction, contexts: readonly string[]): void {
  const identitySources = [
    IdentitySource.header('authorization'),
    ...contexts.map((name) => IdentitySource.context(name)),
  ];
  addMethods(stack, new RequestAuthorizer(stack, 'Mine', { handler, identitySources }));
}

function writtenOver(stack: Stack, name: string, value: unknown): void {
  for (const resource of stack.node.findAll()) {
    if (!CfnResource.isCfnResource(resource)) continue;
    if (!resource.cfnResourceType.endsWith('::Authorizer')) continue;
    resource.addPropertyOverride(name, value);
  }
}

const bearer = '$request.header.Authorization';
const request = ['$context.routeKey', '$context.httpMethod', '$context.path'];
const byRequest = request.join(' and ');

describe('I16: an answer that API Gateway keeps is given to the same request alone', () => {
  type Make = (stack: Stack, made: AccessTokenAuthorizer) => void;

  const shared: Readonly<Record<string, readonly [missing: string, time: string, make: Make]>> = {
    'of an HTTP API, with the defaults of the CDK': [
      byRequest,
      '300 seconds',
      (stack, made) => httpOne(stack, made.function),
    ],
    'that calls an alias': [
      byRequest,
      '300 seconds',
      (stack, { function: { currentVersion: version } }) =>
        httpOne(stack, new Alias(stack, 'Live', { aliasName: 'live', version })),
    ],
    'that looks at the route alone': [
      bearer,
      '60 seconds',
      (stack, made) =>
        httpOne(stack, made.function, {
          identitySource: request,
          resultsCacheTtl: Duration.seconds(60),
        }),
    ],
    'that was httpAuthorizer()': [
      byRequest,
      '60 seconds',
      (stack, made) => {
        addRoutes(stack, made.httpAuthorizer());
        writtenOver(stack, 'IdentitySource', [bearer]);
      },
    ],
    'that is a resource, with a cache by parameter': [
      byRequest,
      'as long as a parameter says',
      (stack, made) => {
        const { valueAsNumber } = new CfnParameter(stack, 'Ttl', { type: 'Number' });
        new CfnAuthorizer(stack, 'Mine', {
          apiId: 'a',
          authorizerType: 'REQUEST',
          name: 'mine',
          identitySource: [bearer],
          authorizerUri: uriOf(made.function.functionArn),
          authorizerResultTtlInSeconds: valueAsNumber,
        });
      },
    ],
    'in an OpenAPI definition': [
      `${bearer} and ${byRequest}`,
      '300 seconds',
      (stack, made) => {
        const body = definitionOf(made.function.functionArn, ['GET /', 'POST /']);
        const text = JSON.stringify(stack.resolve(body)).replace(/"identitySource":"[^"]*",/, '');
        new CfnApi(stack, 'Api', { body: JSON.parse(text) });
      },
    ],
    'of an HTTP API, by the route alone': [
      '$context.httpMethod and $context.path',
      '300 seconds',
      (stack, made) =>
        httpOne(stack, made.function, { identitySource: [bearer, '$context.routeKey'] }),
    ],
    'of a REST API, with the defaults of the CDK': [
      'context.httpMethod and context.resourcePath and context.path',
      '300 seconds',
      (stack, made) => restOne(stack, made.function, []),
    ],
    'of a REST API, by method alone': [
      'context.resourcePath and context.path',
      '300 seconds',
      (stack, made) => restOne(stack, made.function, ['httpMethod']),
    ],
    'that was restRequestAuthorizer()': [
      'method.request.header.Authorization and context.httpMethod and context.resourcePath and context.path',
      '60 seconds',
      (stack, made) => {
        addMethods(stack, made.restRequestAuthorizer());
        writtenOver(stack, 'IdentitySource', 'method.request.header.X-Api-Key');
      },
    ],
  };

  test.for(Object.entries(shared))('one %s fails the synthesis', ([, [missing, time, make]]) => {
    const stack = scratchStack();
    make(stack, authorizer(stack));
    expect(() => Template.fromStack(stack)).toThrow(
      ` keeps the answers of "Scratch/Authorizer/Function" for ${time}, but without ${missing} among its ` +
        'identity sources an answer to one request is given to others: add what is missing, or set its ' +
        'result cache to 0 seconds.',
    );
  });

  const own: Readonly<Record<string, Make>> = {
    'of an HTTP API, with the whole request among its identity sources': (stack, made) =>
      httpOne(stack, made.function, { identitySource: [bearer.toLowerCase(), ...request] }),
    'without a cache': (stack, made) =>
      httpOne(stack, made.function, { resultsCacheTtl: Duration.seconds(0) }),
    'of a REST API, by method and path': (stack, made) =>
      restOne(stack, made.function, ['httpMethod', 'resourcePath', 'path']),
    'of type TOKEN, whose policy is right for all routes': (stack, made) =>
      addMethods(stack, new TokenAuthorizer(stack, 'Mine', { handler: made.function })),
    'that calls another function': (stack) => {
      const theirs = { description: 'theirs', entry: 'demo-api/index', environment: {} };
      httpOne(stack, new NodeFunction(stack, 'Theirs', theirs));
    },
  };

  test.for(Object.entries(own))('one %s does not', ([, make]) => {
    const stack = scratchStack();
    make(stack, authorizer(stack));
    expect(() => Template.fromStack(stack)).not.toThrow();
  });
});

describe('instances that are kept warm', () => {
  const warm = { provisionedConcurrency: 2 };

  test('an alias has them, and each authorizer calls it', () => {
    const stack = scratchStack();
    const made = authorizer(stack, warm);
    addRoutes(stack, made.httpAuthorizer());
    const restApi = new RestApi(stack, 'RestApi');
    const byToken = { authorizer: made.restTokenAuthorizer() };
    restApi.root.addMethod('GET', new MockIntegration(), byToken);
    const byRequest = { authorizer: made.restRequestAuthorizer() };
    restApi.root.addMethod('POST', new MockIntegration(), byRequest);
    const template = Template.fromStack(stack);
    expect(propertiesOf(template, 'AWS::Lambda::Alias')).toMatchObject({
      FunctionName: { Ref: expect.stringMatching(/^AuthorizerFunction/) },
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 },
    });
    const alias = { Ref: expect.stringMatching(/^AuthorizerFunctionWarm/) };
    const uris = ['AWS::ApiGateway::Authorizer', 'AWS::ApiGatewayV2::Authorizer']
      .flatMap((type) => Object.values(template.findResources(type)))
      .map(({ Properties }) => Properties.AuthorizerUri['Fn::Join'][1]);
    expect(uris).toEqual(Array.from({ length: 3 }, () => expect.arrayContaining([alias])));
    for (const { Properties } of Object.values(template.findResources('AWS::Lambda::Permission'))) {
      expect(Properties.FunctionName).toEqual(alias);
    }
  });

  test('without them there is no alias', () => {
    const stack = scratchStack();
    expect(authorizer(stack).alias).toBeUndefined();
    Template.fromStack(stack).resourceCountIs('AWS::Lambda::Alias', 0);
  });

  test.for([0, -1, 1.5])('%d of them are one sentence at synthesis', (provisionedConcurrency) => {
    expect(() => authorizer(scratchStack(), { provisionedConcurrency })).toThrow(
      `provisionedConcurrency is ${provisionedConcurrency}, but it must be a whole number above 0.`,
    );
  });
});
