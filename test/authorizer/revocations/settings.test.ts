import { describe, expect, test } from 'vitest';
import { withoutRevocations } from '../../../functions/authorizer/revocations/environment.ts';
import { noRevocations } from '../../../functions/authorizer/revocations/revocations.ts';
import { revocationSource, staleness } from '../../../functions/authorizer/revocations/settings.ts';
import { environmentRevocations } from '../../../functions/authorizer/revocations/wiring.ts';

type Variables = Partial<Record<keyof typeof withoutRevocations, string>>;

const url = 'https://auth.example.com/revocation-list';
const variables =
  (special: Variables = {}) =>
  (name: keyof typeof withoutRevocations) =>
    ({ ...withoutRevocations, ...special })[name];
const verifying = {
  issuer: 'https://auth.example.com',
  algorithms: ['RS256'],
  keys: () => Promise.reject(new Error('no network')),
  now: () => 1_700_000_000,
};

describe('where an authorizer learns what was taken back', () => {
  test.for<[Variables, object | undefined]>([
    [{}, undefined],
    [{ REVOCATION_LIST: url }, { list: url }],
    [
      { REVOCATION_LIST: 'http://127.0.0.1:3000/revocation-list' },
      { list: 'http://127.0.0.1:3000/revocation-list' },
    ],
    [{ REVOCATION_LIST: 'table', REVOCATIONS_TABLE: 'revocations' }, { table: 'revocations' }],
  ])('%j is %j', ([special, source]) =>
    expect(revocationSource(variables(special))).toEqual(source),
  );

  test.for<[Variables, RegExp]>([
    [{ REVOCATION_LIST: 'table' }, /REVOCATIONS_TABLE is none/],
    [{ REVOCATION_LIST: '' }, /no https URL/],
    [{ REVOCATION_LIST: 'http://auth.example.com/revocation-list' }, /no https URL/],
    [{ REVOCATION_LIST: `${url}?a=b` }, /no https URL without query/],
    [{ REVOCATION_LIST: `${url}#a` }, /no https URL without query and fragment/],
    [{ REVOCATION_LIST: 'None' }, /no https URL/],
  ])('I19: %j fails the cold start', ([special, message]) =>
    expect(() => revocationSource(variables(special))).toThrow(message),
  );

  test('I13: nobody is asked where the environment says none', () => {
    expect(environmentRevocations(variables(), verifying)).toBe(noRevocations);
  });

  test('I14: a list that cannot be had is one that nobody knows', async () => {
    const REVOCATION_LIST = 'http://127.0.0.1:1/revocation-list';
    const { current } = environmentRevocations(variables({ REVOCATION_LIST }), verifying);
    await expect(current()).rejects.toMatchObject({ code: 'temporarily_unavailable', status: 503 });
  });

  test('I13: a table is read by a function that can', async () => {
    const table = { REVOCATION_LIST: 'table', REVOCATIONS_TABLE: 'revocations' };
    expect(() => environmentRevocations(variables(table), verifying)).toThrow(
      /^REVOCATION_LIST is table, which this function cannot read$/,
    );
    const read: string[] = [];
    const ofTable = (name: string) => {
      read.push(name);
      return () => Promise.reject(new Error('down'));
    };
    environmentRevocations(variables(table), { ...verifying, ofTable });
    expect(read).toEqual(['revocations']);
  });
});

describe('how old a list may be', () => {
  test('is told in seconds', () => {
    const special = { REVOCATION_MAX_AGE: '0', REVOCATION_GRACE: '86400' };
    expect(staleness(variables(special))).toEqual({
      maxAge: 0,
      grace: 86_400_000,
      onStale: 'refuse',
    });
    expect(staleness(variables({ ON_STALE_REVOCATIONS: 'allow' })).onStale).toBe('allow');
  });

  test.for<[Variables, RegExp]>([
    [{ REVOCATION_MAX_AGE: '' }, /^REVOCATION_MAX_AGE is "", which is no number of seconds$/],
    [{ REVOCATION_MAX_AGE: '-1' }, /MAX_AGE is "-1"/],
    [{ REVOCATION_MAX_AGE: '1e9' }, /MAX_AGE is "1e9"/],
    [{ REVOCATION_GRACE: '60 s' }, /GRACE is "60 s"/],
    [{ REVOCATION_GRACE: 'Infinity' }, /GRACE is "Infinity"/],
    [{ ON_STALE_REVOCATIONS: 'Allow' }, /"Allow", which is neither refuse nor allow/],
    [{ ON_STALE_REVOCATIONS: '' }, /neither refuse nor allow/],
  ])('I14: %j fails the cold start', ([special, message]) =>
    expect(() => staleness(variables(special))).toThrow(message),
  );
});
