import { describe, expect, test } from 'vitest';
import { unavailable } from '../../functions/oauth/oauth-error.ts';
import { needlessMembers } from '../support/needless-members.ts';
import { stoppedAt } from '../support/token-endpoint.ts';
import { apiEnd, tokenEnd } from './both-ends.ts';
import { claims, header, jwk, type Make, proofWith } from './right-proof.ts';
import { type Outcome, type WrongProof, wrongProofs } from './wrong-proofs.ts';

const [token, api] = await Promise.all([tokenEnd(), apiEnd()]);
const [askToken, askApi] = [token.asking(), api.asking()];

const expectedOf = ({ expected }: WrongProof) =>
  expected ?? ({ token: 'invalid_dpop_proof', api: 'invalid_dpop_proof' } as const);
const nonce = expect.stringMatching(/^[\w-]{30}$/);
/** RFC 6749 §5.2 */
const description = expect.stringMatching(/^[\x20-\x21\x23-\x5B\x5D-\x7E]+$/);

/** What an end has to answer. */
function answer(outcome: Outcome, refusal: 400 | 401) {
  if (outcome === 'taken') return { status: 200, nonce };
  const told = outcome === 'use_dpop_nonce' ? nonce : undefined;
  return { status: refusal, error: outcome, description, nonce: told };
}

describe('a proof that is right in every way', () => {
  test('is taken at both ends, and in front of both kinds of API', async () => {
    expect(await askToken([await proofWith(await token.right())])).toEqual({
      ...answer('taken', 400),
      error: undefined,
      description: undefined,
    });
    const right = await api.right();
    expect(await askApi([await proofWith(right)])).toMatchObject(answer('taken', 401));
    expect(await api.authorizers.HTTP([await proofWith(right)])).toMatchObject({
      isAuthorized: true,
    });
    expect(await api.authorizers.REST([await proofWith(right)])).toMatchObject({
      policyDocument: { Statement: [{ Effect: 'Allow' }] },
    });
  });

  test.for<readonly [string, Make]>([
    ['the typ with its prefix', header({ typ: 'application/dpop+jwt' })],
    ['the typ in capital letters', header({ typ: 'DPOP+JWT' })],
    ['a kid and a jku beside jwk', header({ kid: 'a', jku: 'https://client.example.com/jwks' })],
    [
      'a jwk that says what it is for',
      jwk(() => ({ use: 'sig', alg: 'ES256', key_ops: ['verify'] })),
    ],
    ...needlessMembers.map(
      ([what, members]) => [`a jwk with ${what}`, jwk(() => ({ ...members }))] as const,
    ),
    ['claims of its own', claims({ sub: 'a', exp: stoppedAt + 60, nbf: stoppedAt })],
    ['a query and a fragment', (right) => claims({ htu: `${right.claims.htu}?a=b#c` })(right)],
  ])('D02, D05: so is one with %s', async ([, make]) => {
    expect(await askToken(await make(await token.right()))).toMatchObject(answer('taken', 400));
    expect(await askApi(await make(await api.right()))).toMatchObject(answer('taken', 401));
  });

  test('there are at least forty that are wrong in one way', () => {
    expect(new Set(wrongProofs.map(({ what }) => what)).size).toBe(wrongProofs.length);
    expect(wrongProofs.length).toBeGreaterThanOrEqual(40);
  });
});

describe('RFC 9449 §5, §8 at the token endpoint', () => {
  test.for(wrongProofs)('$rule: $what', async (wrong) => {
    const proofs = await wrong.make(await token.right());
    const seen = await askToken(proofs);
    expect(seen).toMatchObject(answer(expectedOf(wrong).token, 400));
    expectSilence(token.log, proofs);
  });
});

describe('RFC 9449 §7.1, §9 at an API with a guard', () => {
  test.for(wrongProofs)('$rule: $what', async (wrong) => {
    const proofs = await wrong.make(await api.right());
    expect(await askApi(proofs)).toMatchObject(answer(expectedOf(wrong).api, 401));
    expectSilence(api.log, proofs);
  });
});

describe('in front of an API', () => {
  test.for(wrongProofs)('$rule: $what', async (wrong) => {
    const proofs = await wrong.make(await api.right());
    expect(await api.authorizers.HTTP(proofs)).toBe('Unauthorized');
    const rest = await api.authorizers.REST(proofs);
    expectSilence(api.log, proofs);
    if (expectedOf(wrong).api !== 'use_dpop_nonce') return expect(rest).toBe('Unauthorized');
    expect(rest).toMatchObject({
      policyDocument: {
        Statement: [{ Effect: 'Deny', Resource: [expect.stringMatching(/\/\*$/)] }],
      },
      context: {
        wwwAuthenticate: expect.stringMatching(/^DPoP error="use_dpop_nonce"/),
        dpopNonce: nonce,
      },
    });
  });
});

describe('RFC 9449 §11.1 a store that instances share', () => {
  test('D08: what one instance has seen, another refuses', async () => {
    for (const [{ asking }, right] of [
      [token, await token.right()],
      [api, await api.right()],
    ] as const) {
      const proof = await proofWith(right);
      expect(await asking()([proof])).toMatchObject({ status: 200 });
      expect(await asking()([proof])).toMatchObject({ error: 'invalid_dpop_proof' });
    }
  });

  test('D08: while it is down nobody gets a token, and nobody is let in', async () => {
    const replays = { firstUse: () => Promise.reject(unavailable('table gone')) };
    const closed = { status: 503, nonce: undefined };
    const proof = await proofWith(await token.right());
    expect(await token.asking({ replays })([proof])).toMatchObject(closed);
    const other = await proofWith(await api.right());
    expect(await api.asking({ replays })([other])).toMatchObject(closed);
  });
});

/** Nothing of a proof is in a log. */
function expectSilence(log: readonly object[], proofs: readonly string[]): void {
  const written = JSON.stringify(log.slice(-2));
  for (const part of proofs.flatMap((proof) => proof.split('.'))) {
    if (part.length > 8) expect(written).not.toContain(part);
  }
}
