import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Construct } from 'constructs';
import { describe, expect, test } from 'vitest';
import { MachineClient } from '../../infra/clients/machine-client.ts';
import type { MachineClientProps } from '../../infra/clients/machine-client-props.ts';
import { ResourceServer } from '../../infra/clients/resource-server.ts';
import { AuthorizationServer } from '../../infra/server/authorization-server.ts';
import { permissionsOfRole } from './permissions.ts';
import { propertiesOf, scratchDirectory, scratchStack } from './synthesis.ts';

const orders = 'https://orders.example.com';
const attributes = {
  issuer: 'https://auth.example.com',
  administrationFunctionName: 'administration',
  administrationRoleArn: 'arn:aws:iam::111122223333:role/administration',
};

/** A client of an imported server, with these properties. */
function aClient(props: Partial<MachineClientProps> = {}) {
  const stack = scratchStack();
  const server = AuthorizationServer.fromAttributes(stack, 'Server', attributes);
  const api = ResourceServer.fromIdentifier(stack, 'Orders', orders);
  const grants = [api.grant('orders:read')];
  const client = new MachineClient(stack, 'Billing', { server, grants, ...props });
  return { stack, client, template: () => Template.fromStack(stack) };
}

/** What is declared, where the template knows it. */
function declaredIn(template: Template, type = 'Custom::CountersignClient'): unknown {
  const { Declaration } = propertiesOf(template, type);
  const text =
    typeof Declaration === 'string'
      ? Declaration
      : (Declaration as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1]
          .map((part) =>
            typeof part === 'string' ? part : `<${Object.values(part as object)[0]}>`,
          )
          .join('');
  return JSON.parse(text);
}

describe('a client with a secret', () => {
  test('has a secret without a value, which lets the administration in and nobody else', () => {
    const { template } = aClient();
    const secret = propertiesOf(template(), 'AWS::SecretsManager::Secret');
    expect(Object.keys(secret)).toEqual(['Description']);
    expect(propertiesOf(template(), 'AWS::SecretsManager::ResourcePolicy')).toMatchObject({
      BlockPublicPolicy: true,
      ResourcePolicy: {
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: attributes.administrationRoleArn },
            Action: [
              'secretsmanager:DescribeSecret',
              'secretsmanager:GetSecretValue',
              'secretsmanager:PutSecretValue',
              'secretsmanager:UpdateSecretVersionStage',
            ],
          },
        ],
      },
    });
  });

  test('is registered behind that, by the function of the server', () => {
    const found = Object.values(aClient().template().findResources('Custom::CountersignClient'));
    const [{ Properties, DependsOn } = { Properties: {}, DependsOn: [] }] = found;
    expect(DependsOn).toEqual([expect.stringMatching(/^BillingSecretPolicy/)]);
    expect(Properties).toMatchObject({
      ServiceToken: {
        'Fn::Join': ['', expect.arrayContaining([expect.stringContaining('administration')])],
      },
      ServiceTimeout: '600',
      SecretArn: { Ref: expect.stringMatching(/^BillingSecret/) },
    });
    expect(declaredIn(aClient().template())).toEqual({
      client_id: '<AWS::StackName>-Billing',
      client_name: 'Scratch/Billing',
      grants: { [orders]: 'orders:read' },
    });
  });

  test('may show it in the body', () => {
    const { template } = aClient({ tokenEndpointAuthMethod: 'client_secret_post' });
    template().resourceCountIs('AWS::SecretsManager::Secret', 1);
    expect(declaredIn(template())).toMatchObject({
      token_endpoint_auth_method: 'client_secret_post',
    });
  });

  test('lets in who may read the secret', () => {
    const { stack, client, template } = aClient();
    const role = new Role(stack, 'Reader', { assumedBy: new AccountPrincipal('111122223333') });
    client.grantReadSecret(role);
    const policy = propertiesOf(template(), 'AWS::IAM::Policy', 'Reader');
    expect(policy).toMatchObject({
      PolicyDocument: {
        Statement: [
          {
            Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
            Resource: { Ref: expect.stringMatching(/^BillingSecret/) },
          },
        ],
      },
    });
  });
});

