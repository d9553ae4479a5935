import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CfnParameter } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { createApp } from '../../infra/app/countersign-app.ts';
import { AuthorizationServer } from '../../infra/server/authorization-server.ts';
import { ConfigurationError } from '../../infra/settings/configuration-error.ts';
import { certificate } from '../support/certificates.ts';
import {
  environmentOf,
  propertiesOf,
  resourceOf,
  scratchDirectory,
  scratchStack,
  synthesize,
} from './synthesis.ts';

const issuer = 'https://auth.example.com';
const mtlsOrigin = 'https://mtls.auth.example.com';
const arn = (id: string) => `arn:aws:acm:eu-west-1:111122223333:certificate/${id}`;
const issuerCertificateArn = arn('issuer');
const mtlsCertificateArn = arn('mtls');
const { cert, key } = await certificate();

/** A truststore file, until the test is over. */
function truststore(pem: string = cert): string {
  const path = join(scratchDirectory(), 'truststore.pem');
  writeFileSync(path, pem);
  return path;
}

const ownDomains = (mtlsTruststore = truststore()) => ({
  issuer,
  issuerCertificateArn,
  mtlsOrigin,
  mtlsCertificateArn,
  mtlsTruststore,
});

const domains = (template: Template) => template.findResources('AWS::ApiGatewayV2::DomainName');
const outputsOf = (template: Template): Record<string, { Value: unknown }> =>
  template.toJSON().Outputs;

describe('mtlsOrigin alone', () => {
  const { countersign: template } = synthesize({ mtlsOrigin });

  test('C07: reaches both functions, and an output that the command line reads', () => {
    for (const id of ['TokenFunction', 'DiscoveryFunction']) {
      const environment = environmentOf(template, `AuthorizationServer${id}`);
      expect(environment).toMatchObject({ MTLS_ORIGIN: mtlsOrigin });
    }
    expect(outputsOf(template).MtlsTokenEndpoint).toMatchObject({ Value: `${mtlsOrigin}/token` });
  });

  test('makes no domain, and leaves the own URL of the API as it is', () => {
    expect(domains(template)).toEqual({});
    expect(propertiesOf(template, 'AWS::ApiGatewayV2::Api')).not.toHaveProperty(
      'DisableExecuteApiEndpoint',
    );
    expect(outputsOf(template)).toHaveProperty('ApiEndpoint');
  });
});

describe('a custom domain of the issuer', () => {
  test('has a certificate in the Region of the stack', () => {
    const settings = { issuer, issuerCertificateArn };
    expect(() => synthesize({ ...settings, region: 'us-east-1' })).toThrow(
      'the certificate for auth.example.com is in eu-west-1, and the stack in us-east-1: API Gateway takes one of ' +
        'the same Region.',
    );
    synthesize({ ...settings, region: 'eu-west-1' });
  });

  test('is of the host of an issuer that only the deployment will know', () => {
    const stack = scratchStack();
    const { valueAsString } = new CfnParameter(stack, 'Issuer');
    const issuerCertificate = Certificate.fromCertificateArn(stack, 'C', issuerCertificateArn);
    new AuthorizationServer(stack, 'Server', { issuer: valueAsString, issuerCertificate });
    const { DomainName } = propertiesOf(Template.fromStack(stack), 'AWS::ApiGatewayV2::DomainName');
    expect(DomainName).toEqual({ 'Fn::Select': [1, { 'Fn::Split': ['://', { Ref: 'Issuer' }] }] });
  });

  test('A06: with TLS 1.2 and no client certificates; the own URL of the API stays', () => {
    const { countersign: template } = synthesize({ issuer, issuerCertificateArn });
    const { id, Properties } = resourceOf(template, 'AWS::ApiGatewayV2::DomainName');
    expect(Properties).toEqual({
      DomainName: 'auth.example.com',
      DomainNameConfigurations: [
        {
          CertificateArn: issuerCertificateArn,
          EndpointType: 'REGIONAL',
          SecurityPolicy: 'TLS_1_2',
        },
      ],
    });
    const api = resourceOf(template, 'AWS::ApiGatewayV2::Api');
    expect(api.Properties).not.toHaveProperty('DisableExecuteApiEndpoint');
    expect(resourceOf(template, 'AWS::ApiGatewayV2::ApiMapping')).toMatchObject({
      Properties: { ApiId: { Ref: api.id }, DomainName: { Ref: id }, Stage: '$default' },
      DependsOn: expect.arrayContaining([resourceOf(template, 'AWS::ApiGatewayV2::Stage').id]),
    });
    expect(outputsOf(template).IssuerDomainTarget).toMatchObject({
      Value: { 'Fn::GetAtt': [id, 'RegionalDomainName'] },
    });
  });
});

