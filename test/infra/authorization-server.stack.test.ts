import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { AuthorizationServer } from '../../infra/server/authorization-server.ts';
import { anyKey, permissionsOf } from './permissions.ts';
import { environmentOf, propertiesOf, resourceOf, scratchStack, synthesize } from './synthesis.ts';

const { countersign: template } = synthesize();
const tables = template.findResources('AWS::DynamoDB::GlobalTable');
const [registry, ephemera, revocations] = ['Registry', 'Ephemera', 'Revocations'].map((name) =>
  Object.entries(tables).find(([id]) => id.startsWith(`AuthorizationServer${name}`)),
);

describe('tables', () => {
  test('the registry can be restored, cannot be deleted by mistake and outlives the stack', () => {
    expect(registry?.[1]).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        Replicas: [
          {
            DeletionProtectionEnabled: true,
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          },
        ],
      },
    });
  });

  test('ephemera expire at `expires_at` and go with the stack', () => {
    expect(ephemera?.[1]).toMatchObject({
      DeletionPolicy: 'Delete',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        TimeToLiveSpecification: { AttributeName: 'expires_at', Enabled: true },
      },
    });
  });

  test('revocations are in the order of time, expire at `expires_at` and go with the stack', () => {
    expect(revocations?.[1]).toMatchObject({
      DeletionPolicy: 'Delete',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        LocalSecondaryIndexes: [
          {
            IndexName: 'by-time',
            KeySchema: [
              { AttributeName: 'pk', KeyType: 'HASH' },
              { AttributeName: 'revoked_at', KeyType: 'RANGE' },
            ],
            Projection: { ProjectionType: 'ALL' },
          },
        ],
        TimeToLiveSpecification: { AttributeName: 'expires_at', Enabled: true },
      },
    });
  });
});

test('E11: no key is a resource of the stack: what they signed outlives it', () => {
  template.resourceCountIs('AWS::KMS::Key', 0);
  template.resourceCountIs('AWS::KMS::Alias', 0);
});

describe('HTTP API', () => {
  test('A01: every method of nine paths reaches a function, which answers 405 itself', () => {
    const routes = Object.values(template.findResources('AWS::ApiGatewayV2::Route'));
    expect(routes.map(({ Properties }) => Properties.RouteKey)).toEqual([
      'ANY /token',
      'ANY /revoke',
      'ANY /introspect',
      'ANY /.well-known/oauth-authorization-server',
      'ANY /.well-known/openid-configuration',
      'ANY /.well-known/jwks.json',
      'ANY /revocation-list',
      'ANY /status-lists/{list}',
      'ANY /authorize',
    ]);
  });

  const ofClients = (rate: number, burst: number) =>
    Object.fromEntries(
      ['/token', '/revoke', '/introspect'].map((path) => [`ANY ${path}`, limits(rate, burst)]),
    );

  test('A11: each route is throttled, and where clients authenticate by a throttle of its own', () => {
    expect(throttlesOf(synthesize().countersign)).toEqual({
      others: limits(500, 500),
      own: ofClients(500, 500),
    });
    const { countersign } = synthesize({ throttle: '40', tokenThrottle: '9000' });
    expect(throttlesOf(countersign)).toEqual({
      others: limits(40, 40),
      own: ofClients(9000, 5000),
    });
  });

  test('A11: the throttle of /token is as the others are, unless it is set', () => {
    const { countersign } = synthesize({ throttle: 70 });
    expect(throttlesOf(countersign)).toMatchObject({ own: ofClients(70, 70) });
  });

  test('A11: the demo API has the throttle of all paths, and none of its own', () => {
    const throttles = { others: limits(500, 500), own: undefined };
    expect(throttlesOf(synthesize().demoApi)).toEqual(throttles);
    const { demoApi } = synthesize({ throttle: '40', tokenThrottle: '9000' });
    expect(throttlesOf(demoApi)).toEqual({ ...throttles, others: limits(40, 40) });
  });

  test('A11: the stage comes after the route that it throttles: API Gateway looks it up', () => {
    const routes = Object.entries(template.findResources('AWS::ApiGatewayV2::Route'))
      .filter(([, { Properties }]) => Properties.RouteKey in ofClients(1, 1))
      .map(([id]) => id);
    const { DependsOn } = resourceOf(template, 'AWS::ApiGatewayV2::Stage');
    expect(routes).toHaveLength(3);
    expect([DependsOn].flat().sort()).toEqual(routes.sort());
  });

  test('the access log has no path, query string or header, where a secret could be', () => {
    const { AccessLogSettings } = propertiesOf(template, 'AWS::ApiGatewayV2::Stage');
    const { Format } = AccessLogSettings as { Format: string };
    expect(JSON.parse(Format)).toEqual({
      id: '$context.requestId',
      time: '$context.requestTimeEpoch',
      ip: '$context.identity.sourceIp',
      method: '$context.httpMethod',
      route: '$context.routeKey',
      status: '$context.status',
      ms: '$context.responseLatency',
      function: '$context.integrationStatus',
      functionMs: '$context.integrationLatency',
    });
  });

  test('every log group expires', () => {
    const logGroups = Object.entries(template.findResources('AWS::Logs::LogGroup'));
    const kept = logGroups.filter(([, { DeletionPolicy }]) => DeletionPolicy === 'Retain');
    expect(
      kept.map(([id, { Properties }]) => [id.slice(0, -8), Properties.RetentionInDays]),
    ).toEqual([['AuthorizationServerHistoryFunctionLogs', 3653]]);
    const others = logGroups.filter((group) => !kept.includes(group));
    expect(new Set(others.map(([, { Properties }]) => Properties.RetentionInDays))).toEqual(
      new Set([365]),
    );
  });
});

