import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Revocation } from '../../functions/oauth/revocation.ts';
import { serverInMemory, usualClient } from '../support/server-in-memory.ts';
import { api } from '../support/token-endpoint.ts';

/** What is no token of ours is never active, never noted, and never makes a 500. */

const server = await serverInMemory();
await server.register({ introspection_resources: [api] });
const token = await server.issue();
const right = (await server.introspect(token)).body;

const anyText = fc
  .oneof(fc.string(), fc.string({ unit: 'binary' }), fc.base64String(), fc.json())
  .filter((text) => text !== '' && text.isWellFormed());
const part = fc.oneof(
  fc.constantFrom(...token.split('.'), ''),
  fc.json().map((text) => Buffer.from(text).toString('base64url')),
);
const anyJwt = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('.'));

async function noted(): Promise<readonly Revocation[]> {
  const all: Revocation[] = [];
  for await (const page of server.store.since(0)) all.push(...page);
  return all;
}

describe('any token', () => {
  test('K02, J02, A23: that nobody has issued', async () => {
    const anyToken = fc.oneof(anyText, anyJwt).filter((text) => text !== token && text !== '');
    await fc.assert(
      fc.asyncProperty(anyToken, fc.string({ unit: 'binary' }), async (text, accept) => {
        const asked = await server.introspect(text, { headers: { ...usualClient, accept } });
        expect(asked).toMatchObject({ statusCode: 200, body: '{"active":false}' });
        expect(await server.revoke(text)).toMatchObject({ statusCode: 200, body: '' });
      }),
      { numRuns: 300 },
    );
    expect(await noted()).toEqual([]);
  });

  test('K03: with another character in its header or its claims', async () => {
    const signedLength = token.lastIndexOf('.');
    const another = fc.constantFrom(
      ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=',
    );
    const place = fc.nat({ max: signedLength - 1 });
    await fc.assert(
      fc.asyncProperty(place, another, async (at, character) => {
        fc.pre(token[at] !== character);
        const changed = token.slice(0, at) + character + token.slice(at + 1);
        expect((await server.introspect(changed)).body).toBe('{"active":false}');
      }),
      { numRuns: 300 },
    );
  });

  test('K03: in another writing of the same octets', async () => {
    expect((await server.introspect(token)).body).toBe(right);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const spareBit = alphabet[alphabet.indexOf(token.at(-1) ?? '') ^ 1];
    const writings = [
      `${token.slice(0, -1)}${spareBit}`,
      ...[`${token}=`, `${token}==`, `${token} `, ` ${token}`, `${token}\n`, `${token}.`],
      token.replaceAll('-', '+').replaceAll('_', '/'),
    ];
    for (const writing of writings.filter((text) => text !== token))
      expect((await server.introspect(writing)).body).toBe('{"active":false}');
  });

  test('K03: with another signature', async () => {
    const start = token.lastIndexOf('.') + 1;
    const last = token.length - 2;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: start, max: last }), async (at) => {
        const changed = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
        expect((await server.introspect(changed)).body).toBe('{"active":false}');
      }),
      { numRuns: 100 },
    );
  });
});
