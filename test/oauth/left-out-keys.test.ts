import { expect, test, vi } from 'vitest';
import { readKey } from '../../functions/oauth/imported-keys.ts';

test('B15: a key that is left out is looked at once, whatever else its JWK says', () => {
  const more = vi.fn(() => ['a certificate '.repeat(1000)]);
  const jwk = {
    kty: 'RSA',
    n: 'AQAB',
    e: 'AQAB',
    get x5c() {
      return more();
    },
  };
  expect(readKey(jwk, 'RS256')).toBe('modulus');
  more.mockClear();
  for (const _ of [1, 2, 3]) expect(readKey(jwk, 'RS256')).toBe('modulus');
  expect(more).not.toHaveBeenCalled();
});
