import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template as Assertions } from 'aws-cdk-lib/assertions';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { templateText } from '../../cli/template/template-text.ts';
import { ownerSettings } from '../../infra/settings/configuration.ts';
import { parameterOf } from '../../infra/template/server-template.ts';
import { settingsInTemplate } from '../../infra/template/setting-parameters.ts';
import { templateApp, templates } from '../../infra/template/templates.ts';
import { permissionsOf } from '../infra/permissions.ts';
import { environmentOf, propertiesOf, scratchDirectory } from '../infra/synthesis.ts';
import { certificate } from '../support/certificates.ts';
import { madeOf, templateOf } from './template-of.ts';

const server = templateOf('Countersign');
const bearer = templateOf('CountersignAuthorizer');
const bound = templateOf('CountersignBoundTokenAuthorizer');
const all = [server, bearer, bound];

const bytesOf = (template: (typeof all)[number]): number =>
  Buffer.byteLength(templateText(template));
const made = { version: '0.0.0', addAsset: () => 'it.zip' };

describe('each setting', () => {
  test('is a parameter, fixed or absent', () => {
    expect(Object.keys(settingsInTemplate).sort()).toEqual(Object.keys(ownerSettings).sort());
  });

  test('that is a parameter is in the template, with what it is for and what it may be', () => {
    const expected = Object.entries(settingsInTemplate)
      .filter(([, fate]) => typeof fate === 'object')
      .map(([name]) => parameterOf(name as keyof typeof ownerSettings));
    const { AssetsBucket, AssetsPrefix, ...others } = server.Parameters ?? {};
    expect(Object.keys(others)).toEqual(expected);
    for (const parameter of [AssetsBucket, AssetsPrefix, ...Object.values(others)]) {
      expect(parameter).toMatchObject({
        Type: 'String',
        Description: expect.stringMatching(/^[A-Z]/),
        ConstraintDescription: expect.stringMatching(/^must be /),
      });
      expect(parameter?.AllowedPattern ?? parameter?.AllowedValues).toBeDefined();
    }
  });
});

describe('the parameters of the server', () => {
  const takes = (name: string, value: string): boolean => {
    const { AllowedPattern = '', AllowedValues } = server.Parameters?.[name] ?? {};
    return AllowedValues?.includes(value) ?? new RegExp(AllowedPattern).test(value);
  };

  test.for([
    ['Issuer', '', 'https://auth.example.com', 'http://auth.example.com'],
    [
      'IssuerCertificateArn',
      '',
      'arn:aws:acm:eu-west-1:111122223333:certificate/a',
      'certificate/a',
    ],
    ['ReplacesIssuer', 'none', 'https://old.example.com', ''],
    ['AccessTokenLifetime', '60', '86400', '59'],
    ['AccessTokenLifetime', '600', '3600', '60.5'],
    ['ClientCache', '0', '300', '301'],
    ['TokenReuse', '0', '43200', '43201'],
    ['Throttle', '1', '5000', '0'],
    ['TokenThrottle', '', '5000', '5001'],
    ['AssertionMaxLifetime', '60', '43200', ''],
    ['CorsOrigins', 'none', 'https://a.example.com loopback', '*'],
    [
      'CorsOrigins',
      'loopback',
      'http://localhost:3000',
      'https://a.example.com https://b.example.com/',
    ],
    ['StrictClientSecretMethod', 'true', 'false', 'yes'],
    ['KeyRotationDays', '1', '365', '366'],
    ['AlarmTopicArn', '', 'arn:aws:sns:eu-west-1:111122223333:alarms', 'alarms'],
    ['AssetsPrefix', '', 'countersign/0.1.0/', 'countersign'],
    ['AssetsBucket', 'my-bucket', 'my.bucket', 'My_Bucket'],
  ] as const)('%s takes %j and %j, but not %j', ([name, one, other, wrong]) => {
    expect([one, other, wrong].map((value) => takes(name, value))).toEqual([true, true, false]);
  });

  test('what the settings say is the default', () => {
    const { Parameters } = templateOf('Countersign', {
      corsOrigins: ['https://a.example.com', 'loopback'],
      tokenThrottle: 7,
    });
    expect(Parameters?.CorsOrigins?.Default).toBe('https://a.example.com loopback');
    expect(Parameters?.TokenThrottle?.Default).toBe('7');
  });

  test('a setting that no parameter takes is one sentence', () => {
    expect(() => madeOf({ throttle: 5001 })).toThrow(
      'the parameter Throttle of a template cannot have "5001" as its default: it must be whole ' +
        'requests a second from 1 to 5000.',
    );
  });

  test('settings that do not go together are refused as ever', () => {
    const mtlsCertificateArn = 'arn:aws:acm:eu-west-1:111122223333:certificate/a';
    expect(() => madeOf({ mtlsCertificateArn })).toThrow('which needs mtlsOrigin and');
  });

  test('A06: what goes together is checked before anything changes', () => {
    const mtlsOrigin = 'https://mtls.example.com';
    const { Rules } = templateOf('Countersign', { mtlsOrigin });
    const isNot = (one: string, other: unknown) => ({
      'Fn::Not': [{ 'Fn::Equals': [{ Ref: one }, other] }],
    });
    expect(Rules).toMatchObject({
      CertificateNeedsIssuer: {
        RuleCondition: isNot('IssuerCertificateArn', ''),
        Assertions: [{ Assert: isNot('Issuer', '') }],
      },
      ReplacesAnotherIssuer: {
        RuleCondition: isNot('ReplacesIssuer', 'none'),
        Assertions: [{ Assert: isNot('ReplacesIssuer', { Ref: 'Issuer' }) }],
      },
      IssuerIsNotMtlsOrigin: { Assertions: [{ Assert: isNot('Issuer', mtlsOrigin) }] },
    });
  });
});

