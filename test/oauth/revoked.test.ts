import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type RevocableToken, type Revoked, whyRevoked } from '../../functions/oauth/revoked.ts';
import { newStatusList, placeOf, setInvalid } from '../../functions/oauth/status-list.ts';
import { api, client_id, stoppedAt as iat, issuer } from '../support/a-client.ts';

const nothing: Revoked = {
  clients: new Map(),
  resources: new Map(),
  keys: new Set(),
  tokens: new Set(),
  statusLists: new Map(),
};

const token: RevocableToken = {
  client_id,
  aud: [api],
  jti: 'a-jti',
  iat,
  kid: 'a-kid',
  status: placeOf(5, issuer),
};

/** The lists of an issuer in which one token is invalid. */
function invalid(number: number): Pick<Revoked, 'statusLists'> {
  const { uri, idx } = placeOf(number, issuer);
  const list = newStatusList();
  setInvalid(list, idx);
  return { statusLists: new Map([[uri, list]]) };
}

describe('RFC 7009 §3 a token that can be verified without asking', () => {
  const byClient = (not_before: number) => ({ clients: new Map([[client_id, not_before]]) });
  const byApi = (not_before: number) => ({ resources: new Map([[api, not_before]]) });
  test.for<[string, Partial<Revoked>, Partial<RevocableToken>, string | undefined]>([
    ['nothing', {}, {}, undefined],
    ['its key', { keys: new Set(['a-kid']) }, {}, 'its key was revoked'],
    ['another key', { keys: new Set(['another']) }, {}, undefined],
    ['older tokens of its client', byClient(iat), {}, undefined],
    ['tokens of its client', byClient(iat + 1), {}, 'the tokens of its client were revoked'],
    ['those of another client', byClient(iat + 1), { client_id: 'another' }, undefined],
    ['older tokens for its audience', byApi(iat), {}, undefined],
    ['tokens for its audience', byApi(iat + 1), {}, 'the tokens for its audience were revoked'],
    [
      'tokens for one of its audiences',
      byApi(iat + 1),
      { aud: ['https://other.example.com', api] },
      'the tokens for its audience were revoked',
    ],
    ['tokens for another audience', byApi(iat + 1), { aud: [] }, undefined],
    ['itself by its place', invalid(5), {}, 'it was revoked'],
    ['the token before it', invalid(4), {}, undefined],
    ['the same place of another list', invalid(5 + 2 ** 20), {}, undefined],
    ['a place, and it has none', invalid(5), { status: undefined }, undefined],
    ['itself by its jti', { tokens: new Set(['a-jti']) }, { status: undefined }, 'it was revoked'],
    [
      'itself by its jti, though it has a place',
      { tokens: new Set(['a-jti']) },
      {},
      'it was revoked',
    ],
    ['another jti', { tokens: new Set(['another']) }, {}, undefined],
  ])('J05: what is revoked: %s', ([, revoked, special, why]) => {
    expect(whyRevoked({ ...token, ...special }, { ...nothing, ...revoked })).toBe(why);
  });

  test('J05: of all tokens that were issued, those that are invalid are refused, and no others', () => {
    const numbers = fc.uniqueArray(fc.nat(5 * 2 ** 20), { maxLength: 100 });
    const property = fc.property(numbers, numbers, (revoked, others) => {
      const statusLists = new Map<string, Uint8Array>();
      for (const { uri, idx } of revoked.map((number) => placeOf(number, issuer))) {
        const list = statusLists.get(uri) ?? newStatusList();
        setInvalid(list, idx);
        statusLists.set(uri, list);
      }
      for (const number of [...revoked, ...others]) {
        const status = placeOf(number, issuer);
        const why = whyRevoked({ ...token, status }, { ...nothing, statusLists });
        expect(why !== undefined).toBe(revoked.includes(number));
      }
    });
    fc.assert(property, { numRuns: 20 });
  });
});
