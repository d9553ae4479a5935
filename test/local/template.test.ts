import { describe, expect, test } from 'vitest';
import { customResourcesOf } from '../../local/template/custom-resources.ts';
import { functionsOf } from '../../local/template/functions.ts';
import { httpApisOf } from '../../local/template/http-apis.ts';
import { keysOf } from '../../local/template/keys.ts';
import { permissionsOf } from '../../local/template/permissions.ts';
import { createResolver } from '../../local/template/resolver.ts';
import { checkTemplate } from '../../local/template/resource.ts';
import { schedulesOf } from '../../local/template/schedules.ts';
import type { StackTemplate, TemplateResource } from '../../local/template/stack-template.ts';
import { streamsOf } from '../../local/template/streams.ts';
import { tablesOf } from '../../local/template/tables.ts';
import { apiTemplate as api, stackOf } from './api-template.ts';

const keyId = '1234abcd-12ab-34cd-56ef-1234567890ab';
const deployed = {
  apiEndpoint: () => 'http://127.0.0.1:3000',
  keyIds: new Map([['Stack/Key', keyId]]),
};
const resolverOf = (...stacks: StackTemplate[]) => createResolver(stacks, deployed);

describe('intrinsic functions', () => {
  const stack = stackOf({
    Api: { Type: 'AWS::ApiGatewayV2::Api' },
    Role: { Type: 'AWS::IAM::Role' },
    Table: { Type: 'AWS::DynamoDB::GlobalTable' },
    Named: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'named' } },
    Queue: { Type: 'AWS::SQS::Queue' },
    Key: { Type: 'AWS::KMS::Key' },
    NewKey: { Type: 'AWS::KMS::Key' },
  });
  const exporting: StackTemplate = {
    name: 'Exporting',
    directory: '/assembly',
    resources: { Table: { Type: 'AWS::DynamoDB::GlobalTable' } },
    outputs: { Export: { Value: { Ref: 'Table' }, Export: { Name: 'Exporting:Table' } } },
  };
  const resolve = (value: unknown) => resolverOf(stack, exporting)(stack, value);

  test.for<[unknown, unknown]>([
    ['text', 'text'],
    [{ a: [1, true, { b: 'c' }] }, { a: [1, true, { b: 'c' }] }],
    [{ Ref: 'AWS::Region' }, 'us-east-1'],
    [{ Ref: 'AWS::StackName' }, 'Stack'],
    [{ Ref: 'AWS::StackId' }, 'arn:aws:cloudformation:us-east-1:000000000000:stack/Stack/local'],
    [{ a: { Ref: 'AWS::NoValue' }, b: 1 }, { b: 1 }],
    [{ Ref: 'Table' }, 'Stack-Table'],
    [{ Ref: 'Named' }, 'named'],
    [{ Ref: 'Key' }, keyId],
    [{ 'Fn::GetAtt': ['Key', 'KeyId'] }, keyId],
    [{ 'Fn::GetAtt': ['Key', 'Arn'] }, `arn:aws:kms:us-east-1:000000000000:key/${keyId}`],
    [{ 'Fn::GetAtt': ['Role', 'Arn'] }, 'arn:aws:iam::000000000000:role/Stack-Role'],
    [{ 'Fn::GetAtt': 'Api.ApiEndpoint' }, 'http://127.0.0.1:3000'],
    [{ 'Fn::Join': ['-', ['a', { Ref: 'Table' }]] }, 'a-Stack-Table'],
    [{ 'Fn::Select': ['1', { 'Fn::Split': [',', 'a,b'] }] }, 'b'],
    [
      { 'Fn::Sub': `x-\${Table}-\${Role.Arn}-\${AWS::Region}` },
      'x-Stack-Table-arn:aws:iam::000000000000:role/Stack-Role-us-east-1',
    ],
    [{ 'Fn::Sub': [`\${own}`, { own: { Ref: 'Table' } }] }, 'Stack-Table'],
    [{ 'Fn::ImportValue': 'Exporting:Table' }, 'Exporting-Table'],
  ])('%j becomes %j', ([value, result]) => {
    expect(resolve(value)).toEqual(result);
  });

  test.for<[unknown, string]>([
    [{ 'Fn::If': ['a', 'b', 'c'] }, 'does not know Fn::If (in the stack Stack)'],
    [{ Ref: 'Nobody' }, 'does not know Nobody (in the stack Stack)'],
    [{ Ref: 'Queue' }, 'does not know what AWS::SQS::Queue is called (Queue of the stack Stack)'],
    [{ 'Fn::GetAtt': ['Table', 'TableId'] }, 'the attribute TableId of Table of the stack Stack'],
    [{ Ref: 'NewKey' }, 'NewKey of the stack Stack is not made yet'],
    [{ 'Fn::GetAtt': ['Key', 'Alias'] }, 'the attribute Alias of Key of the stack Stack'],
    [{ 'Fn::ImportValue': 'Other' }, 'no stack exports Other'],
  ])('%j is an error', ([value, sentence]) => {
    expect(() => resolve(value)).toThrow(sentence);
  });
});