/** What a stage lets through: on routes without a throttle of their own, and on those with one. */
function throttlesOf(stack: Template) {
  const stage = propertiesOf(stack, 'AWS::ApiGatewayV2::Stage');
  expect(stage).toMatchObject({ StageName: '$default', AutoDeploy: true });
  return { others: stage.DefaultRouteSettings, own: stage.RouteSettings };
}

const limits = (rate: number, burst: number) => ({
  ThrottlingRateLimit: rate,
  ThrottlingBurstLimit: burst,
});

describe('what each function may do, and nothing else', () => {
  const table = 'AWS::DynamoDB::GlobalTable AuthorizationServer';

  const signing = {
    StringEquals: {
      'aws:ResourceTag/countersign:registry': { Ref: registry?.[0] },
      'kms:SigningAlgorithm': ['RSASSA_PKCS1_V1_5_SHA_256', 'RSASSA_PSS_SHA_256'],
      'kms:MessageType': ['DIGEST'],
    },
  };
  const unwrapping = {
    StringEquals: {
      'aws:ResourceTag/countersign:registry': { Ref: registry?.[0] },
      'kms:EncryptionContext:countersign:registry': { Ref: registry?.[0] },
    },
  };
  // What it has used up it may give back, and it may delete nothing else, such as the count of failures.
  const used = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['used#*'] } };
  const partition = (pk: string) => ({
    'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [pk] },
  });
  const logging = (name: string) => {
    const on = `AWS::Logs::LogGroup AuthorizationServer${name}FunctionLogs`;
    return [
      { action: 'logs:CreateLogStream', on },
      { action: 'logs:PutLogEvents', on },
    ];
  };
  const given = (name: string) => permissionsOf(template, `AuthorizationServer${name}Function`);
  const verifiesImported = {
    action: 'lambda:InvokeFunction',
    on: 'AWS::Lambda::Function AuthorizationServerImportedSecretsFunction',
  };
  const readsRevoked = {
    action: 'dynamodb:Query',
    on: `${table}Revocations/index/by-time`,
    condition: partition('revoked'),
  };

  test('token: read the registry, count and remember in ephemera, sign with RSA keys of its own, count tokens', () => {
    expect(given('Token')).toEqual([
      { action: 'dynamodb:DeleteItem', on: `${table}Ephemera`, condition: used },
      { action: 'dynamodb:GetItem', on: `${table}Registry` },
      { action: 'dynamodb:PutItem', on: `${table}Ephemera` },
      { action: 'dynamodb:UpdateItem', on: `${table}Ephemera` },
      { action: 'dynamodb:UpdateItem', on: `${table}Revocations`, condition: partition('numbers') },
      { action: 'kms:Decrypt', on: anyKey, condition: unwrapping },
      { action: 'kms:Sign', on: anyKey, condition: signing },
      verifiesImported,
      ...logging('Token'),
    ]);
  });

  test('revocation: authenticate clients, note what is taken back, and sign nothing', () => {
    expect(given('Revocation')).toEqual([
      { action: 'dynamodb:DeleteItem', on: `${table}Ephemera`, condition: used },
      { action: 'dynamodb:GetItem', on: `${table}Registry` },
      { action: 'dynamodb:PutItem', on: `${table}Ephemera` },
      { action: 'dynamodb:PutItem', on: `${table}Revocations`, condition: partition('revoked') },
      { action: 'dynamodb:UpdateItem', on: `${table}Ephemera` },
      verifiesImported,
      ...logging('Revocation'),
    ]);
  });

  test('history: read the stream of the registry, and write its own log', () => {
    const on = `${table}Registry/stream`;
    expect(given('History')).toEqual([
      ...['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map((name) => ({
        action: `dynamodb:${name}`,
        on,
      })),
      ...logging('History'),
    ]);
  });

  test('history: is given each write of the registry, before and after, as long as it can be had', () => {
    expect(registry?.[1].Properties.StreamSpecification).toEqual({
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    });
    const [mapping, ...others] = Object.values(
      template.findResources('AWS::Lambda::EventSourceMapping'),
    );
    expect(others).toEqual([]);
    expect(mapping?.Properties).toEqual({
      EventSourceArn: { 'Fn::GetAtt': [registry?.[0], 'StreamArn'] },
      FunctionName: { Ref: expect.stringMatching(/^AuthorizationServerHistoryFunction/) },
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 100,
      BisectBatchOnFunctionError: true,
      MaximumRecordAgeInSeconds: 86_400,
    });
  });

  test('introspection: authenticate clients, read what was taken back, sign answers', () => {
    expect(given('Introspection')).toEqual([
      { action: 'dynamodb:DeleteItem', on: `${table}Ephemera`, condition: used },
      { action: 'dynamodb:GetItem', on: `${table}Registry` },
      { action: 'dynamodb:PutItem', on: `${table}Ephemera` },
      readsRevoked,
      { action: 'dynamodb:UpdateItem', on: `${table}Ephemera` },
      { action: 'kms:Decrypt', on: anyKey, condition: unwrapping },
      { action: 'kms:Sign', on: anyKey, condition: signing },
      verifiesImported,
      ...logging('Introspection'),
    ]);
  });

  test('imported secrets: read and write clients, delete nothing, and read no key ring', () => {
    const clients = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['client#*'] } };
    expect(given('ImportedSecrets')).toEqual([
      { action: 'dynamodb:GetItem', on: `${table}Registry`, condition: clients },
      { action: 'dynamodb:PutItem', on: `${table}Registry`, condition: clients },
      ...logging('ImportedSecrets'),
    ]);
  });

  test('revocation list: read what was taken back, how many tokens there are and the key ring, and sign', () => {
    expect(given('RevocationList')).toEqual([
      { action: 'dynamodb:GetItem', on: `${table}Registry`, condition: partition('signing-keys') },
      readsRevoked,
      { action: 'dynamodb:Query', on: `${table}Revocations`, condition: partition('numbers') },
      { action: 'kms:Decrypt', on: anyKey, condition: unwrapping },
      { action: 'kms:Sign', on: anyKey, condition: signing },
      ...logging('RevocationList'),
    ]);
  });

  test('administration: change clients and resource servers, and no key; take tokens back; see how a stack stands', () => {
    const on = `${table}Registry`;
    const condition = {
      'ForAllValues:StringLike': {
        'dynamodb:LeadingKeys': ['client#*', 'resource#*', 'default-resource'],
      },
    };
    const answers = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['answer#*'] } };
    const logs = 'AWS::Logs::LogGroup AuthorizationServerClientAdministrationLogs';
    const byItems = [
      {
        action: 'cloudformation:DescribeStacks',
        on: 'arn:<Partition>:cloudformation:<Region>:<AccountId>:stack/*',
      },
      { action: 'dynamodb:DeleteItem', on, condition },
      { action: 'dynamodb:GetItem', on, condition },
      { action: 'dynamodb:GetItem', on: `${table}Revocations`, condition: partition('revoked') },
      { action: 'dynamodb:GetItem', on: `${table}Ephemera`, condition: answers },
      { action: 'dynamodb:PutItem', on, condition },
      { action: 'dynamodb:PutItem', on: `${table}Revocations`, condition: partition('revoked') },
      { action: 'dynamodb:PutItem', on: `${table}Ephemera`, condition: answers },
      { action: 'dynamodb:Scan', on },
      { action: 'dynamodb:UpdateItem', on, condition },
      { action: 'logs:CreateLogStream', on: logs },
      { action: 'logs:PutLogEvents', on: logs },
    ];
    expect(permissionsOf(template, 'AuthorizationServerClientAdministration')).toEqual(byItems);
  });

  test.for([
    [0, []],
    [
      1,
      [{ action: 'dynamodb:GetItem', on: `${table}Revocations`, condition: partition('revoked') }],
    ],
  ] as const)(
    'token: see whether a token was revoked, where tokenReuse is not 0: %i',
    ([tokenReuse, more]) => {
      const { countersign } = synthesize({ tokenReuse });
      const permissions = permissionsOf(countersign, 'AuthorizationServerTokenFunction');
      const usual = given('Token').filter(({ on }) => on === `${table}Revocations`);
      expect(permissions.filter(({ on }) => on === `${table}Revocations`)).toEqual([
        ...more,
        ...usual,
      ]);
    },
  );

  test('D13: token: read the keys of nonces, where there are any', () => {
    const { countersign } = synthesize({ dpopNonce: 'required' });
    const condition = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['nonce-key#*'] } };
    const permissions = permissionsOf(countersign, 'AuthorizationServerTokenFunction');
    const reading = permissions.filter(({ action }) => action === 'dynamodb:GetItem');
    expect(reading).toEqual([
      { action: 'dynamodb:GetItem', on: `${table}Registry` },
      { action: 'dynamodb:GetItem', on: `${table}Ephemera`, condition },
    ]);
  });

  test('discovery: read the key ring', () => {
    const condition = {
      'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['signing-keys'] },
    };
    const logs = 'AWS::Logs::LogGroup AuthorizationServerDiscoveryFunctionLogs';
    expect(permissionsOf(template, 'AuthorizationServerDiscoveryFunction')).toEqual([
      { action: 'dynamodb:GetItem', on: `${table}Registry`, condition },
      { action: 'logs:CreateLogStream', on: logs },
      { action: 'logs:PutLogEvents', on: logs },
    ]);
  });
});

