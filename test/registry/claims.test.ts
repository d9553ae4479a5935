import { describe, expect, test } from 'vitest';
import {
  type CustomClaims,
  customClaimsOf,
  ownClaims,
} from '../../functions/oauth/custom-claims.ts';
import { checkClaims } from '../../registry/claims.ts';
import { updateClient } from '../../registry/client-update.ts';
import { createClient, findClient } from '../../registry/clients.ts';
import { findResourceServer, updateResourceServer } from '../../registry/resource-servers.ts';
import { api, aRegistry } from './a-registry.ts';

const nested = (levels: number): unknown => (levels === 0 ? 1 : { a: nested(levels - 1) });

describe('E10 the claims that an owner may add', () => {
  test.for<CustomClaims>([
    { tenant: 'acme' },
    // RFC 9068 §2.2.3.1.
    { roles: ['ops'], groups: ['eu'], entitlements: [{ value: 'bulk' }] },
    { 'https://example.com/plan': { seats: 42, trial: false, ends: null, ratio: 0.5 } },
    { email: 'billing@example.com', scp: ['read'], permissions: [], toString: 'text' },
    { deep: { a: { a: { a: { a: 1 } } } } },
    {},
  ])('%j', (claims) => {
    expect(checkClaims(claims)).toEqual(claims);
  });

  test('as many bytes as there may be, whatever the characters', () => {
    const claims = { a: 'é'.repeat(252) };
    expect(Buffer.byteLength(JSON.stringify(claims))).toBe(512);
    expect(checkClaims(claims)).toEqual(claims);
  });
});

describe('E10 the claims that nobody may add', () => {
  test.for([
    ...ownClaims,
    ...['act', 'may_act', 'azp', 'auth_time', 'acr', 'amr', 'nonce', 'sid', 'events'],
    ...['authorization_details', 'token_introspection', 'exi', '_claim_names', '_sd', '...'],
    ...['active', 'token_type', 'username', 'typ', 'token_use', 'ISS', 'Scope', 'cdnicrit'],
  ])('%s: standards reserve it', (name) => {
    const sentence = `the claim ${JSON.stringify(name)} has a name that standards reserve`;
    expect(() => checkClaims({ [name]: 'x' })).toThrow(sentence);
  });

  test.for(['__proto__', 'constructor', 'prototype'])('%s: JavaScript reserves it', (name) => {
    const sentence = `the claim ${JSON.stringify(name)} has a name that JavaScript reserves`;
    expect(() => checkClaims(JSON.parse(`{"${name}": 1}`))).toThrow(sentence);
    const within = 'the claim "a" has a member whose name JavaScript reserves';
    expect(() => checkClaims(JSON.parse(`{"a": [{"${name}": {}}]}`))).toThrow(within);
  });

  test.for(['', 'a b', 'a=b', 'a"', 'a\\', 'ü', 'a\n', 'a'.repeat(129)])(
    'the name %j is outside the grammar',
    (name) => {
      const sentence = `the name of the claim ${JSON.stringify(name.slice(0, 128))} is not 1 to 128 visible`;
      expect(() => checkClaims({ [name]: 1 })).toThrow(sentence);
    },
  );

  test.for([
    [undefined, 'is not JSON'],
    [() => 1, 'is not JSON'],
    [1n, 'is not JSON'],
    [new Date(0), 'is not JSON'],
    [new Map(), 'is not JSON'],
    [[1, undefined], 'is not JSON'],
    [new Array(1), 'is not JSON'],
    [Number.NaN, 'has a number out of range'],
    [Number.POSITIVE_INFINITY, 'has a number out of range'],
    [2 ** 53, 'has a number out of range'],
    [1e-200, 'has a number out of range'],
    ['\ud800', 'has a text that is not Unicode'],
    [nested(5), 'has more than 4 levels of objects and lists'],
    [[[[[[]]]]], 'has more than 4 levels of objects and lists'],
  ] as const)('the value %o', ([value, problem]) => {
    expect(() => checkClaims({ a: value })).toThrow(`the claim "a" ${problem}`);
  });

  test('a value that holds itself', () => {
    const a: unknown[] = [];
    a.push(a);
    expect(() => checkClaims({ a })).toThrow('the claim "a" has more than 4 levels');
  });

  test.for([undefined, null, [], 'tenant=acme', 1, new Map()])('%o is no object', (value) => {
    expect(() => checkClaims(value)).toThrow('claims are an object of names and JSON values');
  });

  test('more than 512 bytes', () => {
    expect(() => checkClaims({ a: 'x'.repeat(505) })).toThrow('claims are at most 512 bytes');
  });
});

test('E10: what a token says beside the claims of this server is its owner’s', () => {
  const own = Object.fromEntries(ownClaims.map((name) => [name, 1]));
  expect(customClaimsOf({ ...own, tenant: 'acme' })).toEqual({ tenant: 'acme' });
});

describe('claims of records', () => {
  test('a new client has those that it is given, an update sets and removes single ones', async () => {
    const { registry } = await aRegistry();
    const claims = { tenant: 'acme', plan: 'free' };
    const registration = { client_id: 'a', client_name: 'A', claims };
    expect((await createClient(registry, registration)).client.claims).toEqual(claims);
    await updateClient(registry, 'a', { client_name: 'B' });
    expect((await findClient(registry, 'a')).claims).toEqual(claims);
    const update = { set: { plan: ['gold'] }, removed: ['tenant'] };
    await updateClient(registry, 'a', { claims: update });
    expect((await findClient(registry, 'a')).claims).toEqual({ plan: ['gold'] });
  });

  test('an update refuses what is not there to remove, and what is too much together', async () => {
    const { registry } = await aRegistry();
    const claims = { long: 'x'.repeat(400) };
    await createClient(registry, { client_id: 'a', client_name: 'A', claims });
    const removal = updateClient(registry, 'a', { claims: { removed: ['tenant'] } });
    await expect(removal).rejects.toThrow('there is no claim tenant');
    const more = updateClient(registry, 'a', { claims: { set: { more: 'x'.repeat(200) } } });
    await expect(more).rejects.toThrow('claims are at most 512 bytes');
    expect((await findClient(registry, 'a')).claims).toEqual(claims);
  });

  test('what another release has let in can be removed, and stays until then', async () => {
    const { registry } = await aRegistry();
    const claims = { act: { sub: 'x' }, tenant: 'acme' };
    await createClient(registry, { client_id: 'a', client_name: 'A', claims });
    await updateClient(registry, 'a', { claims: { removed: ['tenant'] } });
    expect((await findClient(registry, 'a')).claims).toEqual({ act: { sub: 'x' } });
  });

  test('a resource server has none, until an update sets some', async () => {
    const { registry } = await aRegistry();
    expect((await findResourceServer(registry, api))?.claims).toEqual({});
    await updateResourceServer(registry, api, { claims: { set: { region: 'eu' } } });
    await updateResourceServer(registry, api, { scope: new Set(['read']) });
    expect((await findResourceServer(registry, api))?.claims).toEqual({ region: 'eu' });
  });
});
