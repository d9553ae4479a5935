import type { ConformanceCase } from '../conformance-case.ts';
import { newProofKey, unsigned } from '../protocol/dpop-proof.ts';
import {
  checkProofsRefused,
  dpopCase,
  obtainBoundToken,
  requestWithNonce,
  requestWithProofs,
  tokenProof,
} from '../protocol/dpop-request.ts';
import { withOtherSignature } from '../protocol/forged-token.ts';
import { checkIssued, checkRefused } from '../protocol/token-request.ts';

const anHour = 3600;

/** RFC 9449 §4.3: what a DPoP proof has to be at the token endpoint. */
export const dpopProofCases: readonly ConformanceCase[] = [
  dpopCase({
    rule: 'D01',
    section: 'RFC 9449 §4.3 (1)',
    title: 'there is one DPoP header, with one proof in it',
    uses: ['keyed'],
    async run(deployment) {
      const key = await newProofKey();
      const two = await requestWithNonce(deployment, 'keyed', (nonce) =>
        Promise.all([
          tokenProof(deployment, key, { nonce }),
          tokenProof(deployment, key, { nonce }),
        ]),
      );
      checkRefused('two DPoP headers', two, [400, 'invalid_dpop_proof']);
      await checkProofsRefused(deployment, key, {
        'a proof twice in one header': { text: (proof) => `${proof}, ${proof}` },
      });
    },
  }),
  dpopCase({
    rule: 'D02',
    section: 'RFC 9449 §4.3 (2), (3), (4)',
    title: 'a proof is a JWT of typ dpop+jwt, with jti, htm, htu and iat',
    uses: ['keyed'],
    async run(deployment) {
      await checkProofsRefused(deployment, await newProofKey(), {
        'a proof that is no JWT': { text: () => 'proof' },
        'a proof of two parts': { text: (proof) => proof.replace(/\.[^.]*$/, '') },
        'a proof without typ': { header: { typ: undefined } },
        'a proof of typ JWT': { header: { typ: 'JWT' } },
        'a proof of typ at+jwt': { header: { typ: 'at+jwt' } },
        'a proof without jti': { claims: { jti: undefined } },
        'a proof without htm': { claims: { htm: undefined } },
        'a proof without htu': { claims: { htu: undefined } },
        'a proof without iat': { claims: { iat: undefined } },
      });
    },
  }),
  dpopCase({
    rule: 'D03',
    section: 'RFC 9449 §4.3 (5), RFC 8725 §2.1',
    title: 'a proof is signed with a key pair: neither with nothing nor with a secret',
    uses: ['keyed'],
    async run(deployment) {
      const key = await newProofKey();
      const secret = new TextEncoder().encode(JSON.stringify(key.jwk));
      const oct = { kty: 'oct', k: Buffer.from(secret).toString('base64url') };
      await checkProofsRefused(deployment, key, {
        'a proof with alg none': { text: unsigned },
        'a proof with alg HS256': { header: { alg: 'HS256' }, signer: secret },
        'a proof with a secret in it': { header: { alg: 'HS256', jwk: oct }, signer: secret },
      });
    },
  }),
  dpopCase({
    rule: 'D04',
    section: 'RFC 9449 §4.3 (6), (7)',
    title: 'a proof verifies with the public key in its header',
    uses: ['keyed'],
    async run(deployment) {
      const [key, another] = [await newProofKey(), await newProofKey()];
      await checkProofsRefused(deployment, key, {
        'a proof signed by another key': { signer: another.privateKey },
        'a proof with another signature': { text: withOtherSignature },
        'a proof without signature': { text: (proof) => proof.replace(/[^.]*$/, '') },
        'a proof without jwk': { header: { jwk: undefined } },
        'a proof with its private key in it': { header: { jwk: key.privateJwk } },
      });
    },
  }),
  dpopCase({
    rule: 'D05',
    section: 'RFC 9449 §4.3 (8), (9)',
    title: 'htm and htu are those of the request, but for its query and fragment',
    uses: ['keyed'],
    async run(deployment) {
      const key = await newProofKey();
      const { href: htu, origin } = deployment.endpoint('token_endpoint');
      await obtainBoundToken(deployment, 'keyed', key, { claims: { htu: `${htu}?a=b#c` } });
      await checkProofsRefused(deployment, key, {
        'a proof for GET': { claims: { htm: 'GET' } },
        'a proof for another path': { claims: { htu: `${htu}/other` } },
        'a proof for the origin': { claims: { htu: origin } },
        'a proof for another host': { claims: { htu: htu.replace(origin, 'https://as.example') } },
        'a proof for a path alone': { claims: { htu: new URL(htu).pathname } },
      });
    },
  }),
  dpopCase({
    rule: 'D07',
    section: 'RFC 9449 §4.3 (11), §11.1',
    title: 'a proof was made a short while ago, and not in the future',
    uses: ['keyed'],
    async run(deployment) {
      const now = deployment.now();
      await checkProofsRefused(deployment, await newProofKey(), {
        'a proof that is an hour old': { claims: { iat: now - anHour } },
        'a proof of the next hour': { claims: { iat: now + anHour } },
        'a proof whose iat is a text': { claims: { iat: String(now) } },
      });
    },
  }),
  dpopCase({
    rule: 'D08',
    section: 'RFC 9449 §11.1',
    title: 'a proof is accepted once',
    uses: ['keyed'],
    async run(deployment) {
      const key = await newProofKey();
      let proofs: readonly string[] = [];
      const answer = await requestWithNonce(deployment, 'keyed', async (nonce) => {
        proofs = [await tokenProof(deployment, key, { nonce })];
        return proofs;
      });
      checkIssued(answer);
      const again = await requestWithProofs(deployment, 'keyed', proofs);
      checkRefused('a proof that was used before', again, [400, 'invalid_dpop_proof']);
    },
  }),
];
