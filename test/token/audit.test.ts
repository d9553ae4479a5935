import { decodeJwt, decodeProtectedHeader } from 'jose';
import { describe, expect, test } from 'vitest';
import { newClientSecret } from '../../functions/oauth/client-secret.ts';
import { basic } from '../support/http-api-event.ts';
import {
  api,
  aSecret,
  client_id,
  client_secret,
  tokenEndpoint,
} from '../support/token-endpoint.ts';

const endpoint = await tokenEndpoint();
const secret = newClientSecret();
const form = 'grant_type=client_credentials';

const ask = (authorization: string) => endpoint.post(form, { headers: { authorization } });

describe('the audit line', () => {
  test('does not grow with what a stranger sends', async () => {
    await ask(basic('a'.repeat(10_000), 'x'));
    expect(endpoint.audited.at(-1)).toMatchObject({ client_id: '(malformed)', outcome: 'refused' });
  });

  test('tells who got which token', async () => {
    await endpoint.register({ secrets: [aSecret(client_secret, { id: 'the-only-one' })] });
    const { body } = await ask(basic(client_id, client_secret));
    const { jti, exp } = decodeJwt(body.access_token);
    expect(endpoint.audited.at(-1)).toEqual({
      outcome: 'issued',
      client_id,
      auth_method: 'client_secret_basic',
      secret_id: 'the-only-one',
      grant_type: 'client_credentials',
      aud: api,
      scope: 'read write',
      jti,
      exp,
      kid: decodeProtectedHeader(body.access_token).kid,
      request_id: 'JKJaXmPLvHcESHA=',
      source_ip: '192.0.2.1',
    });
  });

  test.for([
    ['unknown client_id', basic('nobody', client_secret)],
    ['wrong secret', basic(client_id, 'wrong')],
    ['the client is disabled', basic('disabled', client_secret)],
    ['the Authorization header is not well-formed Basic', 'Basic !'],
    ['no credentials', undefined],
  ] as const)('tells what the answer does not: %s', async ([reason, authorization]) => {
    await endpoint.register({ client_id: 'disabled', disabled: true });
    await endpoint.post(form, authorization ? { headers: { authorization } } : {});
    expect(endpoint.audited.at(-1)).toMatchObject({
      outcome: 'refused',
      error: 'invalid_client',
      reason,
    });
  });

  test('never holds a secret, a token or a header, also where a secret stands in the wrong field', async () => {
    await endpoint.register({ client_id: 'careful', secrets: [aSecret(secret)] });
    const { body } = await ask(basic('careful', secret));
    await ask(basic(secret, 'careful'));
    await ask(basic('careful', `${secret}x`));
    await ask(basic(`careful-${secret}`, 'x'));
    await ask(basic(`${secret}\n`, 'x'));
    await endpoint.post(`${form}&client_id=careful&client_secret=${secret}&scope=nope`);
    await endpoint.post(`${form}&client_id=careful&client_secret=${secret}`, {
      query: `client_secret=${secret}`,
    });
    const log = JSON.stringify(endpoint.audited);
    expect(log).toContain('careful');
    for (const hidden of [secret, secret.slice(12, 40), body.access_token, 'Basic ']) {
      expect(log).not.toContain(hidden);
    }
  });
});
