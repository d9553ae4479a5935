import { describe, expect, test } from 'vitest';
import { parseAudience, parseIssuer } from '../../functions/oauth/own-identifiers.ts';

describe('the issuer of a deployment', () => {
  test.for(['https://auth.example.com', 'https://auth.example.com:8443', 'http://127.0.0.1:3000'])(
    '%s is one',
    (issuer) => {
      expect(parseIssuer(issuer)).toBe(issuer);
    },
  );

  test.for([
    'http://auth.example.com',
    'https://auth.example.com/',
    'https://auth.example.com/tenant',
    'https://auth.example.com:443',
    'https://*.example.com',
    'HTTPS://auth.example.com',
    'auth.example.com',
    'none',
  ])('%s is none', (issuer) => {
    expect(() => parseIssuer(issuer)).toThrow(
      `the issuer "${issuer}" is not the origin of an https URL`,
    );
  });
});

describe('the audience of an API', () => {
  test.for(['https://api.example.com/v1/', 'urn:example:api'])('%s is one', (audience) => {
    expect(parseAudience(audience)).toBe(audience);
  });

  test.for(['orders', 'https://api.example.com#v1', ''])('%s is none', (audience) => {
    expect(() => parseAudience(audience)).toThrow('is not an absolute URI without a fragment');
  });
});