describe('issuer', () => {
  const apiUrl = {
    'Fn::GetAtt': [Object.keys(template.findResources('AWS::ApiGatewayV2::Api'))[0], 'ApiEndpoint'],
  };
  const administration = resourceOf(
    template,
    'AWS::Lambda::Function',
    'AuthorizationServerClientAdministration',
  );
  const keyRotation = resourceOf(
    template,
    'AWS::Lambda::Function',
    'AuthorizationServerKeyRotation',
  );

  const historyLogs = resourceOf(template, 'AWS::Logs::LogGroup', 'AuthorizationServerHistory');

  test("H01: is the API's own URL, an https origin without a trailing slash, everywhere the same", () => {
    const values = {
      Issuer: apiUrl,
      TokenEndpoint: { 'Fn::Join': ['', [apiUrl, '/token']] },
      ApiEndpoint: apiUrl,
      RegistryTable: { Ref: registry?.[0] },
      EphemeraTable: { Ref: ephemera?.[0] },
      RevocationsTable: { Ref: revocations?.[0] },
      KeyRotationFunction: { Ref: keyRotation.id },
      AdministrationFunction: { Ref: administration.id },
      AdministrationRole: administration.Properties.Role,
      HistoryLogGroup: { Ref: historyLogs.id },
    };
    const outputs = Object.entries(values).map(([name, Value]) => {
      return [name, { Description: `Countersign: ${name} (AuthorizationServer)`, Value }];
    });
    expect(template.toJSON().Outputs).toEqual(Object.fromEntries(outputs));
    expect(environmentOf(template, 'AuthorizationServerTokenFunction')).toEqual({
      ISSUER: apiUrl,
      MTLS_ORIGIN: 'none',
      REGISTRY_TABLE: { Ref: registry?.[0] },
      EPHEMERA_TABLE: { Ref: ephemera?.[0] },
      IMPORTED_SECRETS_FUNCTION: {
        'Fn::GetAtt': [expect.stringMatching(/^AuthorizationServerImportedSecretsFunction/), 'Arn'],
      },
      REVOCATIONS_TABLE: { Ref: revocations?.[0] },
      ACCESS_TOKEN_LIFETIME: '3600',
      CLIENT_SECRET_METHOD: 'any',
      CORS_ORIGINS: 'none',
      CLIENT_CACHE: '30',
      TOKEN_REUSE: '0',
      CLAIMS_HOOK: 'none',
      CLAIMS_HOOK_TIMEOUT: '200',
      PROFILE: 'none',
      ASSERTION_MAX_LIFETIME: '3600',
      DPOP_NONCE: 'off',
    });
    const {
      TOKEN_REUSE: _,
      ACCESS_TOKEN_LIFETIME: __,
      CLAIMS_HOOK: ___,
      CLAIMS_HOOK_TIMEOUT: ____,
      ...ofClients
    } = environmentOf(template, 'AuthorizationServerTokenFunction');
    for (const name of ['Revocation', 'Introspection']) {
      expect(environmentOf(template, `AuthorizationServer${name}Function`)).toEqual(ofClients);
    }
    expect(environmentOf(template, 'AuthorizationServerRevocationListFunction')).toEqual({
      ISSUER: apiUrl,
      REGISTRY_TABLE: { Ref: registry?.[0] },
      REVOCATIONS_TABLE: { Ref: revocations?.[0] },
    });
    expect(environmentOf(template, 'AuthorizationServerDiscoveryFunction')).toEqual({
      ISSUER: apiUrl,
      MTLS_ORIGIN: 'none',
      AUTHORIZATION_ENDPOINT: 'openid',
      PROFILE: 'none',
      REGISTRY_TABLE: { Ref: registry?.[0] },
    });
  });

  test('the pages that may read the answers are told to the token function alone', () => {
    const corsOrigins = 'https://console.example.com,http://localhost:8080';
    const { countersign } = synthesize({ corsOrigins });
    const origins = 'https://console.example.com http://localhost:8080';
    const environment = (prefix: string) => environmentOf(countersign, prefix);
    expect(environment('AuthorizationServerTokenFunction')).toMatchObject({
      CORS_ORIGINS: origins,
    });
    expect(environment('AuthorizationServerDiscoveryFunction')).not.toHaveProperty('CORS_ORIGINS');
    // API Gateway's own would hold for the metadata as well, and take the place of the function's.
    countersign.resourcePropertiesCountIs('AWS::ApiGatewayV2::Api', { CorsConfiguration: {} }, 0);
  });

  test('A06: a set issuer gives a token endpoint on https, without a fragment', () => {
    const issuer = 'https://auth.example.com';
    const { countersign, demoApi } = synthesize({
      issuer,
      accessTokenLifetime: '600',
      clientCache: '0',
      tokenReuse: '60',
    });
    expect(countersign.toJSON().Outputs).toMatchObject({
      Issuer: { Value: issuer },
      TokenEndpoint: { Value: 'https://auth.example.com/token' },
      ApiEndpoint: { Value: { 'Fn::GetAtt': [expect.any(String), 'ApiEndpoint'] } },
    });
    expect(environmentOf(countersign, 'AuthorizationServerTokenFunction')).toMatchObject({
      ISSUER: issuer,
      ACCESS_TOKEN_LIFETIME: '600',
      CLIENT_SECRET_METHOD: 'any',
      CLIENT_CACHE: '0',
      TOKEN_REUSE: '60',
    });
    expect(environmentOf(demoApi, 'AuthorizerFunction')).toMatchObject({ ISSUER: issuer });
  });
});

