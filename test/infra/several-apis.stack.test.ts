import { type App, NestedStack, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import {
  ApiDefinition,
  type IAuthorizer,
  type IRestApi,
  MockIntegration,
  RestApi,
  SpecRestApi,
} from 'aws-cdk-lib/aws-apigateway';
import {
  CfnApi,
  HttpApi,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  type IHttpApi,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Construct } from 'constructs';
import { describe, expect, test } from 'vitest';
import {
  AccessTokenAuthorizer,
  type AccessTokenAuthorizerProps,
} from '../../infra/authorizer/access-token-authorizer.ts';
import { AuthorizationServer } from '../../infra/server/authorization-server.ts';
import { DpopNonce } from '../../infra/settings/choices/dpop-nonce.ts';
import { nameInStack, physicalName } from '../../infra/settings/physical-name.ts';
import { environmentOf, propertiesOf, resourceOf, scratchStack } from './synthesis.ts';

const authorizerOf = (scope: Construct, special: Partial<AccessTokenAuthorizerProps> = {}) =>
  new AccessTokenAuthorizer(scope, 'Authorizer', {
    issuer: 'https://auth.example.com',
    audience: 'https://api.example.com',
    routes: { 'GET /orders': ['read'] },
    ...special,
  });

const anywhere = () => new HttpUrlIntegration('Anywhere', 'https://example.com');

function addRoute(httpApi: HttpApi, made: AccessTokenAuthorizer): void {
  const authorizer = made.httpAuthorizer();
  const integration = anywhere();
  httpApi.addRoutes({ path: '/orders', methods: [HttpMethod.GET], integration, authorizer });
}

function addMethod(restApi: IRestApi, authorizer: IAuthorizer): void {
  restApi.root.addResource('orders').addMethod('GET', new MockIntegration(), { authorizer });
}

const otherStack = (stack: Stack, id = 'Other') => new Stack(stack.node.root as App, id);

/** The template of a stack; a cycle between those of an app fails. */
function templateOf(stack: Stack): Template {
  const { template } = (stack.node.root as App).synth().getStackArtifact(stack.artifactId);
  return Template.fromJSON(template);
}

const count = (template: Template, type: string) =>
  Object.keys(template.findResources(type)).length;

const permission = 'AWS::Lambda::Permission';
const httpAuthorizer = 'AWS::ApiGatewayV2::Authorizer';
const restAuthorizer = 'AWS::ApiGateway::Authorizer';

describe('one authorizer guards several HTTP APIs', () => {
  test('of one stack: each has an authorizer and a permission of its own', () => {
    const stack = scratchStack();
    const made = authorizerOf(stack);
    for (const id of ['One', 'Two']) addRoute(new HttpApi(stack, id), made);
    const template = templateOf(stack);
    expect([count(template, httpAuthorizer), count(template, permission)]).toEqual([2, 2]);
    expect(count(template, 'AWS::Lambda::Function')).toBe(1);
  });

  test('of other stacks: what belongs to an API is in its stack', () => {
    const stack = scratchStack();
    const made = authorizerOf(stack);
    const others = ['One', 'Two'].map((id) => otherStack(stack, id));
    for (const other of others) addRoute(new HttpApi(other, 'Api'), made);
    expect(count(templateOf(stack), permission)).toBe(0);
    for (const template of others.map(templateOf)) {
      expect([count(template, httpAuthorizer), count(template, permission)]).toEqual([1, 1]);
    }
  });

  test('as the default authorizer of one', () => {
    const stack = scratchStack();
    const defaultAuthorizer = authorizerOf(stack).httpAuthorizer();
    const httpApi = new HttpApi(stack, 'Api', { defaultAuthorizer });
    const integration = anywhere();
    httpApi.addRoutes({ path: '/orders', methods: [HttpMethod.GET], integration });
    const template = templateOf(stack);
    expect(propertiesOf(template, 'AWS::ApiGatewayV2::Route')).toMatchObject({
      AuthorizationType: 'CUSTOM',
    });
  });

  test('an imported one', () => {
    const stack = scratchStack();
    const httpApi = HttpApi.fromHttpApiAttributes(stack, 'Api', { httpApiId: 'a1b2c3' });
    const made = authorizerOf(stack);
    const authorizer = made.httpAuthorizer();
    const routeKey = HttpRouteKey.with('/orders', HttpMethod.GET);
    const integration = anywhere();
    new HttpRoute(stack, 'Route', { httpApi, routeKey, integration, authorizer });
    const template = templateOf(stack);
    expect(propertiesOf(template, httpAuthorizer)).toMatchObject({ ApiId: 'a1b2c3' });
    expect(JSON.stringify(propertiesOf(template, permission).SourceArn)).toContain(
      ':a1b2c3/authorizers/',
    );
  });
});

describe.for(['restRequestAuthorizer', 'restTokenAuthorizer'] as const)(
  'one authorizer guards several REST APIs by %s(restApi)',
  (form) => {
    test('of one stack, and the first without naming it', () => {
      const stack = scratchStack();
      const made = authorizerOf(stack);
      addMethod(new RestApi(stack, 'First'), made[form]());
      for (const id of ['One', 'Two']) {
        const restApi = new RestApi(stack, id);
        addMethod(restApi, made[form](restApi));
        expect(made[form](restApi)).toBe(made[form](restApi));
      }
      const template = templateOf(stack);
      expect([count(template, restAuthorizer), count(template, permission)]).toEqual([3, 3]);
      const names = Object.values(template.findResources(restAuthorizer)).map(
        ({ Properties }) => Properties.Name,
      );
      expect(new Set(names).size).toBe(3);
    });

    test('one of another stack, which has the authorizer and the permission', () => {
      const stack = scratchStack();
      const made = authorizerOf(stack, { provisionedConcurrency: 1 });
      const other = otherStack(stack);
      const restApi = new RestApi(other, 'Api');
      addMethod(restApi, made[form](restApi));
      made.addChallenges(restApi);
      const [own, template] = [templateOf(stack), templateOf(other)];
      expect([count(own, restAuthorizer), count(own, permission)]).toEqual([0, 0]);
      expect([count(template, restAuthorizer), count(template, permission)]).toEqual([1, 1]);
    });

    test('an imported one', () => {
      const stack = scratchStack();
      const attributes = { restApiId: 'a1b2c3', rootResourceId: 'd4e5f6' };
      const restApi = RestApi.fromRestApiAttributes(stack, 'Api', attributes);
      const made = authorizerOf(stack);
      addMethod(restApi, made[form](restApi));
      const template = templateOf(stack);
      expect(propertiesOf(template, restAuthorizer)).toMatchObject({
        RestApiId: 'a1b2c3',
      });
    });
  },
);

describe('two authorizers guard one API', () => {
  test.for(['HTTP', 'REST'])('%s: they have names of their own', (kind) => {
    const stack = scratchStack();
    const httpApi = new HttpApi(stack, 'Http');
    const restApi = new RestApi(stack, 'Rest');
    for (const id of ['one', 'two']) {
      const made = authorizerOf(new Construct(stack, id), { routes: { [`GET /${id}`]: [] } });
      if (kind === 'HTTP') {
        const authorizer = made.httpAuthorizer();
        const integration = anywhere();
        httpApi.addRoutes({ path: `/${id}`, methods: [HttpMethod.GET], integration, authorizer });
      } else {
        const authorizer = made.restRequestAuthorizer();
        restApi.root.addResource(id).addMethod('GET', new MockIntegration(), { authorizer });
      }
    }
    if (kind === 'HTTP') restApi.root.addMethod('GET');
    else restApi.root.addMethod('HEAD');
    const template = templateOf(stack);
    const type = kind === 'HTTP' ? httpAuthorizer : restAuthorizer;
    const names = Object.values(template.findResources(type)).map(
      ({ Properties }) => Properties.Name,
    );
    expect(new Set(names).size).toBe(2);
  });
});

describe('the definition of an API names the authorizer', () => {
  const paths = { '/orders': { get: { security: [{ countersign: [] }] } } };

  function restDefinition(securityScheme: object) {
    const components = { securitySchemes: { countersign: securityScheme } };
    return ApiDefinition.fromInline({ openapi: '3.0.1', paths, components });
  }

  test('I16: of a SpecRestApi', () => {
    const stack = scratchStack();
    const made = authorizerOf(stack);
    const apiDefinition = restDefinition(made.restSecurityScheme());
    const restApi = new SpecRestApi(stack, 'Api', { apiDefinition });
    made.allowCallsBy(restApi);
    made.allowCallsBy(restApi);
    made.addChallenges(restApi);
    const template = templateOf(stack);
    const { id } = resourceOf(template, 'AWS::Lambda::Function');
    expect(propertiesOf(template, 'AWS::ApiGateway::RestApi').Body).toMatchObject({
      components: {
        securitySchemes: {
          countersign: {
            type: 'apiKey',
            name: 'Authorization',
            in: 'header',
            'x-amazon-apigateway-authtype': 'custom',
            'x-amazon-apigateway-authorizer': {
              type: 'request',
              identitySource:
                'method.request.header.Authorization, context.httpMethod, context.resourcePath, context.path',
              authorizerResultTtlInSeconds: 60,
              authorizerUri: { 'Fn::Join': expect.anything() },
            },
          },
        },
      },
    });
    const api = resourceOf(template, 'AWS::ApiGateway::RestApi').id;
    expect(propertiesOf(template, permission)).toMatchObject({
      Action: 'lambda:InvokeFunction',
      FunctionName: { 'Fn::GetAtt': [id, 'Arn'] },
      Principal: 'apigateway.amazonaws.com',
      SourceArn: {
        'Fn::Join': ['', expect.arrayContaining([{ Ref: api }, '/authorizers/*'])],
      },
    });
  });

  test('I16: its routes are compared with those that are listed', () => {
    const stack = scratchStack();
    const made = authorizerOf(stack, { routes: { 'GET /others': [] } });
    const apiDefinition = restDefinition(made.restSecurityScheme());
    made.allowCallsBy(new SpecRestApi(stack, 'Api', { apiDefinition }));
    expect(made.node.validate()).toEqual([
      expect.stringContaining('routes lists "GET /others", which is no route of "Scratch/Api"'),
    ]);
  });

  test('I16: of one in another stack', () => {
    const stack = scratchStack();
    const made = authorizerOf(stack);
    const other = otherStack(stack);
    const apiDefinition = restDefinition(made.restSecurityScheme());
    made.allowCallsBy(new SpecRestApi(other, 'Api', { apiDefinition }));
    const [own, template] = [templateOf(stack), templateOf(other)];
    expect(count(own, permission)).toBe(0);
    expect(count(template, permission)).toBe(1);
  });

  test('I16: of an HTTP API', () => {
    const stack = scratchStack();
    const made = authorizerOf(stack);
    const components = { securitySchemes: { countersign: made.httpSecurityScheme() } };
    const body = { openapi: '3.0.1', info: { title: 'Orders' }, paths, components };
    const { ref: httpApiId } = new CfnApi(stack, 'Api', { body });
    const httpApi: IHttpApi = HttpApi.fromHttpApiAttributes(stack, 'Defined', { httpApiId });
    made.allowCallsBy(httpApi);
    const template = templateOf(stack);
    expect(propertiesOf(template, 'AWS::ApiGatewayV2::Api').Body).toMatchObject({
      components: {
        securitySchemes: {
          countersign: {
            'x-amazon-apigateway-authorizer': {
              type: 'request',
              authorizerPayloadFormatVersion: '2.0',
              enableSimpleResponses: true,
              identitySource:
                '$request.header.Authorization, $context.routeKey, $context.httpMethod, $context.path',
              authorizerResultTtlInSeconds: 60,
            },
          },
        },
      },
    });
  });

  test('D17: where nonces are required, a REST API must tell them, and an HTTP API cannot', () => {
    const boundTokens = {
      publicUrl: 'https://api.example.com',
      dpopNonce: DpopNonce.REQUIRED,
    } as const;
    const made = authorizerOf(scratchStack(), { boundTokens });
    expect(() => made.httpSecurityScheme()).toThrow('cannot tell a client which nonce to use');
    made.restSecurityScheme();
    expect(made.node.validate()).toEqual([expect.stringContaining('call addChallenges(restApi)')]);
  });
});

describe('physical names', () => {
  const odd = ['Заказы', '注文 API', 'a.b_c d!', '🔑', 'x'.repeat(100)];
  const deep = (stack: Stack) =>
    Array.from({ length: 20 }, (_, level) => `${odd[level % odd.length]}${level}`).reduce(
      (scope: Construct, id) => new Construct(scope, id),
      stack,
    );

  test('I16: are within the limits of API Gateway, twenty levels deep', () => {
    const stack = scratchStack();
    const scope = deep(stack);
    const made = authorizerOf(scope);
    addRoute(new HttpApi(scope, 'Http', { apiName: 'short' }), made);
    const restApi = new RestApi(scope, 'Rest', { restApiName: 'short' });
    addMethod(restApi, made.restTokenAuthorizer());
    const other = new RestApi(scope, 'Other', { restApiName: 'short' });
    addMethod(other, made.restRequestAuthorizer(other));
    const template = Template.fromStack(stack).toJSON();
    const named = Object.values<{ Type: string; Properties?: { Name?: string } }>(
      template.Resources,
    ).filter(({ Type }) => /^AWS::ApiGateway(V2)?::Authorizer$/.test(Type));
    expect(named).toHaveLength(3);
    for (const { Properties } of named) expect(Properties?.Name).toMatch(/^[A-Za-z0-9]{1,128}$/);
    expect(environmentOf(Template.fromStack(stack), '')).toHaveProperty('ROUTES');
  });

  test.for([
    ['Short', 'Short-authorization-server'],
    ['s'.repeat(128), /^s+[A-Za-z0-9]+-authorization-server$/],
  ] as const)(
    'that of an authorization server tells its stack, where that fits: %s',
    ([id, name]) => {
      const stack = new Stack(scratchStack().node.root as App, id);
      new AuthorizationServer(stack, 'Server');
      const { Name } = propertiesOf(templateOf(stack), 'AWS::ApiGatewayV2::Api');
      expect(Name).toMatch(name);
      expect(String(Name).length).toBeLessThanOrEqual(128);
    },
  );

  test('that of one in a nested stack has no name that only the deployment knows', () => {
    const nested = new NestedStack(scratchStack(), 'Nested');
    expect(nameInStack(nested, '-server')).toMatch(/^ScratchNested\w+-server$/);
  });

  test('differ, even where nothing of the ids can be in a name', () => {
    const stack = scratchStack();
    const names = odd.map((id) => physicalName(new Construct(stack, id)));
    expect(new Set(names).size).toBe(odd.length);
  });
});
