import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { ownerSettings } from '../../infra/settings/configuration.ts';
import { readSettingsFile } from '../../infra/settings/settings-file.ts';
import { settingsSchema } from '../../infra/settings/settings-schema.ts';
import { settingsFile } from './settings-files.ts';

const bySchema = new Ajv({ strict: true }).compile(settingsSchema());

/** Whether the reader of the file takes it. */
function isRead(settings: object): boolean {
  try {
    readSettingsFile(settingsFile(JSON.stringify(settings)), ownerSettings);
    return true;
  } catch {
    return false;
  }
}

const certificate = 'arn:aws:acm:eu-west-1:111122223333:certificate/1';

/** A right value, and wrong ones that a schema can tell. */
const values: Readonly<Record<keyof typeof ownerSettings, readonly [unknown, ...unknown[]]>> = {
  stackName: ['Second', 'a_b', '1st', '', 5],
  region: ['eu-central-1', 'frankfurt', '', 1],
  account: ['111122223333', 111122223333, '1111', ''],
  issuer: ['https://auth.example.com', true, 5, ['https://auth.example.com']],
  replacesIssuer: ['https://old.example.com', 'https://old.example.com/', 'old.example.com', 5],
  issuerCertificateArn: [certificate, 'arn', '', 5],
  mtlsOrigin: ['https://mtls.example.com', 'http://mtls.example.com', true],
  mtlsCertificateArn: [certificate, 'arn', '', 5],
  mtlsTruststore: ['a.pem', '', 5],
  accessTokenLifetime: [600, 59, 86_401, 60.5, '600', true],
  clientCache: [0, -1, 301, '0'],
  tokenReuse: [0, -1, 43_201, '0'],
  claimsHook: ['claims.mjs', '', 5],
  claimsHookTimeout: [50, 0, 5001, 1.5, '50'],
  throttle: [1, 0, 100_001, '1', { rateLimit: 1 }],
  tokenThrottle: [1, 0, 100_001, '1'],
  profile: ['fapi2', 'fapi', true, ''],
  assertionMaxLifetime: [60, 59, 43_201, '60'],
  dpopNonce: ['required', 'on', true],
  corsOrigins: [['https://a.example', 'loopback'], 'loopback', [5]],
  strictClientSecretMethod: [true, 'true', 1],
  signing: ['kms-wrapped', 'hsm', true],
  signingAlgorithm: ['ES256', 'HS256', 'none', 256],
  experimentalAlgorithms: [false, 'false', 0],
  mixedKeyFamilies: [false, 'false', 0],
  keyRotationDays: [365, 0, 366, '90'],
  authorizationEndpointStub: ['openid', 'true', 'both', 1],
  registryTableStreamArn: [
    'arn:aws:dynamodb:eu-west-1:111122223333:table/Registry/stream/2026-11-30T00:00:00.000',
    'arn:aws:dynamodb:eu-west-1:111122223333:table/Registry',
    'Registry',
    5,
  ],
  adoptedKeys: [['11112222-3333-4444-5555-666677778888'], ['alias/key'], 'key', 5],
  alarmTopicArn: ['arn:aws:sns:eu-west-1:111122223333:alarms', 'alarms', '', 5],
};

describe('the JSON Schema of the settings says what their reader says', () => {
  test.for(Object.entries(values))('%s', ([name, [right, ...wrong]]) => {
    expect([bySchema({ [name]: right }), isRead({ [name]: right })]).toEqual([true, true]);
    for (const value of [...wrong, null]) {
      expect([value, bySchema({ [name]: value }), isRead({ [name]: value })]).toEqual([
        value,
        false,
        false,
      ]);
    }
  });

  test('of other names, too', () => {
    for (const settings of [{ isuer: 'x' }, { demoApiUrl: 'https://api.example.com' }, []]) {
      expect([bySchema(settings), isRead(settings)]).toEqual([false, false]);
    }
    expect([bySchema({ $schema: 'x' }), isRead({ $schema: 'x' })]).toEqual([true, true]);
  });

  test('and names what it cannot say in words', () => {
    expect(settingsSchema()).toMatchObject({
      properties: {
        issuer: { description: expect.stringContaining('must be the origin of an https URL') },
      },
    });
  });
});

test('docs/settings.md has a row for each setting', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/settings.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `(\w+)` \| [^|]+ \| [^|]+ \|$/gm)].map(([, name]) => name);
  expect(rows.filter((name) => name !== 'demoApiUrl').sort()).toEqual(
    Object.keys(ownerSettings).sort(),
  );
});