describe('assertionMaxLifetime', () => {
  test.for([
    [{ assertionMaxLifetime: '120' }, '120'],
    [{ profile: 'fapi2', signingAlgorithm: 'PS256' }, '600'],
    [{ profile: 'fapi2', signingAlgorithm: 'PS256', assertionMaxLifetime: '3600' }, '3600'],
  ] as const)('B05: %j gives assertions %s seconds', ([settings, seconds]) => {
    const { countersign } = synthesize(settings);
    expect(environmentOf(countersign, 'AuthorizationServerTokenFunction')).toMatchObject({
      ASSERTION_MAX_LIFETIME: seconds,
    });
  });
});

describe('strictClientSecretMethod', () => {
  test('as a setting of the deployment reaches the token function', () => {
    const { countersign } = synthesize({ strictClientSecretMethod: 'true' });
    expect(environmentOf(countersign, 'AuthorizationServerTokenFunction')).toMatchObject({
      CLIENT_SECRET_METHOD: 'registered',
    });
  });

  test('as a property of the construct reaches it, too', () => {
    const stack = scratchStack();
    new AuthorizationServer(stack, 'Server', { strictClientSecretMethod: true });
    expect(environmentOf(Template.fromStack(stack), 'ServerTokenFunction')).toMatchObject({
      CLIENT_SECRET_METHOD: 'registered',
    });
  });
});