const ways: readonly (readonly [string, Partial<MachineClientProps>, object])[] = [
  [
    'github',
    { github: 'octo-org/app@main' },
    {
      token_endpoint_auth_method: 'federated',
      trust: [{ platform: 'github', repository: 'octo-org/app', ref: 'main' }],
    },
  ],
  [
    'kubernetes',
    {
      kubernetes: {
        issuer: 'https://oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE',
        namespace: 'shop',
        serviceAccount: 'billing',
      },
    },
    {
      trust: [
        {
          platform: 'kubernetes',
          issuer: 'https://oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE',
          namespace: 'shop',
          service_account: 'billing',
        },
      ],
    },
  ],
  [
    'spiffe',
    { spiffe: 'spiffe://example.com/billing' },
    { token_endpoint_auth_method: 'spiffe_x509', spiffe_id: 'spiffe://example.com/billing' },
  ],
  [
    'spiffe with a bundle',
    {
      spiffe: 'spiffe://example.com/billing',
      spiffeBundleEndpoint: 'https://spire.example.com/bundle',
    },
    { token_endpoint_auth_method: 'spiffe_jwt' },
  ],
  [
    'jwks',
    { jwks: '{"keys":[]}' },
    { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [] } },
  ],
  [
    'jwksUri',
    { jwksUri: 'https://billing.example.com/jwks.json' },
    { jwks_uri: 'https://billing.example.com/jwks.json' },
  ],
  [
    'certificate',
    { certificate: { sanDns: 'billing.example.com' }, certificateBoundAccessTokens: true },
    {
      token_endpoint_auth_method: 'tls_client_auth',
      tls_client_auth_san_dns: 'billing.example.com',
      tls_client_certificate_bound_access_tokens: true,
    },
  ],
  [
    'trust in any platform',
    { trust: [{ platform: 'gitlab', project: 'group/app', ref: 'main' }] },
    {
      token_endpoint_auth_method: 'federated',
      trust: [{ platform: 'gitlab', project: 'group/app', ref: 'main' }],
    },
  ],
  [
    'certificates that it has issued itself',
    {
      jwksUri: 'https://billing.example.com/jwks.json',
      tokenEndpointAuthMethod: 'self_signed_tls_client_auth',
    },
    {
      token_endpoint_auth_method: 'self_signed_tls_client_auth',
      jwks_uri: 'https://billing.example.com/jwks.json',
    },
  ],
  [
    'assertions that name the issuer alone',
    { jwksUri: 'https://billing.example.com/jwks.json', strictAssertionAudience: true },
    { token_endpoint_auth_method: 'private_key_jwt', strict_assertion_audience: true },
  ],
];

describe('a client without a secret', () => {
  test.for(ways)('%s', ([, props, members]) => {
    const { template, client } = aClient({ ...props, clientId: 'billing' });
    expect(declaredIn(template())).toMatchObject({ client_id: 'billing', ...members });
    template().resourceCountIs('AWS::SecretsManager::Secret', 0);
    expect(() => client.grantReadSecret(new AccountPrincipal('1'))).toThrow(/without a secret/);
  });

  test('iamRole, which may get tokens for this server and no other', () => {
    const stack = scratchStack();
    const server = AuthorizationServer.fromAttributes(stack, 'Server', attributes);
    const iamRole = new Role(stack, 'Role', { assumedBy: new AccountPrincipal('111122223333') });
    const awsIssuer = 'https://a1b2.tokens.sts.global.api.aws';
    const client = new MachineClient(stack, 'Billing', { server, iamRole, awsIssuer });
    client.grantGetIdentityToken();
    const template = Template.fromStack(stack);
    expect(declaredIn(template)).toMatchObject({
      trust: [{ platform: 'aws', issuer: awsIssuer, role: expect.stringMatching(/^<Role/) }],
    });
    expect(permissionsOfRole(template, stack.resolve(iamRole.roleArn))).toEqual([
      {
        action: 'sts:GetWebIdentityToken',
        on: '*',
        condition: {
          'ForAllValues:StringEquals': { 'sts:IdentityTokenAudience': attributes.issuer },
          Null: { 'sts:IdentityTokenAudience': 'false' },
        },
      },
    ]);
  });
});

