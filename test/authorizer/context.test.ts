import fc from 'fast-check';
import { customFetch, protectedResourceRequest, WWWAuthenticateChallengeError } from 'oauth4webapi';
import { describe, expect, test } from 'vitest';
import { insufficientScope } from '../../functions/authorizer/challenge.ts';
import { start } from '../support/access-tokens.ts';
import { asked, events, httpEvent, restEvent, tokenEvent } from './events.ts';
import { issuerKey, testAuthorizer } from './test-authorizer.ts';

describe('the context', () => {
  test('I15: it says who calls, with what, and until when; strings only', async () => {
    const { handler, bearer, issuer } = await testAuthorizer();
    const token = { claims: { client_id: 's6BhdRkqt3', sub: 'machine', scope: 'read write' } };
    expect(await handler(httpEvent(await bearer(token)))).toEqual({
      isAuthorized: true,
      context: {
        iss: issuer.url,
        sub: 'machine',
        client_id: 's6BhdRkqt3',
        jti: '0a1b2c3d4e5f',
        scope: 'read write',
        exp: String(start + 3600),
      },
    });
  });

  test('I15: a denial is a real false, and says what was needed', async () => {
    const { handler, bearer } = await testAuthorizer();
    const answered = await handler(httpEvent(await bearer(), asked('POST /orders')));
    expect(answered).toMatchObject({
      isAuthorized: false,
      context: {
        client_id: 's6BhdRkqt3',
        wwwAuthenticate: 'Bearer error="insufficient_scope", scope="write"',
      },
    });
  });

  test.for(Object.keys(events))(
    'I15: no claim gets more into it, whatever its type (%s)',
    async (format) => {
      const { handler, bearer } = await testAuthorizer();
      const claims = {
        roles: ['admin'],
        address: { city: 'x' },
        isAuthorized: true,
        principalId: 'x',
        scope: undefined,
      };
      const answered = await handler(
        events[format as keyof typeof events](await bearer({ claims })),
      );
      expect(Object.values(answered.context).every((value) => typeof value === 'string')).toBe(
        true,
      );
      expect(Object.keys(answered.context)).not.toContain('roles');
      expect(answered.context.scope).toBe('');
    },
  );

  test.for(Object.keys(events))(
    'I15: what the owner of the token has added is in it as one text (%s)',
    async (format) => {
      const { handler, bearer } = await testAuthorizer();
      const added = { tenant: 'Ümläut', roles: ['ops'], 'https://example.com/plan': { seats: 4 } };
      const event = events[format as keyof typeof events](await bearer({ claims: added }));
      const { customClaims } = (await handler(event)).context;
      expect(customClaims).toMatch(/^[\w-]+$/);
      expect(JSON.parse(Buffer.from(String(customClaims), 'base64url').toString())).toEqual(added);
    },
  );

  test('I15: more than another issuer may add is not in it, nor a part of that', async () => {
    const { handler, bearer } = await testAuthorizer();
    const claims = { realm_access: 'x'.repeat(1536), tenant: 'acme' };
    const answered = await handler(httpEvent(await bearer({ claims })));
    expect(answered).toMatchObject({ isAuthorized: true });
    expect(answered.context).not.toHaveProperty('customClaims');
  });

  test('I15: at its largest, the answer is one that API Gateway takes', async () => {
    const { handler, bearer } = await testAuthorizer();
    const long = '"'.repeat(256);
    const most = { a: '"'.repeat(764) };
    const claims = { client_id: long, sub: long, jti: long, ...most };
    const scope = `read ${'x'.repeat(2043)}`;
    const answered = await handler(tokenEvent(await bearer({ claims: { ...claims, scope } })));
    expect(answered.context.customClaims).toHaveLength(2048);
    expect(JSON.stringify(answered).length).toBeLessThan(8192);
  });
});

describe('RFC 6750 §3 the challenge', () => {
  const scopeToken = fc.string({
    unit: fc.constantFrom(
      ...Array.from({ length: 94 }, (_, index) => String.fromCharCode(index + 33)).filter(
        (letter) => letter !== '"' && letter !== '\\',
      ),
    ),
    minLength: 1,
    maxLength: 12,
  });

  test('I10: any scope survives in it, read by a client library', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(scopeToken, { minLength: 1, maxLength: 4 }),
        async (tokens) => {
          const headers = { 'www-authenticate': insufficientScope(new Set(tokens), 'Bearer') };
          const url = new URL('https://api.example.com/');
          const calling = protectedResourceRequest('mF_9.B5f-4.1JqM', 'GET', url, undefined, null, {
            [customFetch]: () => Promise.resolve(new Response(null, { status: 403, headers })),
          });
          const error = await calling.catch((thrown: unknown) => thrown);
          expect(error).toBeInstanceOf(WWWAuthenticateChallengeError);
          expect(error).toMatchObject({
            cause: [
              {
                scheme: 'bearer',
                parameters: { error: 'insufficient_scope', scope: tokens.join(' ') },
              },
            ],
          });
        },
      ),
    );
  });
});

describe('the audit', () => {
  const who = { client_id: 's6BhdRkqt3', jti: '0a1b2c3d4e5f', kid: issuerKey.kid, scope: 'read' };

  test('one entry a decision: who, what, where and why', async () => {
    const { handler, bearer, log } = await testAuthorizer();
    const authorization = await bearer();
    await handler(httpEvent(authorization));
    await handler(httpEvent(authorization, asked('POST /orders')));
    await handler(restEvent(authorization));
    await handler(tokenEvent(authorization));
    await handler(httpEvent('Bearer x')).catch(() => undefined);
    expect(log).toEqual([
      {
        ...who,
        request_id: 'JKJaXmPLvHcESHA=',
        route: 'GET /orders/{id}',
        outcome: 'allowed',
        reason: undefined,
      },
      {
        ...who,
        request_id: 'JKJaXmPLvHcESHA=',
        route: 'POST /orders',
        outcome: 'denied',
        reason: 'insufficient scope',
      },
      {
        ...who,
        request_id: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
        route: 'GET /orders/{id}',
        outcome: 'allowed',
        reason: undefined,
      },
      { ...who, request_id: undefined, route: undefined, outcome: 'policy', reason: undefined },
      {
        request_id: 'JKJaXmPLvHcESHA=',
        route: 'GET /orders/{id}',
        outcome: 'refused',
        reason: 'the token is not a JWT',
      },
    ]);
    expect(JSON.stringify(log)).not.toContain(authorization.slice(7));
  });
});
