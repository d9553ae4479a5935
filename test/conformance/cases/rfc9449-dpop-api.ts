import { type ConformanceCase, check, type Deployment, NotOffered } from '../conformance-case.ts';
import { checkKeptOut, checkLetIn, isFromHttpApi, isLetIn } from '../protocol/api-request.ts';
import { challengeFor, parameter } from '../protocol/challenge.ts';
import {
  apiNonceAskedFor,
  apiProof,
  type BoundToken,
  callWithProof,
  callWithProofs,
} from '../protocol/dpop-api-request.ts';
import { athOf, newProofKey } from '../protocol/dpop-proof.ts';
import { dpopCase, obtainBoundToken } from '../protocol/dpop-request.ts';

const anHour = 3600;

/** RFC 9449 §7, §9: tokens that are bound to a key, at the API. */
export const dpopApiCases: readonly ConformanceCase[] = [
  dpopCase({
    rule: 'D14',
    section: 'RFC 9449 §7.1, §4.3',
    title: 'a token that is bound to a key gets in with a proof of that key for this request',
    uses: ['keyholder'],
    callsApi: true,
    async run(deployment) {
      const token = await tokenThatGetsIn(deployment);
      const another = await newProofKey();
      const { apiHtu } = deployment;
      const wrong = {
        'a proof without ath': { claims: { ath: undefined } },
        'a proof for another token': { claims: { ath: athOf(`${token.text}x`) } },
        'a proof of another key': { key: another },
        'a proof that another key has signed': { signer: another.privateKey },
        'a proof for POST': { claims: { htm: 'POST' } },
        'a proof for another path': { claims: { htu: new URL('/other/path', apiHtu).href } },
        'a proof for another host': { claims: { htu: 'https://other.example/' } },
        'a proof that is an hour old': { claims: { iat: deployment.now() - anHour } },
        'a proof without jti': { claims: { jti: undefined } },
      };
      for (const [what, change] of Object.entries(wrong)) {
        checkKeptOut(what, await callWithProof(deployment, token, change));
      }
      const proofs = [await apiProof(deployment, token), await apiProof(deployment, token)];
      checkKeptOut('a request with two proofs', await callWithProofs(deployment, token, proofs));
      checkLetIn('a right proof', await callWithProof(deployment, token));
    },
  }),
  dpopCase({
    rule: 'D15',
    section: 'RFC 9449 §7.2',
    title: 'a token that is bound to a key does not get in as Bearer, with or without a proof',
    uses: ['keyholder'],
    callsApi: true,
    async run(deployment) {
      const token = await boundToken(deployment);
      const bearer = { ...token, scheme: 'Bearer' };
      checkKeptOut('it as Bearer', await callWithProofs(deployment, bearer, []));
      const proven = await callWithProof(deployment, token, { scheme: 'Bearer' });
      checkKeptOut('it as Bearer, with its proof', proven);
    },
  }),
  dpopCase({
    rule: 'D17',
    section: 'RFC 9449 §9',
    title: 'who needs a nonce at the API is told one: 401 use_dpop_nonce, with DPoP-Nonce',
    uses: ['keyholder'],
    callsApi: true,
    async run(deployment) {
      const token = await boundToken(deployment);
      const proofs = [await apiProof(deployment, token)];
      const answer = await callWithProofs(deployment, token, proofs);
      if (isLetIn(answer)) throw new NotOffered('the API asks for no nonce');
      const challenge = challengeFor('DPoP', 'a proof without a nonce', answer);
      if (challenge === undefined && isFromHttpApi(answer)) {
        throw new NotOffered('an HTTP API cannot add a challenge to an answer of its authorizer');
      }
      const error = challenge && parameter(challenge, 'error');
      if (error !== 'use_dpop_nonce') throw new NotOffered('the API takes no proof, or no nonce');
      const nonce = apiNonceAskedFor(answer);
      check(nonce !== undefined, 'use_dpop_nonce is not a 401 with DPoP-Nonce');
      const foreign = [await apiProof(deployment, token, { nonce: `x${nonce}` })];
      checkKeptOut('a nonce of nobody', await callWithProofs(deployment, token, foreign));
      const given = [await apiProof(deployment, token, { nonce })];
      checkLetIn('the nonce', await callWithProofs(deployment, token, given));
    },
  }),
  dpopCase({
    rule: 'D18',
    section: 'RFC 9449 §7, §11.1',
    title: 'no token gets in again by having got in: neither with the same proof nor without one',
    uses: ['keyholder'],
    callsApi: true,
    async run(deployment) {
      const token = await boundToken(deployment);
      const nonce = apiNonceAskedFor(
        await callWithProofs(deployment, token, [await apiProof(deployment, token)]),
      );
      const proofs = [await apiProof(deployment, token, { nonce })];
      checkGetsIn(await callWithProofs(deployment, token, proofs));
      checkKeptOut('the same request again', await callWithProofs(deployment, token, proofs));
      checkKeptOut('it without a proof', await callWithProofs(deployment, token, []));
      checkLetIn('it with a new proof', await callWithProof(deployment, token));
    },
  }),
  dpopCase({
    rule: 'I12',
    section: 'RFC 7800 §3.1, RFC 9449 §7.1',
    title: 'a token that is bound to a key (cnf) does not get in by itself, under any scheme',
    uses: ['keyholder'],
    callsApi: true,
    async run(deployment) {
      const token = await boundToken(deployment);
      for (const scheme of ['Bearer', 'bearer', 'DPoP', 'dpop']) {
        const answer = await callWithProofs(deployment, { ...token, scheme }, []);
        checkKeptOut(`it without a proof, behind "${scheme} "`, answer);
      }
    },
  }),
];

async function boundToken(deployment: Deployment): Promise<BoundToken> {
  const key = await newProofKey();
  const { text, claims } = await obtainBoundToken(deployment, 'keyholder', key);
  check(claims.cnf !== undefined, 'the token has no cnf');
  return { text, key };
}

/** @throws NotOffered when the API does not take such tokens */
async function tokenThatGetsIn(deployment: Deployment): Promise<BoundToken> {
  const token = await boundToken(deployment);
  checkGetsIn(await callWithProof(deployment, token));
  return token;
}

function checkGetsIn(answer: Parameters<typeof isLetIn>[0]): void {
  if (!isLetIn(answer)) throw new NotOffered('the API takes no tokens that are bound to a key');
}
