import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Aws, CfnOutput, NestedStack, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { describe, expect, test } from 'vitest';
import { CountersignStack } from '../../infra/app/countersign-stack.ts';
import { AccessTokenAuthorizer } from '../../infra/authorizer/access-token-authorizer.ts';
import { AuthorizationServer } from '../../infra/server/authorization-server.ts';
import type { IAuthorizationServer } from '../../infra/server/server-interface.ts';
import { SecurityProfile } from '../../infra/settings/choices/security-profile.ts';
import { SigningAlgorithm } from '../../infra/settings/choices/signing-algorithm.ts';
import { type Permission, permissionsOfRole } from './permissions.ts';
import { environmentOf, scratchStack } from './synthesis.ts';

const issuer = 'https://auth.example.com';
const api = { audience: 'https://api.example.com', routes: { 'GET /': ['read'] } };

type Outputs = Readonly<Record<string, { readonly Description: string; readonly Value: unknown }>>;

const outputsOf = (stack: Stack): Outputs => Template.fromStack(stack).toJSON().Outputs;

describe('the outputs of a server', () => {
  test('are in whatever stack it is, each with what it is and whose', () => {
    const stack = scratchStack();
    new AuthorizationServer(new Construct(stack, 'Outer'), 'Tokens', { issuer });
    const descriptions = Object.values(outputsOf(stack)).map(({ Description }) => Description);
    expect(descriptions.sort()).toEqual(
      [
        'AdministrationFunction',
        'AdministrationRole',
        'ApiEndpoint',
        'EphemeraTable',
        'HistoryLogGroup',
        'Issuer',
        'KeyRotationFunction',
        'RegistryTable',
        'RevocationsTable',
        'TokenEndpoint',
      ].map((name) => `Countersign: ${name} (Outer/Tokens)`),
    );
  });

  test('are told apart where a stack has several', () => {
    const stack = scratchStack();
    for (const id of ['One', 'Two']) {
      new AuthorizationServer(stack, id, { issuer: `https://${id.toLowerCase()}.example.com` });
    }
    const issuers = Object.values(outputsOf(stack)).filter(({ Description }) =>
      Description.startsWith('Countersign: Issuer '),
    );
    expect(issuers).toEqual([
      { Description: 'Countersign: Issuer (One)', Value: 'https://one.example.com' },
      { Description: 'Countersign: Issuer (Two)', Value: 'https://two.example.com' },
    ]);
  });

  test('leave the names to those that the owner writes himself', () => {
    const stack = scratchStack();
    new CfnOutput(stack, 'Issuer', { value: 'mine' });
    new CfnOutput(stack, 'TokensIssuer', { value: 'mine, too' });
    new AuthorizationServer(stack, 'Tokens', { issuer });
    expect(outputsOf(stack)).toMatchObject({ Issuer: { Value: 'mine' }, TokensIssuer: {} });
  });

  test('have their plain names as keys in a CountersignStack', () => {
    const stack = new CountersignStack(scratchStack().node.root, 'Countersign', { issuer });
    expect(outputsOf(stack)).toMatchObject({
      Issuer: { Description: 'Countersign: Issuer (AuthorizationServer)', Value: issuer },
    });
  });

  test('are those of a nested stack, where it is in one', () => {
    const nested = new NestedStack(scratchStack(), 'Nested');
    new AuthorizationServer(nested, 'Tokens', { issuer });
    const descriptions = Object.values(outputsOf(nested)).map(({ Description }) => Description);
    expect(descriptions).toContain('Countersign: Issuer (Tokens)');
  });
});

describe('a server that is elsewhere', () => {
  const authorizerOf = (stack: Stack, server: IAuthorizationServer) => {
    new AccessTokenAuthorizer(stack, 'Authorizer', { ...api, server });
    return environmentOf(Template.fromStack(stack), 'AuthorizerFunction');
  };

  test('I04: by its attributes says whose tokens an authorizer takes', () => {
    const stack = scratchStack();
    const server = AuthorizationServer.fromAttributes(stack, 'Server', {
      issuer,
      algorithms: [SigningAlgorithm.ES256],
    });
    expect(server).toMatchObject({
      tokenEndpoint: `${issuer}/token`,
      jwksUri: `${issuer}/.well-known/jwks.json`,
    });
    expect(authorizerOf(stack, server)).toMatchObject({ ISSUER: issuer, ALGORITHMS: 'ES256' });
  });

  test.for([
    [undefined, 'RS256'],
    [SecurityProfile.FAPI2, 'PS256'],
  ] as const)('under %s signs with %s, unless told otherwise', ([profile, name]) => {
    const server = AuthorizationServer.fromAttributes(scratchStack(), 'S', { issuer, profile });
    expect(server.algorithms).toEqual([SigningAlgorithm.of(name)]);
  });

  test.for([
    ['issuer', { issuer: `${issuer}/` }],
    ['mtlsOrigin', { issuer, mtlsOrigin: 'http://mtls.example.com' }],
  ] as const)('is refused with a wrong %s', ([name, attributes]) => {
    expect(() => AuthorizationServer.fromAttributes(scratchStack(), 'S', attributes)).toThrow(
      `${name} is "`,
    );
  });

  test('is read from the outputs of a CountersignStack, at the deployment', () => {
    const stack = scratchStack();
    const server = AuthorizationServer.fromStackOutputs(stack, 'Server', {
      stackName: 'Countersign',
    });
    expect(authorizerOf(stack, server)).toMatchObject({
      ISSUER: { 'Fn::GetStackOutput': { StackName: 'Countersign', OutputName: 'Issuer' } },
      ALGORITHMS: 'RS256',
    });
  });

  test('is read from those of any other stack, by the path that the descriptions have', () => {
    const made = scratchStack();
    new AuthorizationServer(new Construct(made, 'Outer'), 'Tokens', { issuer });
    const [key] = Object.entries(outputsOf(made)).find(([, { Value }]) => Value === issuer) ?? [];
    const stack = scratchStack();
    const server = AuthorizationServer.fromStackOutputs(stack, 'Server', {
      stackName: 'Scratch',
      constructPath: 'Outer/Tokens',
      region: 'eu-west-1',
    });
    expect(stack.resolve(server.issuer)).toEqual({
      'Fn::GetStackOutput': { StackName: 'Scratch', OutputName: key, Region: 'eu-west-1' },
    });
  });
});

