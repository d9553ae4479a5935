import { describe, expect, test } from 'vitest';
import { parseSettings } from '../../functions/key-rotation/settings.ts';

const good = {
  WRAPPING_KEY: 'arn:aws:kms:eu-west-1:111122223333:key/1',
  TOKEN_ROLE: 'arn:aws:iam::111122223333:role/token',
  SIGNING_ALGORITHM: 'ES256',
  KEY_ROTATION_DAYS: '1.5',
  KEY_FAMILIES: 'one',
};

describe('the settings of the key rotation', () => {
  test.for([
    ['one', false],
    ['mixed', true],
  ] as const)('are read from the environment: %s', ([KEY_FAMILIES, mixedFamilies]) => {
    expect(parseSettings({ ...good, KEY_FAMILIES })).toEqual({
      alg: 'ES256',
      tokenRole: good.TOKEN_ROLE,
      wrappingKey: good.WRAPPING_KEY,
      rotationInterval: 129_600,
      mixedFamilies,
    });
  });

  test('have no key that wraps where there is none', () => {
    const { wrappingKey } = parseSettings({ ...good, WRAPPING_KEY: 'none' });
    expect(wrappingKey).toBeUndefined();
  });

  test('name several roles that sign', () => {
    const TOKEN_ROLE = `${good.TOKEN_ROLE} arn:aws:iam::111122223333:role/revocation-list`;
    expect(parseSettings({ ...good, TOKEN_ROLE }).tokenRole).toBe(TOKEN_ROLE);
  });

  test.for([
    ['TOKEN_ROLE', 'none'],
    ['TOKEN_ROLE', `${good.TOKEN_ROLE} none`],
    ['TOKEN_ROLE', `${good.TOKEN_ROLE}  ${good.TOKEN_ROLE}`],
    ['TOKEN_ROLE', 'arn:aws:iam::111122223333:user/token'],
    ['SIGNING_ALGORITHM', 'HS256'],
    ['SIGNING_ALGORITHM', 'toString'],
    ['KEY_ROTATION_DAYS', '0'],
    ['KEY_ROTATION_DAYS', 'soon'],
    ['KEY_FAMILIES', 'both'],
  ] as const)('%s is not %s', ([name, value]) => {
    expect(() => parseSettings({ ...good, [name]: value })).toThrow(
      `the environment variable ${name} is wrong`,
    );
  });
});