describe('a domain for clients with certificates', async () => {
  const { cert } = await certificate();

  test('C07: is fixed, has its truststore in the bucket, and needs an issuer', () => {
    const mtlsTruststore = join(scratchDirectory(), 'truststore.pem');
    writeFileSync(mtlsTruststore, cert);
    const { Parameters, ...template } = templateOf('Countersign', {
      issuer: 'https://auth.example.com',
      mtlsOrigin: 'https://mtls.example.com',
      mtlsCertificateArn: 'arn:aws:acm:eu-west-1:111122223333:certificate/a',
      mtlsTruststore,
    });
    const { AllowedPattern = '', Default } = Parameters?.Issuer ?? {};
    expect(Default).toBe('https://auth.example.com');
    expect(new RegExp(AllowedPattern).test('')).toBe(false);
    const domain = propertiesOf(
      Assertions.fromJSON(template),
      'AWS::ApiGatewayV2::DomainName',
      'AuthorizationServerMtlsDomain',
    );
    expect(domain).toMatchObject({
      DomainName: 'mtls.example.com',
      MutualTlsAuthentication: {
        TruststoreUri: {
          'Fn::Join': [
            '',
            ['s3://', { Ref: 'AssetsBucket' }, '/', { Ref: 'AssetsPrefix' }, expect.any(String)],
          ],
        },
      },
    });
    expect(environmentOf(Assertions.fromJSON(template), 'AuthorizationServerToken').ISSUER).toEqual(
      {
        Ref: 'Issuer',
      },
    );
  });
});