describe('a custom domain with mutual TLS', () => {
  test('C08: beside that of the issuer, and the own URL of the API is off', () => {
    const { countersign: template } = synthesize(ownDomains());
    const prefix = 'AuthorizationServerMtlsDomain';
    const { id, Properties } = resourceOf(template, 'AWS::ApiGatewayV2::DomainName', prefix);
    expect(Properties).toEqual({
      DomainName: 'mtls.auth.example.com',
      DomainNameConfigurations: [
        { CertificateArn: mtlsCertificateArn, EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' },
      ],
      MutualTlsAuthentication: { TruststoreUri: expect.anything() },
    });
    expect(Object.keys(domains(template))).toHaveLength(2);
    expect(Object.keys(template.findResources('AWS::ApiGatewayV2::ApiMapping'))).toHaveLength(2);
    const api = propertiesOf(template, 'AWS::ApiGatewayV2::Api');
    expect(api).toMatchObject({ DisableExecuteApiEndpoint: true });
    const outputs = outputsOf(template);
    expect(outputs).not.toHaveProperty('ApiEndpoint');
    expect(outputs).toMatchObject({
      Issuer: { Value: issuer },
      TokenEndpoint: { Value: `${issuer}/token` },
      MtlsTokenEndpoint: { Value: `${mtlsOrigin}/token` },
      IssuerDomainTarget: { Value: expect.anything() },
      MtlsDomainTarget: { Value: { 'Fn::GetAtt': [id, 'RegionalDomainName'] } },
    });
  });

  test('without one of the issuer, which somebody else leads here', () => {
    const { issuerCertificateArn: _none, ...settings } = ownDomains();
    const { countersign: template } = synthesize(settings);
    expect(Object.keys(domains(template))).toHaveLength(1);
    expect(outputsOf(template)).not.toHaveProperty('IssuerDomainTarget');
    expect(propertiesOf(template, 'AWS::ApiGatewayV2::Api')).toMatchObject({
      DisableExecuteApiEndpoint: true,
    });
  });

  test('a changed truststore is another object, so that the domain is updated', async () => {
    const uri = (path: string) => {
      const { countersign: template } = synthesize(ownDomains(path));
      const prefix = 'AuthorizationServerMtlsDomain';
      const domain = propertiesOf(template, 'AWS::ApiGatewayV2::DomainName', prefix);
      const { TruststoreUri } = domain.MutualTlsAuthentication as { TruststoreUri: unknown };
      return JSON.stringify(TruststoreUri);
    };
    const path = truststore();
    const before = uri(path);
    expect(before).toMatch(/s3:\/\/.*[0-9a-f]{64}\.pem/);
    expect(uri(truststore())).toBe(before);
    writeFileSync(path, `${cert}${(await certificate()).cert}`);
    expect(uri(path)).not.toBe(before);
  });

  test("cdk-nag finds nothing, and CloudFormation's rules are kept", () => {
    const context = { ...ownDomains(), authorizationEndpointStub: true };
    const app = createApp({ context, outdir: scratchDirectory() });
    expect(new AwsSolutionsChecks().validateScope(app).violations).toEqual([]);
    expect(() => app.synth()).not.toThrow();
  });
});

describe('what goes together', () => {
  test.for<[Record<string, unknown>, string]>([
    [{ issuerCertificateArn }, 'issuerCertificateArn is set, which needs issuer, too'],
    [
      { mtlsCertificateArn },
      'mtlsCertificateArn is set, which needs mtlsOrigin and mtlsTruststore and issuer, too',
    ],
    [
      { mtlsCertificateArn, mtlsOrigin, issuer },
      'mtlsCertificateArn is set, which needs mtlsTruststore, too',
    ],
    [
      { mtlsTruststore: 'x', mtlsOrigin, issuer },
      'mtlsTruststore is set, which needs mtlsCertificateArn, too',
    ],
    [
      { mtlsTruststore: 'x' },
      'mtlsTruststore is set, which needs mtlsOrigin and mtlsCertificateArn and issuer, too',
    ],
    [
      { mtlsOrigin, mtlsCertificateArn, mtlsTruststore: 'x' },
      'mtlsCertificateArn is set, which needs issuer, too',
    ],
    [
      { issuer: mtlsOrigin, replacesIssuer: mtlsOrigin },
      `replacesIssuer is "${mtlsOrigin}", but it must be the issuer from before, and is the one that issuer says`,
    ],
    [
      { issuer: mtlsOrigin, mtlsOrigin },
      `mtlsOrigin is "${mtlsOrigin}", but it must be another one than issuer`,
    ],
    [
      { issuer: `${issuer}:8443`, issuerCertificateArn },
      `issuer is "${issuer}:8443", but it must be https with a host name and without a port`,
    ],
    [
      { issuer: 'http://localhost', issuerCertificateArn },
      'issuer is "http://localhost", but it must be https with a host name',
    ],
    [
      { issuer, mtlsOrigin: 'https://127.0.0.1', mtlsCertificateArn, mtlsTruststore: 'x' },
      'mtlsOrigin is "https://127.0.0.1", but it must be https with a host name',
    ],
  ])('%j is refused', ([context, sentence]) => {
    expectRefusal(context, sentence);
  });

  test.for<[readonly ('issuerCertificate' | 'mtlsCertificate')[], object, string]>([
    [['issuerCertificate'], {}, 'issuerCertificate is set, which needs issuer, too'],
    [
      ['mtlsCertificate'],
      { issuer },
      'mtlsCertificate is set, which needs mtlsOrigin and mtlsTruststore, too',
    ],
    [
      [],
      { mtlsTruststore: 'x' },
      'mtlsTruststore is set, which needs mtlsOrigin and mtlsCertificate and issuer, too',
    ],
  ])('a construct is told so in its own words: %j %j', ([certificates, others, sentence]) => {
    const stack = scratchStack();
    const made = Certificate.fromCertificateArn(stack, 'C', issuerCertificateArn);
    const props = Object.fromEntries(certificates.map((name) => [name, made]));
    expect(() => new AuthorizationServer(stack, 'Server', { ...props, ...others })).toThrow(
      sentence,
    );
  });
});

describe('a truststore', () => {
  const block = (label: string) => `-----BEGIN ${label}-----\nAAAA\n-----END ${label}-----\n`;

  test('may have words between several certificates', async () => {
    const { cert: other } = await certificate();
    const path = truststore(`subject=CN=one\n${cert}\n# two\n${other}`);
    expect(() => synthesize(ownDomains(path))).not.toThrow();
  });

  test.for<[string, string, string]>([
    ['a private key', `${cert}${key}`, 'has a private key in it'],
    ['an encrypted private key', block('ENCRYPTED PRIVATE KEY'), 'has a private key in it'],
    [
      'the beginning of a private key',
      '-----BEGIN RSA PRIVATE KEY-----\n',
      'has a private key in it',
    ],
    ['something else', `${cert}${block('X509 CRL')}`, 'has a X509 CRL in it'],
    ['nothing', '', 'has no certificate in PEM (BEGIN CERTIFICATE) in it'],
    ['DER', '0\u0082\u0001', 'has no certificate in PEM (BEGIN CERTIFICATE) in it'],
    ['a torn certificate', cert.slice(0, 200), 'has a certificate in it that does not end'],
    [
      'a torn one before a whole one',
      `${cert.slice(0, 200)}\n${cert}`,
      'has a certificate in it that does not end',
    ],
    [
      'a broken one',
      `${cert}${block('CERTIFICATE')}`,
      'has a certificate in it (number 2) that cannot be read',
    ],
  ])('with %s is refused', ([, pem, sentence]) => {
    const path = truststore(pem);
    expectRefusal(ownDomains(path), `mtlsTruststore is "${path}", but it ${sentence}`);
  });

  test('with an expired certificate is refused, and says which', async () => {
    const expired = await certificate({ from: -2, to: -1 });
    const path = truststore(`${cert}${expired.cert}`);
    const which = 'has a certificate in it (number 2, O=Example,CN=s6BhdRkqt3) that expired on ';
    expectRefusal(ownDomains(path), `mtlsTruststore is "${path}", but it ${which}`);
  });

  test('with a certificate that makes trouble later is refused', async () => {
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
    for (const [pem, sentence] of [
      [`${cert}${cert}`, 'has the same certificate in it twice'],
      [
        oldVersion,
        'has a certificate in it (number 1, CN=old) of an old version, which cannot say',
      ],
      [
        (await certificate({ keys: weak })).cert,
        'whose RSA key has less than 2048 bits: take it out',
      ],
    ] as const) {
      const path = truststore(pem);
      expectRefusal(ownDomains(path), sentence);
    }
  });

  test('that is not there is refused, wherever synthesis starts', () => {
    const place = join(import.meta.dirname, '../../no/such.pem');
    expectRefusal(
      ownDomains('no/such.pem'),
      `mtlsTruststore is "no/such.pem", but it must be a file that can be read, and ${place} is not.`,
    );
  });
});

describe('authorizationEndpointStub', () => {
  test.for([
    [{}, 'openid'],
    [{ authorizationEndpointStub: 'openid' }, 'openid'],
    [{ authorizationEndpointStub: true }, 'both'],
  ] as const)(
    'H07, M02: adds a route to the discovery function, told by %j: %s',
    ([context, told]) => {
      const { countersign: template } = synthesize(context);
      const routes = Object.values(template.findResources('AWS::ApiGatewayV2::Route'));
      const [target, ...others] = ['/authorize', '/.well-known/jwks.json'].map(
        (path) =>
          routes.find(({ Properties }) => Properties.RouteKey === `ANY ${path}`)?.Properties.Target,
      );
      expect(target).toBeDefined();
      expect(others).toEqual([target]);
      const environment = environmentOf(template, 'AuthorizationServerDiscoveryFunction');
      expect(environment).toMatchObject({ AUTHORIZATION_ENDPOINT: told });
    },
  );

  test('H07: false takes the route away, and the function is told', () => {
    const { countersign: template } = synthesize({ authorizationEndpointStub: false });
    const routes = Object.values(template.findResources('AWS::ApiGatewayV2::Route'));
    expect(routes.map(({ Properties }) => Properties.RouteKey)).not.toContain('ANY /authorize');
    const environment = environmentOf(template, 'AuthorizationServerDiscoveryFunction');
    expect(environment).toMatchObject({ AUTHORIZATION_ENDPOINT: 'none' });
  });
});

/** An X.509 certificate of version 1, valid from 2026 to 2126, as `openssl x509 -req` makes it. */
const oldVersion = `-----BEGIN CERTIFICATE-----
MIIBGDCBvwIUZcNHTcQFXJDmMViwJLjBStpSb7IwCgYIKoZIzj0EAwIwDjEMMAoG
A1UEAwwDb2xkMCAXDTI2MTEyNTEwMDczNloYDzIxMjYxMTAxMTAwNzM2WjAOMQww
CgYDVQQDDANvbGQwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAS9sEWUud78iLsx
/95tZ7I3rwtv6v8CIbG3MAs+Ikaq89Uz7JrFoHypVn2eTdERRkgknbf/fEO83swz
Xd0PThgmMAoGCCqGSM49BAMCA0gAMEUCIAFx/XTg6Ba4U8Kuj5B5u79VeVJParnv
cDwkzH2F5NTnAiEAipH1/gw0UAdy7ibPGxfsp2WRSCvAWYqyR9DAVQ7cYNY=
-----END CERTIFICATE-----
`;

function expectRefusal(context: Readonly<Record<string, unknown>>, sentence: string): void {
  const app = () => createApp({ context, outdir: scratchDirectory() });
  expect(app).toThrow(ConfigurationError);
  expect(app).toThrow(sentence);
}
