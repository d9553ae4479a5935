import { hash } from 'node:crypto';
import type { Revocation } from '../../../functions/oauth/revocation.ts';
import { placeOf } from '../../../functions/oauth/status-list.ts';
import { api, client_id, issuer } from '../../support/a-client.ts';
import { now } from '../fixtures/clock.ts';

/** Tokens that are out. */
export const tokensOut = 10_000_000;

/** A token by its number, as whoever verifies it knows it. */
export const tokenOf = (number: number) => ({
  client_id,
  aud: [api],
  jti: hash('sha256', `token ${number}`, 'base64url').slice(0, 22),
  iat: now(),
  kid: 'a-kid',
  status: placeOf(number, issuer),
});

/** That a token was revoked. */
export function revocationOf(number: number): Revocation {
  const { jti, status, iat } = tokenOf(number);
  const times = { revoked_at: iat, expires_at: iat + 3600 };
  return { kind: 'token', id: jti, status, client_id, iat, ...times };
}

/** Numbers of so many of the tokens, drawn the same way each time. */
export function drawn(count: number): ReadonlySet<number> {
  const numbers = new Set<number>();
  let seed = 1;
  while (numbers.size < count) {
    seed = (seed * 48_271) % 2_147_483_647;
    numbers.add(Math.floor((seed / 2_147_483_647) * tokensOut));
  }
  return numbers;
}
