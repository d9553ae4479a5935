import { describe, expect, test } from 'vitest';
import { signingAlgorithms } from '../../functions/aws/signing-algorithms.ts';
import {
  AuthorizationEndpointStub,
  stubName,
} from '../../infra/settings/choices/authorization-endpoint-stub.ts';
import { DpopNonce, nonceName } from '../../infra/settings/choices/dpop-nonce.ts';
import { custodyName, KeyCustody } from '../../infra/settings/choices/key-custody.ts';
import { profileName, SecurityProfile } from '../../infra/settings/choices/security-profile.ts';
import {
  SigningAlgorithm,
  signingAlgorithmName,
} from '../../infra/settings/choices/signing-algorithm.ts';
import { StaleRevocations } from '../../infra/settings/choices/stale-revocations.ts';

interface Choice {
  readonly name: string;
}

/** A class of choices, as those see it who read settings. */
interface ChoiceClass {
  readonly of: (name: string) => Choice;
}

const constants: readonly (readonly [string, ChoiceClass, Readonly<Record<string, string>>])[] = [
  [
    'AuthorizationEndpointStub',
    AuthorizationEndpointStub,
    { OPENID: 'openid', BOTH: 'both', NONE: 'none' },
  ],
  ['DpopNonce', DpopNonce, { OFF: 'off', REQUIRED: 'required' }],
  ['KeyCustody', KeyCustody, { KMS: 'kms', KMS_WRAPPED: 'kms-wrapped' }],
  ['SecurityProfile', SecurityProfile, { NONE: 'none', FAPI2: 'fapi2' }],
  ['StaleRevocations', StaleRevocations, { REFUSE: 'refuse', ALLOW: 'allow' }],
  [
    'SigningAlgorithm',
    SigningAlgorithm,
    {
      RS256: 'RS256',
      PS256: 'PS256',
      ES256: 'ES256',
      ES384: 'ES384',
      ED25519: 'Ed25519',
      EDDSA: 'EdDSA',
      ML_DSA_44: 'ML-DSA-44',
      ML_DSA_65: 'ML-DSA-65',
    },
  ],
];

describe.for(constants)('%s', ([className, made, names]) => {
  test('has a constant for each text, and finds it by that', () => {
    expect(Object.fromEntries(Object.entries(made).map(([key, { name }]) => [key, name]))).toEqual(
      names,
    );
    for (const [constant, choice] of Object.entries(made)) {
      expect(made.of(names[constant] ?? '')).toBe(choice);
      expect(String(choice)).toBe(names[constant]);
    }
  });

  test('refuses any other text with the list of them', () => {
    const [first = '', ...more] = Object.values(names);
    const list =
      more.length === 1 ? `${first} or ${more}` : `one of ${[first, ...more].join(', ')}`;
    expect(() => made.of('other')).toThrow(`${className} is "other", but it must be ${list}.`);
    expect(() => made.of('constructor')).toThrow(`${className} is "constructor", but`);
  });
});

test('all algorithms that we sign with are choices', () => {
  const names = Object.values(SigningAlgorithm).map(({ name }) => name);
  expect(names).toEqual(Object.keys(signingAlgorithms));
});

describe('algorithms that only others sign with', () => {
  test('have a name, which we do not sign by', () => {
    const algorithm = SigningAlgorithm.of('RS512');
    expect(algorithm).toEqual({ name: 'RS512' });
    expect(() => signingAlgorithmName(algorithm, 'signingAlgorithm')).toThrow(
      'signingAlgorithm is "RS512", but it must be one of SigningAlgorithm.RS256, SigningAlgorithm.PS256,',
    );
  });

  test.for(['none', 'HS256'])('I06: do not include %s', (name) => {
    expect(() => SigningAlgorithm.of(name)).toThrow(`SigningAlgorithm is "${name}", but`);
  });
});

describe('what a property has counts by its text', () => {
  test('so that a second copy of this package means the same', async () => {
    const url = new URL('../../infra/settings/choices/security-profile.ts', import.meta.url);
    const copy: { SecurityProfile: typeof SecurityProfile } = await import(`${url.href}?copy`);
    expect(copy.SecurityProfile.FAPI2).not.toBe(SecurityProfile.FAPI2);
    expect(profileName(copy.SecurityProfile.FAPI2)).toBe('fapi2');
  });

  test.for<[string, () => unknown, string]>([
    ['a text', () => nonceName('required' as unknown as DpopNonce, 'dpopNonce'), '"required"'],
    ['null', () => nonceName(null as unknown as DpopNonce, 'dpopNonce'), 'null'],
    ['one of another class', () => nonceName(KeyCustody.KMS, 'dpopNonce'), '"kms"'],
  ])('and %s is refused with the list of constants', ([, read, passed]) => {
    expect(read).toThrow(
      `dpopNonce is ${passed}, but it must be DpopNonce.OFF or DpopNonce.REQUIRED.`,
    );
  });

  test('and where there is none, the default does', () => {
    expect([profileName(undefined), stubName(undefined)]).toEqual(['none', 'openid']);
    expect(custodyName(KeyCustody.KMS_WRAPPED, 'signing')).toBe('kms-wrapped');
  });
});