describe('an authorizer', () => {
  const variables = (template: object, id: string) =>
    environmentOf(Assertions.fromJSON({ ...template }), id);
  const common = {
    ISSUER: { Ref: 'Issuer' },
    AUDIENCE: { Ref: 'Audience' },
    ROUTES: { Ref: 'Routes' },
    ALGORITHMS: { Ref: 'Algorithms' },
    FOREIGN_ISSUERS: 'none',
    RESOURCE_METADATA: { Ref: 'ResourceMetadata' },
    REVOCATION_LIST: {
      'Fn::If': [
        'HasRefuseRevokedWithin',
        { 'Fn::Join': ['', [{ Ref: 'Issuer' }, '/revocation-list']] },
        'none',
      ],
    },
    REVOCATIONS_TABLE: 'none',
    REVOCATION_MAX_AGE: {
      'Fn::FindInMap': ['RevokedWithin', { Ref: 'RefuseRevokedWithin' }, 'MaxAge'],
    },
    REVOCATION_GRACE: { Ref: 'RevocationGrace' },
    ON_STALE_REVOCATIONS: { Ref: 'OnStaleRevocations' },
  };

  test('I04, I05: knows nothing but the parameters', () => {
    expect(variables(bearer, 'Authorizer')).toEqual(common);
    expect(variables(bound, 'BoundTokenAuthorizer')).toEqual({
      ...common,
      PUBLIC_URL: { Ref: 'PublicUrl' },
      BOUND_TOKENS: { Ref: 'BoundTokens' },
      DPOP_ALGORITHMS: expect.stringContaining('ES256'),
      DPOP_NONCE: 'off',
      EPHEMERA_TABLE: { Ref: expect.stringMatching(/^Ephemera/) },
    });
  });

  test('has for each time in which it refuses what was taken back an age and a cache that keep it', () => {
    const { Parameters, Mappings = {} } = bearer;
    const { none, ...choices } = Mappings.RevokedWithin ?? {};
    expect(none).toEqual({ MaxAge: '5', ResultTtl: '3600' });
    expect(choices['4']).toEqual({ MaxAge: '2', ResultTtl: '0' });
    expect(choices['10']).toEqual({ MaxAge: '5', ResultTtl: '3' });
    const sums = Object.entries(choices).map(([within, { MaxAge, ResultTtl }]) => {
      return [within, 2 + Number(MaxAge) + Number(ResultTtl)];
    });
    expect(sums).toEqual(Object.keys(choices).map((within) => [within, Number(within)]));
    expect(Parameters?.RefuseRevokedWithin).toMatchObject({
      Default: 'none',
      AllowedValues: ['none', ...Object.keys(choices)],
    });
  });

  test('says for how long its answers may be kept: not at all where tokens are bound', () => {
    expect(bearer.Outputs.LongestResultTtl).toMatchObject({
      Value: { 'Fn::FindInMap': ['RevokedWithin', { Ref: 'RefuseRevokedWithin' }, 'ResultTtl'] },
    });
    expect(bound.Outputs.LongestResultTtl).toMatchObject({ Value: '0' });
  });

  test('may write its log, and note the proofs that were used', () => {
    const actions = (template: object, id: string) =>
      permissionsOf(Assertions.fromJSON({ ...template }), id).map(({ action }) => action);
    const logs = ['logs:CreateLogStream', 'logs:PutLogEvents'];
    expect(actions(bearer, 'Authorizer').sort()).toEqual(logs);
    expect(actions(bound, 'BoundTokenAuthorizer').sort()).toEqual(['dynamodb:PutItem', ...logs]);
  });

  test('may be called by the authorizers of the one API that is named, and else by nobody', () => {
    const permission = Assertions.fromJSON({ ...bearer }).findResources('AWS::Lambda::Permission');
    expect(Object.values(permission)).toMatchObject([
      {
        Condition: 'HasApiExecutionArn',
        Properties: {
          Principal: 'apigateway.amazonaws.com',
          SourceArn: { 'Fn::Join': ['', [{ Ref: 'ApiExecutionArn' }, '/authorizers/*']] },
        },
      },
    ]);
  });

  test('L08: of the profile fapi2 takes bound tokens and its algorithms alone', () => {
    const names = templates({ ...made, settings: { profile: 'fapi2' } }).map(({ name }) => name);
    expect(names).toEqual(['Countersign', 'CountersignBoundTokenAuthorizer']);
    const fapi = templateOf('CountersignBoundTokenAuthorizer', { profile: 'fapi2' });
    expect(variables(fapi, 'BoundTokenAuthorizer').BOUND_TOKENS).toBe('required');
    expect(fapi.Parameters).not.toHaveProperty('BoundTokens');
    const { AllowedPattern = '', Default } = fapi.Parameters?.Algorithms ?? {};
    expect(Default).toBe('PS256');
    expect(['PS256 ES256', 'RS256'].map((text) => new RegExp(AllowedPattern).test(text))).toEqual([
      true,
      false,
    ]);
  });

  test.for([
    ['Issuer', 'https://auth.example.com', ''],
    ['Audience', 'https://api.example.com/v1', 'orders'],
    ['Routes', '{"GET /orders/{id}":["read"]}', '[]'],
    ['Algorithms', 'RS256 ES256', 'RS256 HS256'],
    ['Algorithms', 'ES256', 'none'],
    [
      'ResourceMetadata',
      'https://api.example.com/.well-known/oauth-protected-resource',
      'http://a.b/',
    ],
    [
      'ApiExecutionArn',
      'arn:aws:execute-api:eu-west-1:111122223333:a1b2c3',
      'arn:aws:execute-api:eu-west-1:111122223333:a1b2c3/*',
    ],
    ['PublicUrl', 'https://api.example.com/v1', 'https://api.example.com/'],
    ['PublicUrl', 'https://api.example.com', 'https://api.example.com?a'],
  ] as const)('%s takes %j, but not %j', ([name, right, wrong]) => {
    const pattern = new RegExp(bound.Parameters?.[name]?.AllowedPattern ?? '');
    expect([pattern.test(right), pattern.test(wrong)]).toEqual([true, false]);
  });
});

