import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import type { SigningAlgorithmName } from '../../functions/aws/signing-algorithms.ts';
import { AuthorizationServer } from '../../infra/server/authorization-server.ts';
import { SecurityProfile } from '../../infra/settings/choices/security-profile.ts';
import { SigningAlgorithm } from '../../infra/settings/choices/signing-algorithm.ts';
import type { SigningProps } from '../../infra/settings/signing-settings.ts';
import { permissionsOf } from './permissions.ts';
import { environmentOf, scratchStack } from './synthesis.ts';

const rsa = ['RSASSA_PKCS1_V1_5_SHA_256', 'RSASSA_PSS_SHA_256'];
const ecdsa = ['ECDSA_SHA_256', 'ECDSA_SHA_384'];
const classic = [...rsa, ...ecdsa, 'ED25519_SHA_512'];

describe('what the token function may sign with', () => {
  test.for<[SigningProps, readonly string[], readonly string[]]>([
    [{}, rsa, ['DIGEST']],
    [{ signingAlgorithm: SigningAlgorithm.PS256 }, rsa, ['DIGEST']],
    [{ signingAlgorithm: SigningAlgorithm.ES256 }, ecdsa, ['DIGEST']],
    [{ signingAlgorithm: SigningAlgorithm.ES384 }, ecdsa, ['DIGEST']],
    [{ signingAlgorithm: SigningAlgorithm.ED25519 }, ['ED25519_SHA_512'], ['RAW']],
    [{ signingAlgorithm: SigningAlgorithm.EDDSA }, ['ED25519_SHA_512'], ['RAW']],
    [
      { signingAlgorithm: SigningAlgorithm.ML_DSA_44, experimentalAlgorithms: true },
      ['ML_DSA_SHAKE_256'],
      ['RAW'],
    ],
    [{ experimentalAlgorithms: true }, rsa, ['DIGEST']],
    [{ mixedKeyFamilies: true }, [...classic, 'ML_DSA_SHAKE_256'], ['DIGEST', 'RAW']],
  ])('%o', ([props, algorithms, messageTypes]) => {
    expect(conditionsOf(props, 'TokenFunction', 'kms:Sign')).toMatchObject({
      'kms:SigningAlgorithm': algorithms,
      'kms:MessageType': messageTypes,
    });
  });
});

describe('L08: the profile fapi2', () => {
  test('signs with PS256 unless told otherwise, and offers APIs no other algorithms than its own', () => {
    const stack = scratchStack();
    const server = new AuthorizationServer(stack, 'Server', { profile: SecurityProfile.FAPI2 });
    expect(server.algorithms).toEqual([SigningAlgorithm.PS256]);
    const environment = environmentOf(Template.fromStack(stack), 'ServerKeyRotation');
    expect(environment.SIGNING_ALGORITHM).toBe('PS256');
  });

  test.for(['PS256', 'ES256', 'Ed25519', 'EdDSA'] as const)('may sign with %s', (name) => {
    const props = {
      profile: SecurityProfile.FAPI2,
      signingAlgorithm: SigningAlgorithm.of(name),
    } as const;
    const environment = environmentOf(templateOf(props), 'ServerKeyRotation');
    expect(environment.SIGNING_ALGORITHM).toBe(name);
  });

  test.for(['RS256', 'ES384', 'ML-DSA-44'] as const)('does not sign with %s', (name) => {
    const props = {
      profile: SecurityProfile.FAPI2,
      signingAlgorithm: SigningAlgorithm.of(name),
      experimentalAlgorithms: true,
    } as const;
    expect(() => templateOf(props)).toThrow(
      `signingAlgorithm is "${name}", which the profile fapi2 does not allow: choose one of PS256, ` +
        'ES256, Ed25519, EdDSA, or leave signingAlgorithm out.',
    );
  });
});

describe('what keys are made', () => {
  test.for<[SigningAlgorithmName, string]>([
    ['RS256', 'RSA_2048'],
    ['PS256', 'RSA_2048'],
    ['ES256', 'ECC_NIST_P256'],
    ['ES384', 'ECC_NIST_P384'],
    ['Ed25519', 'ECC_NIST_EDWARDS25519'],
    ['EdDSA', 'ECC_NIST_EDWARDS25519'],
    ['ML-DSA-44', 'ML_DSA_44'],
    ['ML-DSA-65', 'ML_DSA_65'],
  ])('%s: %s', ([name, spec]) => {
    const signingAlgorithm = SigningAlgorithm.of(name);
    const props = { signingAlgorithm, experimentalAlgorithms: true };
    expect(conditionsOf(props, 'KeyRotationFunction', 'kms:CreateKey')).toMatchObject({
      'kms:KeySpec': spec,
      'kms:KeyUsage': 'SIGN_VERIFY',
    });
  });
});

describe('how often the key changes', () => {
  test.for([
    ['a day', Duration.days(1), '1'],
    ['a day and a half', Duration.hours(36), '1.5'],
    ['a year', Duration.days(365), '365'],
  ] as const)('%s', ([, keyRotationInterval, days]) => {
    const environment = environmentOf(templateOf({ keyRotationInterval }), 'ServerKeyRotation');
    expect(environment.KEY_ROTATION_DAYS).toBe(days);
  });
});

describe('a wrong property is one sentence', () => {
  const unknown: SigningAlgorithm = { name: 'HS256' };
  const text = 'ES256' as unknown as SigningAlgorithm;
  const constants =
    'one of SigningAlgorithm.RS256, SigningAlgorithm.PS256, SigningAlgorithm.ES256, SigningAlgorithm.ES384, ' +
    'SigningAlgorithm.ED25519, SigningAlgorithm.EDDSA, SigningAlgorithm.ML_DSA_44, SigningAlgorithm.ML_DSA_65.';
  const classicNames = 'RS256, PS256, ES256, ES384, Ed25519, EdDSA';

  test.for<[SigningProps, string]>([
    [{ signingAlgorithm: unknown }, `signingAlgorithm is "HS256", but it must be ${constants}`],
    [{ signingAlgorithm: text }, `signingAlgorithm is "ES256", but it must be ${constants}`],
    [
      { signingAlgorithm: SigningAlgorithm.of('RS512') },
      `signingAlgorithm is "RS512", but it must be ${constants}`,
    ],
    [
      { signingAlgorithm: SigningAlgorithm.ML_DSA_44 },
      'signingAlgorithm is "ML-DSA-44", which few verifiers know yet: set experimentalAlgorithms ' +
        `to true as well, or choose one of ${classicNames}.`,
    ],
    [
      { signingAlgorithm: SigningAlgorithm.ML_DSA_65, mixedKeyFamilies: true },
      'signingAlgorithm is "ML-DSA-65", which few verifiers know yet:',
    ],
    [
      { keyRotationInterval: Duration.hours(23) },
      'keyRotationInterval is "23 hours", but it must be 1 to 365 days.',
    ],
    [
      { keyRotationInterval: Duration.days(366) },
      'keyRotationInterval is "366 days", but it must be 1 to 365 days.',
    ],
  ])('%j', ([props, sentence]) => {
    expect(() => templateOf(props)).toThrow(sentence);
  });
});

function templateOf(props: SigningProps): Template {
  const stack = scratchStack();
  new AuthorizationServer(stack, 'Server', props);
  return Template.fromStack(stack);
}

function conditionsOf(props: SigningProps, functionId: string, action: string): unknown {
  const found = permissionsOf(templateOf(props), `Server${functionId}`);
  const { condition } = found.find((permission) => permission.action === action) ?? {};
  return (condition as { StringEquals: unknown }).StringEquals;
}