describe('a template', () => {
  test.for<[string, TemplateResource, string]>([
    ['type', { Type: 'AWS::SQS::Queue' }, 'does not know the resource type AWS::SQS::Queue (It of'],
    [
      'property',
      { Type: 'AWS::ApiGatewayV2::Api', Properties: { CorsConfiguration: {} } },
      'does not know CorsConfiguration of AWS::ApiGatewayV2::Api (It of the stack Stack)',
    ],
    ['condition', { Type: 'AWS::IAM::Role', Condition: 'IsProd' }, 'does not know conditions'],
    ['condition', { Type: 'Custom::Any', Condition: 'IsProd' }, 'does not know conditions'],
  ])('with an unknown %s is an error', ([, resource, sentence]) => {
    expect(() => checkTemplate(stackOf({ It: resource }))).toThrow(sentence);
  });
});

describe('what is read out of a template', () => {
  test('a table keeps its keys and indexes', () => {
    const schema = {
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    };
    const properties = { ...schema, Replicas: [{ Region: { Ref: 'AWS::Region' } }] };
    const stack = stackOf({ T: { Type: 'AWS::DynamoDB::GlobalTable', Properties: properties } });
    expect(tablesOf(stack, resolverOf(stack))).toEqual([{ ...schema, TableName: 'Stack-T' }]);
  });

  const keys = (properties: object = {}) => {
    const Properties = { KeyPolicy: { Statement: [] }, EnableKeyRotation: true, ...properties };
    const stack = stackOf({ K: { Type: 'AWS::KMS::Key', Properties } });
    checkTemplate(stack);
    return keysOf(stack, resolverOf(stack));
  };

  test('a key is a symmetric one, with its description and its tags', () => {
    expect(keys()).toEqual([{ path: 'Stack/K', description: '', tags: [] }]);
    const defaults = { Enabled: true, KeySpec: 'SYMMETRIC_DEFAULT', KeyUsage: 'ENCRYPT_DECRYPT' };
    const Tags = [{ Key: 'stack', Value: { Ref: 'AWS::StackName' } }];
    expect(keys({ ...defaults, PendingWindowInDays: 7, Description: 'Wraps', Tags })).toEqual([
      { path: 'Stack/K', description: 'Wraps', tags: [{ TagKey: 'stack', TagValue: 'Stack' }] },
    ]);
  });

  test.for([
    [
      { Enabled: false },
      'Enabled of K of the stack Stack is false; the local stack knows only true',
    ],
    [{ KeySpec: 'RSA_2048' }, 'knows only SYMMETRIC_DEFAULT'],
    [{ KeyUsage: 'SIGN_VERIFY' }, 'knows only ENCRYPT_DECRYPT'],
    [{ MultiRegion: true }, 'does not know MultiRegion of AWS::KMS::Key (K of the stack Stack)'],
    [{ Origin: 'EXTERNAL' }, 'does not know Origin of AWS::KMS::Key'],
    [{ Tags: { stack: 'Stack' } }, 'Tags of K of the stack Stack is {"stack":"Stack"}'],
  ] as const)('a key with %j is an error', ([properties, sentence]) => {
    expect(() => keys(properties)).toThrow(sentence);
  });

  const lambda = (properties: object = {}): TemplateResource => ({
    Type: 'AWS::Lambda::Function',
    Properties: { Runtime: 'nodejs24.x', Handler: 'index.handler', ...properties },
    Metadata: { 'aws:asset:path': '../asset.1' },
  });

  test('a function has its own variables alone, and the defaults of Lambda', () => {
    const Environment = { Variables: { TABLE: { Ref: 'T' }, LIFETIME: 60 } };
    const stack = stackOf({
      F: lambda({ Environment }),
      T: { Type: 'AWS::DynamoDB::GlobalTable' },
    });
    expect(functionsOf(stack, resolverOf(stack))).toEqual([
      {
        name: 'Stack-F',
        arn: 'arn:aws:lambda:us-east-1:000000000000:function:Stack-F',
        handler: 'index.handler',
        bundle: '/asset.1/index.mjs',
        exportName: 'handler',
        variables: { TABLE: 'Stack-T', LIFETIME: '60' },
        timeout: 3,
        memorySize: 128,
      },
    ]);
  });

  test('a function of another runtime or without code is an error', () => {
    const python = stackOf({ F: lambda({ Runtime: 'python3.14' }) });
    expect(() => functionsOf(python, resolverOf(python))).toThrow('knows only nodejs24.x');
    const empty = stackOf({ F: { ...lambda(), Metadata: {} } });
    expect(() => functionsOf(empty, resolverOf(empty))).toThrow('no aws:asset:path');
  });

  const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:Stack-F';

  test('a custom resource has all of its properties, its scalars as texts', () => {
    const Properties = {
      ServiceToken: { 'Fn::GetAtt': ['F', 'Arn'] },
      ServiceTimeout: '180',
      Flag: true,
      List: [1, { Number: 2 }],
    };
    const stack = stackOf({ F: lambda(), C: { Type: 'Custom::Thing', Properties } });
    checkTemplate(stack);
    expect(customResourcesOf(stack, resolverOf(stack))).toEqual([
      {
        stack: 'Stack',
        id: 'C',
        type: 'Custom::Thing',
        functionArn,
        timeout: 180,
        properties: {
          ServiceToken: functionArn,
          ServiceTimeout: '180',
          Flag: 'true',
          List: ['1', { Number: '2' }],
        },
      },
    ]);
  });

  const schedule = (properties: object = {}): TemplateResource => ({
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      FlexibleTimeWindow: { Mode: 'OFF' },
      ScheduleExpression: 'rate(5 minutes)',
      State: 'ENABLED',
      Target: { Arn: { 'Fn::GetAtt': ['F', 'Arn'] }, Input: '{"command":"tend"}' },
      ...properties,
    },
  });
  const schedules = (properties: object = {}) => {
    const stack = stackOf({ F: lambda(), S: schedule(properties) });
    checkTemplate(stack);
    return schedulesOf(stack, resolverOf(stack));
  };

  test.for([
    ['rate(5 minutes)', 300],
    ['rate(1 minute)', 60],
    ['rate(2 hours)', 7200],
    ['rate(1 day)', 86_400],
  ] as const)('a schedule with %s comes every %i seconds', ([ScheduleExpression, every]) => {
    expect(schedules({ ScheduleExpression })).toEqual([
      { name: 'S of the stack Stack', functionArn, event: { command: 'tend' }, every },
    ]);
  });

  test('a schedule that is disabled is let alone', () => {
    expect(schedules({ State: 'DISABLED' })).toEqual([]);
  });

  test.for([
    [{ ScheduleExpression: 'cron(0 12 * * ? *)' }, 'ScheduleExpression of S of the stack Stack is'],
    [{ ScheduleExpression: 'rate(0 minutes)' }, 'ScheduleExpression of S'],
    [{ ScheduleExpression: 'rate(25 days)' }, 'ScheduleExpression of S'],
    [{ Target: { Arn: 'arn', Input: '{' } }, 'Target of S of the stack Stack is'],
    [{ FlexibleTimeWindow: { Mode: 'FLEXIBLE' } }, 'knows only OFF'],
    [{ EndDate: '2030-01-01' }, 'does not know EndDate of AWS::Scheduler::Schedule'],
  ] as const)('a schedule with %j is an error', ([properties, sentence]) => {
    expect(() => schedules(properties)).toThrow(sentence);
  });

  test('a permission holds for its function and its source', () => {
    const Properties = {
      Action: 'lambda:InvokeFunction',
      FunctionName: { 'Fn::GetAtt': ['F', 'Arn'] },
      Principal: 'apigateway.amazonaws.com',
      SourceArn: 'arn:aws:execute-api:us-east-1:000000000000:api/*/*/token',
    };
    const P = { Type: 'AWS::Lambda::Permission', Properties };
    const stack = stackOf({ F: lambda(), P });
    const mayInvoke = permissionsOf(stack, resolverOf(stack));
    const arn = 'arn:aws:lambda:us-east-1:000000000000:function:Stack-F';
    const source = 'arn:aws:execute-api:us-east-1:000000000000:api/$default/ANY';
    expect(mayInvoke(arn, `${source}/token`)).toBe(true);
    expect(mayInvoke(arn, `${source}/other`)).toBe(false);
    expect(mayInvoke(`${arn}2`, `${source}/token`)).toBe(false);
  });
});