describe('a role that is let in', () => {
  const of = (type: string) => `${type} Server`;
  const registry = of('AWS::DynamoDB::GlobalTable').concat('Registry');
  const find: Permission = {
    action: 'cloudformation:DescribeStacks',
    on: 'arn:<Partition>:cloudformation:<Region>:<AccountId>:stack/Scratch/*',
  };
  const registered = {
    'ForAllValues:StringLike': {
      'dynamodb:LeadingKeys': ['client#*', 'resource#*', 'default-resource'],
    },
  };
  const item = (name: string): Permission => ({
    action: `dynamodb:${name}`,
    on: registry,
    condition: registered,
  });
  const taking = (name: string, on = of('AWS::DynamoDB::GlobalTable').concat('Revocations')) => ({
    action: `dynamodb:${name}`,
    on,
    condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['revoked'] } },
  });
  const byTime = '/index/by-time';
  const reading = taking('Query', of('AWS::DynamoDB::GlobalTable').concat('Revocations', byTime));
  const scan: Permission = { action: 'dynamodb:Scan', on: registry };
  const used: Permission = {
    action: 'dynamodb:BatchGetItem',
    on: of('AWS::DynamoDB::GlobalTable').concat('Ephemera'),
    condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['used-at#*'] } },
  };
  const history: Permission = {
    action: 'logs:FilterLogEvents',
    on: of('AWS::Logs::LogGroup').concat('HistoryFunctionLogs'),
  };
  const writing = (condition: object): readonly Permission[] => [
    find,
    used,
    { ...item('DeleteItem'), condition },
    item('GetItem'),
    taking('GetItem'),
    { ...item('PutItem'), condition },
    taking('PutItem'),
    reading,
    scan,
    { ...item('UpdateItem'), condition },
    history,
  ];

  test.for<[string, (server: IAuthorizationServer, role: Role) => unknown, readonly Permission[]]>([
    [
      'operates, and touches no key',
      (server, role) => server.grantOperate(role),
      writing(registered),
    ],
    [
      'registers clients, and neither resource servers nor keys',
      (server, role) => server.grantManageClients(role),
      writing({ 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['client#*'] } }),
    ],
    [
      'reads clients, and who changed them',
      (server, role) => server.grantReadClients(role),
      [find, used, item('GetItem'), taking('GetItem'), reading, scan, history],
    ],
    [
      'rotates keys',
      (server, role) => server.grantManageKeys(role),
      [
        find,
        { action: 'lambda:InvokeFunction', on: 'AWS::Lambda::Function ServerKeyRotationFunction' },
      ],
    ],
  ])('%s', ([, grant, permissions]) => {
    const stack = scratchStack();
    const role = new Role(stack, 'Role', { assumedBy: new AccountPrincipal(Aws.ACCOUNT_ID) });
    grant(new AuthorizationServer(stack, 'Server'), role);
    const template = Template.fromStack(stack);
    expect(permissionsOfRole(template, stack.resolve(role.roleArn))).toEqual(permissions);
  });

  test('needs nothing else: these are the calls that the commands make', () => {
    const root = resolve(import.meta.dirname, '../..');
    const files = [
      'functions/aws/dynamodb-registry-store.ts',
      ...globSync('cli/{client,command,key,resource}/**/*.ts', { cwd: root }),
    ];
    const calls = files
      .map((file) => readFileSync(join(root, file), 'utf8'))
      .flatMap((source) => [...source.matchAll(/\bnew (\w+)Command\(|\bpaginate(\w+)\(/g)])
      .map(([, command, pages]) => command ?? pages);
    expect([...new Set(calls)].sort()).toEqual([
      'DeleteItem',
      'DescribeStacks',
      // Needs no permission.
      'GetCallerIdentity',
      'GetItem',
      'Invoke',
      'PutItem',
      'Scan',
      'UpdateItem',
    ]);
  });

  test('is let in to a server that is elsewhere, as far as it is known', () => {
    const stack = scratchStack();
    const role = new Role(stack, 'Role', { assumedBy: new AccountPrincipal(Aws.ACCOUNT_ID) });
    const server = AuthorizationServer.fromAttributes(stack, 'Server', {
      issuer,
      registryTableName: 'registry',
      keyRotationFunctionName: 'rotation',
      stackName: 'Countersign',
      region: 'eu-west-1',
    });
    server.grantManageKeys(role);
    server.grantReadClients(role);
    const arn = (what: string) => `arn:<Partition>:${what}`;
    const template = Template.fromStack(stack);
    expect(permissionsOfRole(template, stack.resolve(role.roleArn))).toEqual([
      { ...find, on: arn('cloudformation:eu-west-1:<AccountId>:stack/Countersign/*') },
      { ...item('GetItem'), on: arn('dynamodb:eu-west-1:<AccountId>:table/registry') },
      { ...scan, on: arn('dynamodb:eu-west-1:<AccountId>:table/registry') },
      {
        action: 'lambda:InvokeFunction',
        on: arn('lambda:eu-west-1:<AccountId>:function:rotation'),
      },
    ]);
  });

  test('takes back tokens of a server that is elsewhere, if the table is known', () => {
    const revokedTable = (attributes: object) => {
      const stack = scratchStack();
      const role = new Role(stack, 'Role', { assumedBy: new AccountPrincipal(Aws.ACCOUNT_ID) });
      const known = { issuer, registryTableName: 'registry', ...attributes };
      AuthorizationServer.fromAttributes(stack, 'Server', known).grantManageClients(role);
      const permissions = permissionsOfRole(Template.fromStack(stack), stack.resolve(role.roleArn));
      return permissions.filter(({ on }) => !on.endsWith(':table/registry'));
    };
    const on = 'arn:<Partition>:dynamodb:<Region>:<AccountId>:table/revocations';
    expect(revokedTable({ revocationsTableName: 'revocations' })).toEqual([
      taking('GetItem', on),
      taking('PutItem', on),
      taking('Query', `${on}${byTime}`),
    ]);
    expect(revokedTable({})).toEqual([]);
  });

  test.for<[string, (server: IAuthorizationServer, role: Role) => unknown]>([
    ['registryTableName', (server, role) => server.grantManageClients(role)],
    ['registryTableName', (server, role) => server.grantReadClients(role)],
    ['keyRotationFunctionName', (server, role) => server.grantManageKeys(role)],
  ])('is not, where no %s is known', ([attribute, grant]) => {
    const stack = scratchStack();
    const role = new Role(stack, 'Role', { assumedBy: new AccountPrincipal(Aws.ACCOUNT_ID) });
    const server = AuthorizationServer.fromAttributes(stack, 'Server', { issuer });
    expect(() => grant(server, role)).toThrow(
      `"Scratch/Server" is imported without its ${attribute}: name it in the attributes.`,
    );
  });
});