describe('as a construct in an app of someone else', () => {
  test.for([
    [{ issuer: 'https://auth.example.com/' }, 'issuer is "https://auth.example.com/", but'],
    [
      { accessTokenLifetime: Duration.days(2) },
      'accessTokenLifetime is "2 days", but it must be 1 minute to 1 day, in whole',
    ],
    [
      { assertionMaxLifetime: Duration.days(1) },
      'assertionMaxLifetime is "1 day", but it must be 1 minute to 12 hours, in whole',
    ],
    [
      { clientCache: Duration.minutes(6) },
      'clientCache is "6 minutes", but it must be 0 seconds to 5 minutes, in whole',
    ],
    [
      { tokenReuse: Duration.days(1) },
      'tokenReuse is "1 day", but it must be 0 seconds to 12 hours, in whole',
    ],
    [{ throttle: { burstLimit: 5 } }, 'throttle.rateLimit is undefined, but'],
    [{ throttle: { rateLimit: 0 } }, 'throttle.rateLimit is 0, but'],
    [{ tokenThrottle: { rateLimit: 5, burstLimit: 0 } }, 'tokenThrottle.burstLimit is 0, but'],
  ] as const)('%j is refused', ([props, sentence]) => {
    expect(() => new AuthorizationServer(scratchStack(), 'Server', props)).toThrow(sentence);
  });

  test('A11: takes throttles with bursts of their own', () => {
    const stack = scratchStack();
    new AuthorizationServer(stack, 'Server', {
      throttle: { rateLimit: 10, burstLimit: 20 },
      tokenThrottle: { rateLimit: 30, burstLimit: 5 },
    });
    expect(throttlesOf(Template.fromStack(stack))).toEqual({
      others: limits(10, 20),
      own: {
        'ANY /token': limits(30, 5),
        'ANY /revoke': limits(30, 5),
        'ANY /introspect': limits(30, 5),
      },
    });
  });

  test('exposes what it made', () => {
    const stack = scratchStack();
    const server = new AuthorizationServer(stack, 'Server');
    expect(stack.resolve(server.issuer)).toEqual(stack.resolve(server.httpApi.apiEndpoint));
    Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 9);
  });
});