describe('an HTTP API', () => {
  const read = (stack: StackTemplate) => httpApisOf(stack, resolverOf(stack));
  const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:Stack-F';
  const apiArn = 'arn:aws:execute-api:us-east-1:000000000000:a';

  test('has its routes with their functions and authorizers', () => {
    expect(read(api())).toEqual([
      {
        id: 'a',
        routes: [
          {
            key: 'GET /',
            target: { functionArn, sourceArn: `${apiArn}/$default/GET/` },
            integrationTimeout: 30,
            authorizer: {
              id: 'Z',
              target: { functionArn, sourceArn: `${apiArn}/authorizers/Z` },
              identitySources: ['$request.header.Authorization'],
              resultTtl: 60,
            },
            throttle: undefined,
          },
        ],
      },
    ]);
  });

  test('a route without an authorizer is open, as it would be in AWS', () => {
    const [open] = read(api({ R: { AuthorizationType: 'NONE', AuthorizerId: undefined } }));
    expect(open?.routes[0]?.authorizer).toBeUndefined();
  });

  test('A11: a route has the throttle of its stage, unless it has one of its own', () => {
    const settings = (rate: unknown, burst: unknown) => ({
      ThrottlingRateLimit: rate,
      ThrottlingBurstLimit: burst,
    });
    const throttle = (stage: object) => read(api({ S: stage }))[0]?.routes[0]?.throttle;
    const DefaultRouteSettings = settings(50, 20);
    expect(throttle({ DefaultRouteSettings })).toEqual({ rate: 50, burst: 20 });
    const own = { RouteSettings: { 'GET /': settings('0.5', '1') } };
    expect(throttle({ DefaultRouteSettings, ...own })).toEqual({ rate: 0.5, burst: 1 });
  });

  const known = 'knows only ThrottlingRateLimit and ThrottlingBurstLimit, together';

  test.for<[string, object, string]>([
    ['S', { DefaultRouteSettings: { ThrottlingRateLimit: 5 } }, known],
    ['S', { DefaultRouteSettings: {} }, known],
    ['S', { DefaultRouteSettings: [] }, 'DefaultRouteSettings of S of the stack Stack is []'],
    ['S', { RouteSettings: { 'GET /': { ThrottlingBurstLimit: 5 } } }, known],
    ['S', { RouteSettings: { 'GET /': { LoggingLevel: 'INFO' } } }, known],
    ['S', { RouteSettings: 'GET /' }, 'RouteSettings of S of the stack Stack is "GET /"'],
    [
      'S',
      {
        DefaultRouteSettings: {
          ThrottlingRateLimit: 5,
          ThrottlingBurstLimit: 5,
          DetailedMetricsEnabled: true,
        },
      },
      known,
    ],
    [
      'S',
      { DefaultRouteSettings: { ThrottlingRateLimit: 'many', ThrottlingBurstLimit: 5 } },
      known,
    ],
    ['S', { DefaultRouteSettings: { ThrottlingRateLimit: -1, ThrottlingBurstLimit: 5 } }, known],
    [
      'S',
      { RouteSettings: { 'GET /x': { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 5 } } },
      'RouteSettings of S of the stack Stack name GET /x, which is no route',
    ],
    ['A', { ProtocolType: 'WEBSOCKET' }, 'knows only HTTP'],
    ['S', { StageName: 'prod' }, 'knows only $default'],
    ['S', { AutoDeploy: false }, 'knows only true'],
    ['S', { ApiId: 'other' }, 'the API A has no stage'],
    ['I', { PayloadFormatVersion: '1.0' }, 'knows only 2.0'],
    ['I', { IntegrationType: 'HTTP_PROXY' }, 'knows only AWS_PROXY'],
    ['R', { AuthorizationType: 'JWT' }, 'knows only CUSTOM'],
    ['R', { Target: 'integrations/X' }, 'the route GET / names X'],
    ['Z', { EnableSimpleResponses: false }, 'knows only true'],
    ['Z', { AuthorizerPayloadFormatVersion: '1.0' }, 'knows only 2.0'],
    ['Z', { ApiId: 'other' }, 'the route GET / names Z'],
  ])('%s with %j is an error', ([id, properties, sentence]) => {
    expect(() => read(api({ [id]: properties }))).toThrow(sentence);
  });
});