describe('the access log', () => {
  const namesIn = (stack: Stack): readonly string[] => {
    const groups = Object.values(Template.fromStack(stack).findResources('AWS::Logs::LogGroup'));
    return groups.flatMap(({ Properties }) => {
      const { 'Fn::Join': join } = Properties.LogGroupName ?? {};
      return join
        ? join[1]
            .map((part: string | object) => (typeof part === 'string' ? part : '<stack>'))
            .join('')
        : [];
    });
  };

  test('has a name for which API Gateway needs no resource policy, of this stack and construct alone', () => {
    const stack = scratchStack();
    for (const id of ['One', 'Two']) new AuthorizationServer(stack, id);
    const names = namesIn(stack);
    for (const name of names)
      expect(name).toMatch(/^\/aws\/vendedlogs\/countersign\/<stack>\/\w+$/);
    expect(new Set(names).size).toBe(2);
  });

  test('has a name that is short enough, however deep the construct is', () => {
    const stack = scratchStack();
    const ids = Array.from({ length: 9 }, (_, index) => `${index}`.padEnd(80, 'x'));
    const deep = ids.reduce<Construct>((scope, id) => new Construct(scope, id), stack);
    new AuthorizationServer(deep, 'Tokens', { issuer });
    const [name = ''] = namesIn(stack);
    expect(name.replace('<stack>', 's'.repeat(128)).length).toBeLessThanOrEqual(512);
  });

  test('stays where its name changes, and goes with the stack', () => {
    const stack = scratchStack();
    new AuthorizationServer(stack, 'Tokens');
    const groups = Object.values(Template.fromStack(stack).findResources('AWS::Logs::LogGroup'));
    expect(groups.filter(({ Properties }) => Properties.LogGroupName)).toMatchObject([
      { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Retain' },
    ]);
  });
});
