import { App, CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import {
  ApiDefinition,
  MockIntegration,
  RestApi,
  SpecRestApi,
  TokenAuthorizer,
} from 'aws-cdk-lib/aws-apigateway';
import { CfnAuthorizer, HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { describe, expect, test } from 'vitest';
import {
  AccessTokenAuthorizer,
  type AccessTokenAuthorizerProps,
} from '../../infra/authorizer/access-token-authorizer.ts';
import { AccessTokenGuard } from '../../infra/authorizer/access-token-guard.ts';
import { NodeFunction } from '../../infra/node-function.ts';
import { AuthorizationServer } from '../../infra/server/authorization-server.ts';
import type { IAuthorizationServer } from '../../infra/server/server-interface.ts';
import { StaleRevocations } from '../../infra/settings/choices/stale-revocations.ts';
import { permissionsOf } from './permissions.ts';
import { environmentOf, propertiesOf, scratchDirectory, scratchStack } from './synthesis.ts';

const issuer = 'https://auth.example.com';
const audience = 'https://api.example.com';
const routes = { 'GET /': ['read'] };
const api = { issuer, audience, routes };
const boundTokens = { publicUrl: audience };
const seconds = Duration.seconds;

const authorizer = (special: Partial<AccessTokenAuthorizerProps>, stack = scratchStack()) =>
  new AccessTokenAuthorizer(stack, 'Authorizer', { ...api, ...special });

function guard(special: Partial<AccessTokenAuthorizerProps>, stack = scratchStack()) {
  const guarded = new NodeFunction(stack, 'Guarded', {
    description: 'orders',
    entry: 'demo-api/guarded',
    environment: {},
  });
  const httpApis = [new HttpApi(stack, 'GuardedApi')];
  new AccessTokenGuard(stack, 'Guard', {
    ...{ ...api, boundTokens, function: guarded, httpApis },
    ...special,
  });
  return stack;
}

/** What of an environment is about tokens that were taken back. */
function revocationVariables(stack: Stack, functionId: string, prefix = '') {
  const variables = Object.entries(environmentOf(Template.fromStack(stack), functionId));
  const about = variables.filter(([name]) => name.includes('REVOCATION'));
  return Object.fromEntries(about.map(([name, value]) => [name.replace(prefix, ''), value]));
}

/** Seconds that each authorizer has API Gateway keep an answer. */
function caches(special: Partial<AccessTokenAuthorizerProps>): readonly unknown[] {
  const stack = scratchStack();
  const made = authorizer(special, stack);
  new HttpApi(stack, 'Api').addRoutes({
    path: '/',
    methods: [HttpMethod.GET],
    integration: new HttpUrlIntegration('Anywhere', 'https://example.com'),
    authorizer: made.httpAuthorizer(),
  });
  const rest = new RestApi(stack, 'Rest');
  rest.root.addMethod('GET', new MockIntegration(), { authorizer: made.restTokenAuthorizer() });
  const found = ['AWS::ApiGatewayV2::Authorizer', 'AWS::ApiGateway::Authorizer'].map(
    (type) => propertiesOf(Template.fromStack(stack), type).AuthorizerResultTtlInSeconds,
  );
  const schemes = [made.httpSecurityScheme(), made.restSecurityScheme()].map((scheme) => {
    const { authorizerResultTtlInSeconds } = Object(scheme['x-amazon-apigateway-authorizer']);
    return authorizerResultTtlInSeconds;
  });
  return [...found, ...schemes];
}

describe('J05: refuseRevokedWithin', () => {
  const never = {
    REVOCATION_LIST: 'none',
    REVOCATIONS_TABLE: 'none',
    REVOCATION_MAX_AGE: '5',
    REVOCATION_GRACE: '60',
    ON_STALE_REVOCATIONS: 'refuse',
  };
  const within10 = { ...never, REVOCATION_LIST: `${issuer}/revocation-list` };

  test('without it no list is read, and answers are kept for a minute', () => {
    const stack = Stack.of(authorizer({}));
    expect(revocationVariables(stack, 'AuthorizerFunction')).toEqual(never);
    expect(revocationVariables(guard({}), 'Guarded', 'COUNTERSIGN_')).toEqual(never);
    expect(caches({})).toEqual([60, 60, 60, 60]);
  });

  test('tells the function where the list is, and how old it may get', () => {
    const stack = Stack.of(authorizer({ refuseRevokedWithin: seconds(10) }));
    expect(revocationVariables(stack, 'AuthorizerFunction')).toEqual(within10);
    const bound = authorizer({ refuseRevokedWithin: seconds(10), boundTokens });
    expect(revocationVariables(Stack.of(bound), 'AuthorizerFunction')).toEqual(within10);
  });

  test('tells a guard the same, which has no cache in front of it', () => {
    const stack = guard({ refuseRevokedWithin: seconds(10) });
    expect(revocationVariables(stack, 'Guarded', 'COUNTERSIGN_')).toEqual(within10);
  });

  test.for<[within: number, asked: { age?: number; cache?: number }, age: string, cache: number]>([
    [4, {}, '2', 0],
    [7, {}, '5', 0],
    [10, {}, '5', 3],
    [10, { age: 8 }, '8', 0],
    [10, { cache: 6 }, '2', 6],
    [10, { cache: 7, age: 1 }, '1', 7],
    [67, {}, '5', 60],
    [7200, {}, '5', 60],
  ])('of %s seconds with %j is an age of %s and a cache of %s', ([within, asked, age, cache]) => {
    const props = {
      refuseRevokedWithin: seconds(within),
      ...(asked.age && { revocationMaxAge: seconds(asked.age) }),
      ...(asked.cache && { resultsCacheTtl: seconds(asked.cache) }),
    };
    const template = Template.fromStack(Stack.of(authorizer(props)));
    expect(environmentOf(template, 'AuthorizerFunction')).toMatchObject({
      REVOCATION_MAX_AGE: age,
    });
    expect(caches(props)).toEqual([cache, cache, cache, cache]);
  });

  test('is kept by no cache where tokens are bound', () => {
    expect(caches({ refuseRevokedWithin: seconds(10), boundTokens })).toEqual([0, 0, 0, 0]);
  });

  test('what comes when no list can be had is told to the function', () => {
    const made = authorizer({
      refuseRevokedWithin: seconds(10),
      revocationGrace: Duration.minutes(5),
      onStaleRevocations: StaleRevocations.ALLOW,
    });
    expect(revocationVariables(Stack.of(made), 'AuthorizerFunction')).toEqual({
      ...within10,
      REVOCATION_GRACE: '300',
      ON_STALE_REVOCATIONS: 'allow',
    });
  });

  test.for<[Partial<AccessTokenAuthorizerProps>, string]>([
    [{ revocationMaxAge: seconds(5) }, 'revocationMaxAge is set, but without refuseRevokedWithin'],
    [{ revocationGrace: seconds(5) }, 'revocationGrace is set, but without refuseRevokedWithin'],
    [{ onStaleRevocations: StaleRevocations.REFUSE }, 'onStaleRevocations is set, but without'],
    [{ readRevocationTable: true }, 'readRevocationTable is set, but without refuseRevokedWithin'],
    [
      { refuseRevokedWithin: seconds(3) },
      'refuseRevokedWithin is "3 seconds", but it must be 4 seconds to 2 hours, in whole seconds.',
    ],
    [{ refuseRevokedWithin: Duration.millis(4500) }, 'refuseRevokedWithin is "4 seconds 500 mill'],
    [
      { refuseRevokedWithin: seconds(10), resultsCacheTtl: seconds(60) },
      'refuseRevokedWithin is 10 seconds, but with 2 until a list is made and fetched, 1 of revocationMaxAge and 60 ' +
        'of resultsCacheTtl it takes up to 63 seconds: make one of these two less, or set refuseRevokedWithin to ' +
        'Duration.seconds(63).',
    ],
    [
      { refuseRevokedWithin: seconds(10), revocationMaxAge: seconds(9) },
      'it takes up to 11 seconds',
    ],
    [
      { refuseRevokedWithin: seconds(10), revocationMaxAge: seconds(0) },
      'revocationMaxAge is "0 seconds", but it must be 1 second to 1 hour',
    ],
    [
      { refuseRevokedWithin: seconds(10), revocationGrace: Duration.days(2) },
      'revocationGrace is "2 days", but it must be 0 seconds to 1 day',
    ],
    [
      { refuseRevokedWithin: seconds(10), boundTokens, resultsCacheTtl: seconds(1) },
      'resultsCacheTtl is 1 seconds, but with boundTokens',
    ],
    [
      {
        refuseRevokedWithin: seconds(10),
        onStaleRevocations: 'allow' as unknown as StaleRevocations,
      },
      'onStaleRevocations is "allow", but it must be StaleRevocations.REFUSE or StaleRevocations.ALLOW.',
    ],
    [
      { refuseRevokedWithin: seconds(10), readRevocationTable: true },
      'readRevocationTable is true, but server is not set, whose table that would be',
    ],
  ])('%o is refused: %s', ([props, sentence]) => {
    expect(() => authorizer(props)).toThrow(sentence);
    if (!('resultsCacheTtl' in props)) expect(() => guard(props)).toThrow(sentence);
  });

  test.for([
    'refuseRevokedWithin',
    'revocationMaxAge',
    'revocationGrace',
    'resultsCacheTtl',
  ] as const)('%s has to be known at the synthesis', (name) => {
    const stack = scratchStack();
    const { valueAsNumber } = new CfnParameter(stack, 'Seconds', { type: 'Number' });
    const props = { refuseRevokedWithin: seconds(10), [name]: seconds(valueAsNumber) };
    expect(() => authorizer(props, stack)).toThrow(
      new RegExp(`^${name} is .* must be known when the app is synthesized`),
    );
  });
});

describe('an authorizer that somebody makes himself', () => {
  const late = (time: string) =>
    `"Scratch/Mine" keeps the answers of "Scratch/Authorizer/Function" for ${time}, but refuseRevokedWithin leaves 3 ` +
    'seconds for that: set its result cache to as many or fewer.';
  const sources = [
    '$request.header.Authorization',
    '$context.routeKey',
    '$context.httpMethod',
    '$context.path',
  ];
  const mine = (stack: Stack, authorizerUri: string, authorizerResultTtlInSeconds?: number) =>
    new CfnAuthorizer(stack, 'Mine', {
      ...{ apiId: 'a', authorizerType: 'REQUEST', name: 'mine', authorizerUri },
      ...{ authorizerPayloadFormatVersion: '2.0', enableSimpleResponses: true },
      ...{ identitySource: sources, authorizerResultTtlInSeconds },
    });

  test.for<[time: string, make: (stack: Stack, made: AccessTokenAuthorizer) => unknown]>([
    ['60 seconds', (stack, made) => mine(stack, made.authorizerUri, 60)],
    ['4 seconds', (stack, made) => mine(stack, made.authorizerUri, 4)],
    [
      'as long as a parameter says',
      (stack, made) => {
        const { valueAsNumber } = new CfnParameter(stack, 'Ttl', { type: 'Number' });
        mine(stack, made.authorizerUri, valueAsNumber);
      },
    ],
    [
      '300 seconds',
      (stack, made) => {
        const guardian = new TokenAuthorizer(stack, 'Mine', { handler: made.function });
        const rest = new RestApi(stack, 'Rest');
        rest.root.addMethod('GET', new MockIntegration(), { authorizer: guardian });
      },
    ],
  ])('keeps answers for %s, which is found', ([time, make]) => {
    const stack = scratchStack();
    make(stack, authorizer({ refuseRevokedWithin: seconds(10) }, stack));
    expect(() => Template.fromStack(stack)).toThrow(late(time));
  });

  test('may keep them for as long as there is time', () => {
    const stack = scratchStack();
    mine(stack, authorizer({ refuseRevokedWithin: seconds(10) }, stack).authorizerUri, 3);
    expect(() => Template.fromStack(stack)).not.toThrow(/refuseRevokedWithin/);
  });

  test.for<[ttl: unknown, time: string]>([
    [30, '30 seconds'],
    ['30', '30 seconds'],
    [undefined, '300 seconds'],
    ['', 'as long as a parameter says'],
    [true, 'as long as a parameter says'],
    [[], 'as long as a parameter says'],
    [-1, 'as long as a parameter says'],
  ])('with a definition of its own is found, too, which says %o', ([ttl, time]) => {
    const stack = scratchStack();
    const made = authorizer({ refuseRevokedWithin: seconds(10) }, stack);
    const scheme = made.restSecurityScheme();
    const its = Object(scheme['x-amazon-apigateway-authorizer']);
    its.authorizerResultTtlInSeconds = ttl;
    new SpecRestApi(stack, 'Mine', {
      apiDefinition: ApiDefinition.fromInline({
        openapi: '3.0.1',
        paths: { '/': { get: { security: [{ mine: [] }] } } },
        components: { securitySchemes: { mine: scheme } },
      }),
    });
    expect(() => Template.fromStack(stack)).toThrow(
      `for ${time}, but refuseRevokedWithin leaves 3`,
    );
  });
});

describe('readRevocationTable', () => {
  const readsTable = (server: IAuthorizationServer, stack: Stack) =>
    new AccessTokenAuthorizer(stack, 'Authorizer', {
      ...{ audience, routes, server },
      ...{ refuseRevokedWithin: seconds(10), readRevocationTable: true },
    });
  const condition = { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['revoked'] } };
  const env = { account: '111122223333', region: 'eu-west-1' };
  const stackIn = (app: App, id: string, its: object) => new Stack(app, id, { env: its });
  const newApp = () =>
    new App({ outdir: scratchDirectory(), builtinCloudFormationValidation: false });

  test('lets the function read what was taken back, and nothing else of the table', () => {
    const stack = scratchStack();
    readsTable(new AuthorizationServer(stack, 'Server', { issuer }), stack);
    const template = Template.fromStack(stack);
    expect(environmentOf(template, 'AuthorizerFunction')).toMatchObject({
      REVOCATION_LIST: 'table',
      REVOCATIONS_TABLE: { Ref: expect.stringMatching(/^ServerRevocations/) },
    });
    expect(permissionsOf(template, 'AuthorizerFunction')).toContainEqual({
      action: 'dynamodb:Query',
      on: expect.stringContaining('ServerRevocations'),
      condition,
    });
  });

  test('takes a bundle that can read a table, where none has that it needs not', () => {
    const stack = scratchStack();
    const server = new AuthorizationServer(stack, 'Server', { issuer });
    readsTable(server, stack);
    const fetches = { audience, routes, server, refuseRevokedWithin: seconds(10) };
    new AccessTokenAuthorizer(stack, 'Fetching', fetches);
    new AccessTokenAuthorizer(stack, 'Unaware', { audience, routes, server });
    const template = Template.fromStack(stack);
    const [reading, fetching, unaware] = ['Authorizer', 'Fetching', 'Unaware'].map(
      (id) => propertiesOf(template, 'AWS::Lambda::Function', `${id}Function`).Code,
    );
    expect(fetching).toEqual(unaware);
    expect(reading).not.toEqual(fetching);
  });

  test('is for a server that is elsewhere, too, whose table is named', () => {
    const stack = scratchStack();
    const known = { issuer, revocationsTableName: 'revocations' };
    readsTable(AuthorizationServer.fromAttributes(stack, 'Server', known), stack);
    const template = Template.fromStack(stack);
    expect(environmentOf(template, 'AuthorizerFunction')).toMatchObject({
      REVOCATIONS_TABLE: 'revocations',
    });
    expect(permissionsOf(template, 'AuthorizerFunction')).toContainEqual({
      action: 'dynamodb:Query',
      on: 'arn:<Partition>:dynamodb:<Region>:<AccountId>:table/revocations/index/by-time',
      condition,
    });
  });

  test('is for one whose stack has it among its outputs', () => {
    const stack = scratchStack();
    const stackName = 'Countersign';
    readsTable(AuthorizationServer.fromStackOutputs(stack, 'Server', { stackName }), stack);
    expect(environmentOf(Template.fromStack(stack), 'AuthorizerFunction')).toMatchObject({
      REVOCATIONS_TABLE: {
        'Fn::GetStackOutput': { StackName: stackName, OutputName: 'RevocationsTable' },
      },
    });
  });

  test('is refused where the table is not known', () => {
    const stack = scratchStack();
    const server = AuthorizationServer.fromAttributes(stack, 'Server', { issuer });
    expect(() => readsTable(server, stack)).toThrow(
      'readRevocationTable is true, but "Scratch/Server" is imported without its revocationsTableName',
    );
  });

  test.for([
    ['Region eu-west-1, and the function in eu-north-1', { ...env, region: 'eu-north-1' }],
    ['account 111122223333, and the function in 444455556666', { ...env, account: '444455556666' }],
  ] as const)('is refused where the table is in the %s', ([sentence, elsewhere]) => {
    const app = newApp();
    const server = new AuthorizationServer(stackIn(app, 'Identity', env), 'Server', { issuer });
    expect(() => readsTable(server, stackIn(app, 'Orders', elsewhere))).toThrow(sentence);
  });

  test('is refused where an imported server is in another Region', () => {
    const stack = stackIn(newApp(), 'Orders', env);
    const known = { issuer, revocationsTableName: 'revocations', region: 'eu-north-1' };
    const server = AuthorizationServer.fromAttributes(stack, 'Server', known);
    expect(() => readsTable(server, stack)).toThrow(
      'the table is in the Region eu-north-1, and the function in eu-west-1',
    );
  });

  test('of another stack in the same place is read', () => {
    const app = newApp();
    const server = new AuthorizationServer(stackIn(app, 'Identity', env), 'Server', { issuer });
    const stack = stackIn(app, 'Orders', env);
    readsTable(server, stack);
    expect(environmentOf(Template.fromStack(stack), 'AuthorizerFunction')).toMatchObject({
      REVOCATION_LIST: 'table',
    });
  });

  test('a guard reads it, too', () => {
    const stack = scratchStack();
    const server = new AuthorizationServer(stack, 'Server', { issuer });
    const within = { refuseRevokedWithin: seconds(10), readRevocationTable: true };
    guard({ ...within, issuer: undefined, server }, stack);
    expect(permissionsOf(Template.fromStack(stack), 'Guarded')).toContainEqual(
      expect.objectContaining({ action: 'dynamodb:Query', condition }),
    );
  });
});