describe('what is refused at synthesis, with what to change', () => {
  const role = () =>
    Role.fromRoleArn(scratchStack(), 'R', 'arn:aws:iam::111122223333:role/Billing');

  test.for<readonly [string, () => Partial<MachineClientProps>, RegExp]>([
    ['two ways', () => ({ github: 'a/b', jwks: '{}' }), /github and jwks are ways .* leave one/],
    ['half a way', () => ({ iamRole: role() }), /iamRole needs awsIssuer/],
    ['a companion alone', () => ({ githubIssuer: 'https://x' }), /githubIssuer goes with github/],
    ['a repository that is none', () => ({ github: 'app' }), /repository of a rule for github/],
    ['keys that are no JSON', () => ({ jwks: 'PEM' }), /jwks is no JSON/],
    [
      'a method that is none',
      () => ({ tokenEndpointAuthMethod: 'client_secret_jwt' }),
      /token_endpoint_auth_method must be one of client_secret_basic/,
    ],
    [
      'a method of another way',
      () => ({ github: 'a/b', tokenEndpointAuthMethod: 'client_secret_post' }),
      /trust is nothing that .*client_secret_post/,
    ],
    [
      'a method without its way',
      () => ({ tokenEndpointAuthMethod: 'private_key_jwt' }),
      /private_key_jwt needs jwks or jwks_uri/,
    ],
    [
      'a rule for a platform that nobody knows',
      () => ({ trust: [{ platform: 'gitea' }] }),
      /platform is one of github, gitlab/,
    ],
    ['no rule at all', () => ({ trust: [] }), /federated needs trust/],
    ['a client_id with a line break', () => ({ clientId: 'a\nb' }), /client_id/],
    ['a reserved claim', () => ({ claims: { sub: 'me' } }), /claims is wrong: .*sub/],
    [
      'a lifetime that is too short',
      () => ({ accessTokenLifetime: Duration.seconds(1) }),
      /access_token_lifetime/,
    ],
    ['a certificate that names nothing', () => ({ certificate: {} }), /tls_client_auth needs one/],
    [
      'two grants at one API',
      () => ({ grants: ['a', 'b'].map((scope) => ({ resource: orders, scopes: [scope] })) }),
      /grants has two for https:\/\/orders.example.com/,
    ],
    [
      'a scope outside its grammar',
      () => ({ grants: [{ resource: orders, scopes: ['a"b'] }] }),
      /a scope is words/,
    ],
  ])('%s', ([, props, sentence]) => {
    expect(() => aClient(props())).toThrow(sentence);
  });

  test('a scope that the resource server has not', () => {
    const stack = scratchStack();
    const server = AuthorizationServer.fromAttributes(stack, 'Server', attributes);
    const api = new ResourceServer(stack, 'Api', { server, identifier: orders, scopes: ['read'] });
    expect(() => api.grant('write')).toThrow('"Scratch/Api" has no scope write');
  });

  test.for([
    ['named alike', { clientId: 'billing' }, 'One', 'Two'],
    ['whose names are made alike', {}, 'A-B', 'A/B'],
  ] as const)('two clients of a stack that are %s', ([, props, first, second]) => {
    const stack = scratchStack();
    const server = AuthorizationServer.fromAttributes(stack, 'Server', attributes);
    const add = (path: string) => {
      const [id = '', ...outer] = path.split('/').toReversed();
      const scope = outer.reduce((within: Construct, name) => new Construct(within, name), stack);
      return new MachineClient(scope, id, { server, ...props });
    };
    add(first);
    expect(() => add(second)).toThrow(
      new RegExp(`"Scratch/${second}" registers what "Scratch/${first}" registers already`),
    );
  });

  test('a server of which no administration is known', () => {
    const stack = scratchStack();
    const { issuer } = attributes;
    const server = AuthorizationServer.fromAttributes(stack, 'Server', { issuer });
    expect(() => new MachineClient(stack, 'Billing', { server })).toThrow(
      /imported without its administrationRoleArn|administrationFunctionName/,
    );
  });
});

test('a resource server is registered before the clients that have a grant for it', () => {
  const stack = scratchStack();
  const server = new AuthorizationServer(stack, 'Server');
  const identifier = 'HTTPS://Orders.Example.com';
  const api = new ResourceServer(stack, 'Orders', { server, identifier, scopes: ['read'] });
  new MachineClient(stack, 'Billing', { server, grants: [api.grant('read')] });
  const template = Template.fromStack(stack);
  expect(api.identifier).toBe(orders);
  expect(declaredIn(template, 'Custom::CountersignResourceServer')).toEqual({
    resource: orders,
    scope: 'read',
  });
  expect(declaredIn(template)).toMatchObject({
    grants: {
      [`<${Object.keys(template.findResources('Custom::CountersignResourceServer'))[0]}>`]: 'read',
    },
  });
});

test('a client may be in another stack of the app, and in that of a server known by its outputs', () => {
  const app = new App({ outdir: scratchDirectory() });
  const server = new AuthorizationServer(new Stack(app, 'Identity'), 'Server');
  const shop = new Stack(app, 'Shop');
  new MachineClient(shop, 'Billing', { server });
  const outside = new Stack(app, 'Outside');
  const known = AuthorizationServer.fromStackOutputs(outside, 'Server', { stackName: 'Identity' });
  new MachineClient(outside, 'Billing', { server: known });
  expect(new AwsSolutionsChecks().validateScope(app).violations).toEqual([]);
  const { ServiceToken } = propertiesOf(Template.fromStack(outside), 'Custom::CountersignClient');
  expect(JSON.stringify(ServiceToken)).toContain('AdministrationFunction');
});
