import { describe, expect, test } from 'vitest';
import { readConfiguration } from '../../infra/settings/configuration.ts';
import { synthesize } from '../infra/synthesis.ts';
import { templateOf } from './template-of.ts';
import { deployed, type Template } from './with-defaults.ts';

/** Where the code of functions is, is all that may differ. */
function withoutCode({ Resources, Outputs }: Pick<Template, 'Resources' | 'Outputs'>) {
  const text = JSON.stringify({ Resources, Outputs }, (key, value) =>
    key === 'Code' || key === 'TruststoreUri' || key === 'Metadata' ? undefined : value,
  );
  return JSON.parse(text);
}

const named = { 'AWS::StackName': 'Countersign' };
const issuer = 'https://auth.example.com';
const certificate = 'arn:aws:acm:eu-west-1:111122223333:certificate/issuer';
const everyParameter = {
  issuer,
  issuerCertificateArn: certificate,
  accessTokenLifetime: 600,
  clientCache: 0,
  tokenReuse: 60,
  throttle: 40,
  tokenThrottle: 20,
  assertionMaxLifetime: 120,
  corsOrigins: ['https://console.example.com', 'loopback'],
  strictClientSecretMethod: true,
  keyRotationDays: 30,
  alarmTopicArn: 'arn:aws:sns:eu-west-1:111122223333:alarms',
};

describe("the server's template has what the CDK stack has", () => {
  test.for<[string, Readonly<Record<string, unknown>>]>([
    ['by default', {}],
    ['where every parameter has another default', everyParameter],
    ['with wrapped keys', { signing: 'kms-wrapped', mixedKeyFamilies: true }],
    ['under the profile fapi2', { profile: 'fapi2', dpopNonce: 'required' }],
    ['without an authorization endpoint', { authorizationEndpointStub: false }],
    [
      'on a registry that is there already',
      {
        registryTableStreamArn:
          'arn:aws:dynamodb:eu-west-1:111122223333:table/Restored/stream/2026-11-30T00:00:00.000',
        adoptedKeys: ['11112222-3333-4444-5555-666677778888'],
      },
    ],
    ['with an origin for certificates', { issuer, mtlsOrigin: 'https://mtls.example.com' }],
  ])('%s', ([, settings]) => {
    const template = templateOf('Countersign', readConfiguration(settings));
    const { countersign } = synthesize(settings);
    expect(withoutCode(deployed(template, named))).toEqual(
      withoutCode(deployed(countersign.toJSON() as Template, named)),
    );
  });

  test('with parameters that are given at the deployment', () => {
    const template = templateOf('Countersign');
    const given = Object.fromEntries(
      Object.entries(everyParameter).map(([name, value]) => [
        name.replace(/^./, (first) => first.toUpperCase()),
        [value].flat().join(' '),
      ]),
    );
    const { countersign } = synthesize(everyParameter);
    expect(withoutCode(deployed(template, { ...given, ...named }))).toEqual(
      withoutCode(deployed(countersign.toJSON() as Template, named)),
    );
  });
});
