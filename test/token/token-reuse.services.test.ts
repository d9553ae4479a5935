import { decodeProtectedHeader } from 'jose';
import { describe, expect, test } from 'vitest';
import { tokenReuse } from '../../functions/token/token-reuse.ts';
import { client_secret, postingClient } from '../support/token-endpoint.ts';
import { tokenEndpointOnServices } from '../support/token-endpoint-on-services.ts';

const form = `grant_type=client_credentials&client_id=${postingClient}&client_secret=${client_secret}`;

describe('a token is not given out again', () => {
  test('after its key was revoked, though the instance still held it', async () => {
    const { another, rotation, clock } = await tokenEndpointOnServices();
    const post = another({ reuse: tokenReuse({ seconds: 600, now: () => clock.now }) });
    const kid = async () => {
      const { statusCode, body } = await post(form);
      expect(statusCode).toBe(200);
      return String(decodeProtectedHeader(body.access_token).kid);
    };
    const first = await kid();
    await rotation.done({ command: 'revoke', kid: first, replace: true });
    // The instance reads the ring once a minute.
    clock.now += 60;
    expect(await kid()).not.toBe(first);
  });
});