describe('each template', () => {
  test('knows neither the CDK nor a bootstrapped account', () => {
    const found = all.flatMap(({ Resources, Outputs, ...others }) => [
      ...(JSON.stringify([Resources, Outputs]).match(/\b\d{12}\b|us-east-1|cdk/gi) ?? []),
      ...(JSON.stringify(others).match(/cdk|bootstrap/gi) ?? []),
    ]);
    expect(found).toEqual([]);
  });

  test('of an authorizer fits into a request, so that its deployment needs no bucket for it', () => {
    const sizes = all.filter((template) => template !== server).map(bytesOf);
    expect(Math.max(...sizes)).toBeLessThan(51_200);
  });

  test('of the server is not much larger than it is', () => {
    const wrapped = templateOf('Countersign', { signing: 'kms-wrapped' });
    expect(Math.max(bytesOf(server), bytesOf(wrapped))).toBeLessThan(64_000);
  });

  test('is written as what it is, with a line for each resource', () => {
    const text = templateText(server);
    expect(JSON.parse(text)).toEqual(server);
    expect(text.split('\n').length).toBeGreaterThan(Object.keys(server.Resources).length);
  });

  test('is for a stack of any name', () => {
    const api = propertiesOf(Assertions.fromJSON({ ...server }), 'AWS::ApiGatewayV2::Api');
    expect(api.Name).toEqual({
      'Fn::Join': ['', [{ Ref: 'AWS::StackName' }, '-authorization-server']],
    });
    expect(JSON.stringify(all.map(({ Resources }) => Resources))).not.toMatch(/"Countersign[-/]/);
  });

  test('takes its code from where the parameters say', () => {
    const code = (template: object, id: string) =>
      propertiesOf(Assertions.fromJSON({ ...template }), 'AWS::Lambda::Function', id).Code;
    expect(code(bearer, 'Authorizer')).toEqual({
      S3Bucket: { Ref: 'AssetsBucket' },
      S3Key: { 'Fn::Join': ['', [{ Ref: 'AssetsPrefix' }, 'Authorizer-Code.zip']] },
    });
  });

  test("has nothing that cdk-nag's AwsSolutions pack finds", () => {
    const app = templateApp({ ...made, settings: {} }, scratchDirectory());
    expect(new AwsSolutionsChecks().validateScope(app).violations).toEqual([]);
  });

  test.for([
    ['server', server, 'AuthorizationServerTokenFunction'],
    ['authorizer', bearer, 'Authorizer'],
    ['authorizer of bound tokens', bound, 'BoundTokenAuthorizer'],
  ] as const)('of the %s can be included into an app of the CDK', ([, template, id]) => {
    const folder = scratchDirectory();
    const templateFile = join(folder, 'it.template.json');
    writeFileSync(templateFile, JSON.stringify(template));
    const stack = new Stack(
      new App({ outdir: join(folder, 'out'), builtinCloudFormationValidation: false }),
      'Identity',
    );
    const parameters = { AssetsBucket: 'my-bucket', AssetsPrefix: 'v1/' };
    new CfnInclude(stack, 'Countersign', { templateFile, parameters });
    const { Code } = propertiesOf(Assertions.fromStack(stack), 'AWS::Lambda::Function', id);
    expect(Code).toMatchObject({ S3Bucket: 'my-bucket' });
  });
});