describe('streams', () => {
  const keySchema = [{ AttributeName: 'pk', KeyType: 'HASH' }];
  const both = { StreamViewType: 'NEW_AND_OLD_IMAGES' };
  const streams = (table: object, mapping: object) => {
    const stack = stackOf({
      F: { Type: 'AWS::Lambda::Function' },
      Table: {
        Type: 'AWS::DynamoDB::GlobalTable',
        Properties: { KeySchema: keySchema, StreamSpecification: both, ...table },
      },
      M: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          FunctionName: { Ref: 'F' },
          EventSourceArn: { 'Fn::GetAtt': ['Table', 'StreamArn'] },
          StartingPosition: 'TRIM_HORIZON',
          BatchSize: 7,
          ...mapping,
        },
      },
    });
    checkTemplate(stack);
    return {
      streams: streamsOf(stack, resolverOf(stack)),
      tables: tablesOf(stack, resolverOf(stack)),
    };
  };

  test('lead from a table to a function, and the table is made without', () => {
    const found = streams({}, {});
    expect(found.streams).toEqual([
      {
        name: 'M of the stack Stack',
        streamArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/Stack-Table/stream/local',
        table: 'Stack-Table',
        functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:Stack-F',
        batchSize: 7,
      },
    ]);
    expect(found.tables).toEqual([{ KeySchema: keySchema, TableName: 'Stack-Table' }]);
  });

  test.for([
    [{}, { StartingPosition: 'LATEST' }, 'knows only TRIM_HORIZON'],
    [{}, { EventSourceArn: 'arn:aws:sqs:us-east-1:1:queue' }, 'EventSourceArn of M of the stack'],
    [{}, { FilterCriteria: {} }, 'does not know FilterCriteria of AWS::Lambda::EventSourceMapping'],
    [{}, { ParallelizationFactor: 2 }, 'does not know ParallelizationFactor'],
    [{ StreamSpecification: { StreamViewType: 'KEYS_ONLY' } }, {}, 'StreamSpecification of Table'],
    [{ KeySchema: [...keySchema, { AttributeName: 'sk', KeyType: 'RANGE' }] }, {}, 'KeySchema of'],
  ] as const)('%j %j is an error', ([table, mapping, sentence]) => {
    expect(() => streams(table, mapping)).toThrow(sentence);
  });
});
