import { decodeJwt, decodeProtectedHeader } from 'jose';
import { describe, expect, test } from 'vitest';
import { dynamodbRevocationStore } from '../../functions/aws/dynamodb-revocations.ts';
import { dynamodbRevokedTokens } from '../../functions/aws/dynamodb-revoked-tokens.ts';
import { tokenReuse } from '../../functions/token/token-reuse.ts';
import { tables } from '../support/services.ts';
import { client_secret, postingClient } from '../support/token-endpoint.ts';
import { tokenEndpointOnServices } from '../support/token-endpoint-on-services.ts';

const form = `grant_type=client_credentials&client_id=${postingClient}&client_secret=${client_secret}`;

/** An endpoint that reuses tokens, unless they are in this table of revocations. */
async function reusing(table = tables.revocations) {
  const endpoint = await tokenEndpointOnServices();
  const { another, clock, services } = endpoint;
  const now = () => clock.now;
  const isRevoked = dynamodbRevokedTokens(services.dynamodb, table);
  const post = another({ reuse: tokenReuse({ seconds: 600, now, isRevoked }) });
  const token = async (): Promise<string> => {
    const { statusCode, body } = await post(form);
    expect(statusCode).toBe(200);
    return body.access_token;
  };
  return { ...endpoint, token };
}

describe('a token is not given out again', () => {
  test('after its key was revoked, though the instance still held it', async () => {
    const { token, rotation, clock } = await reusing();
    const kid = async () => String(decodeProtectedHeader(await token()).kid);
    const first = await kid();
    await rotation.done({ command: 'revoke', kid: first, replace: true });
    // The instance reads the ring once a minute.
    clock.now += 60;
    expect(await kid()).not.toBe(first);
  });

  test('J05: after it was revoked itself, and others are', async () => {
    const { token, clock, services } = await reusing();
    const first = await token();
    clock.now += 5;
    expect(await token()).toBe(first);
    const { jti = '', exp = 0 } = decodeJwt(first);
    const { dynamodb } = await services.via(async (endpoint) => endpoint);
    const times = { revoked_at: clock.now, expires_at: exp + 60 };
    const store = dynamodbRevocationStore(dynamodb, tables.revocations);
    await store.note({ kind: 'token', id: jti, ...times });
    clock.now += 5;
    const renewed = await token();
    expect(renewed).not.toBe(first);
    clock.now += 5;
    expect(await token()).toBe(renewed);
  });

  test('J05: where the table of revocations cannot be read', async () => {
    const { token, clock } = await reusing('no-such-table');
    const first = await token();
    clock.now += 5;
    expect(await token()).not.toBe(first);
  });
});
