import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseKeySet } from '../../../functions/authorizer/key-set.ts';
import { cachedRevocations } from '../../../functions/authorizer/revocations/cached-revocations.ts';
import { publishedRevocations } from '../../../functions/authorizer/revocations/published-revocations.ts';
import {
  noRevocations,
  type Revocations,
} from '../../../functions/authorizer/revocations/revocations.ts';
import type { Revocation } from '../../../functions/oauth/revocation.ts';
import { whyRevoked } from '../../../functions/oauth/revoked.ts';
import { placeOf } from '../../../functions/oauth/status-list.ts';
import type { Fetch } from '../../../functions/remote/json-document.ts';
import { issuer, stoppedAt } from '../../support/a-client.ts';
import { revocationPublishers } from '../../support/revocation-publisher.ts';

const start = stoppedAt - (stoppedAt % 30);
const path = '/revocation-list';
/** Seconds. */
const maxAge = 5;
/** The publisher's cache, and what whole seconds round off, at both ends. */
const beside = 2;

/** Tokens of two clients; each second one has a place in a status list. */
const tokens = Array.from({ length: 6 }, (_, number) => ({
  client_id: `client-${number % 2}`,
  aud: ['https://api.example.com'],
  jti: `jti-${number}`,
  iat: start - 10,
  kid: 'a-kid',
  status: number % 2 === 0 ? placeOf(number * 1_000_000, issuer) : undefined,
}));

/** The real publisher, in two instances, and authorizers that ask them over a network that may be in trouble. */
async function deployment(authorizers: number) {
  const clock = { now: start };
  const { publisher, log, first, second, revokeKey } = await revocationPublishers({ clock });
  const instances = [publisher(), publisher(() => clock.now - 1)];
  const network = { isDown: false, instance: 0 };
  const fetch: Fetch = async (url, { headers }) => {
    if (network.isDown) throw new Error('down');
    const answered = await instances[network.instance % 2]?.(new URL(url).pathname, { headers });
    const { statusCode = 500, body = '', headers: told = {} } = answered ?? {};
    return new Response(body === '' ? null : body, { status: statusCode, headers: told });
  };
  const keySet = parseKeySet({ keys: [first.jwk, second.jwk] }, undefined);
  const knowing = () =>
    cachedRevocations({
      load: publishedRevocations({
        issuer,
        url: `${issuer}${path}`,
        algorithms: ['ES256'],
        keys: async () => keySet,
        fetch,
        now: () => clock.now,
      }),
      clocks: { wall: () => clock.now * 1000, monotonic: () => clock.now * 1000 },
      maxAge: maxAge * 1000,
      grace: 0,
      onStale: 'refuse',
      timeLimit: 2000,
    });
  return {
    clock,
    log,
    network,
    first,
    revokeKey,
    known: Array.from({ length: authorizers }, knowing),
  };
}

type Token = (typeof tokens)[number];

type Step =
  | { readonly pass: number }
  | { readonly isDown: boolean; readonly instance: number }
  | { readonly token: Token; readonly kind: 'token' | 'client' }
  | { readonly token: Token; readonly asked: number };

const token = fc.constantFrom(...tokens);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ token, asked: fc.nat(1) }) },
  { weight: 3, arbitrary: fc.record({ pass: fc.constantFrom(1, 1, 2, 3, 7, 31, 100, 4000) }) },
  { weight: 1, arbitrary: fc.record({ isDown: fc.boolean(), instance: fc.nat(1) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      token,
      kind: fc.constantFrom<('token' | 'client')[]>('token', 'client'),
    }),
  },
);

/** Plays steps, and holds what comes of them against what was taken back when. */
function playing({ clock, log, network, known }: Awaited<ReturnType<typeof deployment>>) {
  /** jti -> when it was taken back. */
  const revokedAt = new Map<string, number>();
  const note = async ({ jti, client_id, status }: Token, kind: 'token' | 'client') => {
    const times = { revoked_at: clock.now, expires_at: clock.now + 86_400 };
    const revocation: Revocation =
      kind === 'token'
        ? { kind, id: jti, status, ...times }
        : { kind, id: client_id, not_before: clock.now + 1, ...times };
    await log.note(revocation);
    const meant = tokens.filter(
      (each) => each.jti === jti || (kind === 'client' && each.client_id === client_id),
    );
    for (const each of meant) {
      revokedAt.set(each.jti, revokedAt.get(each.jti) ?? clock.now);
    }
  };
  const ask = async (token: Token, { current }: Revocations) => {
    const answer = await current().catch(() => undefined);
    // Nobody knows: nobody gets in.
    if (answer === undefined) return;
    const isRefused = whyRevoked(token, answer.revoked) !== undefined;
    const since = revokedAt.get(token.jti) ?? Number.POSITIVE_INFINITY;
    if (clock.now >= since + maxAge + beside) expect(isRefused).toBe(true);
    if (clock.now < since) expect(isRefused).toBe(false);
  };
  return async (step: Step) => {
    if ('pass' in step) clock.now += step.pass;
    else if ('isDown' in step) Object.assign(network, step);
    else if ('kind' in step) await note(step.token, step.kind);
    else await ask(step.token, known[step.asked] ?? noRevocations);
  };
}

describe('the promise, with the real publisher', () => {
  test('I13: whatever was taken back is refused in time and for ever, and nothing else is', () =>
    fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 80 }), async (steps) => {
        const play = playing(await deployment(2));
        for (const each of steps) await play(each);
      }),
      { numRuns: 150 },
    ));

  test('I13: after key revoke --replace the next list says so, by the new key', async () => {
    const { clock, known, first, revokeKey } = await deployment(1);
    const [authorizer] = known;
    const before = await authorizer?.current();
    expect([...(before?.revoked.keys ?? [])]).toEqual([]);
    revokeKey();
    clock.now += maxAge;
    const after = await authorizer?.current();
    expect([...(after?.revoked.keys ?? [])]).toEqual([first.kid]);
  });
});
