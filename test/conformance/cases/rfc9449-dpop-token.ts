import { headerValues } from '../../../cli/io/http.ts';
import { type JsonObject, jsonObject } from '../../../cli/io/json-answer.ts';
import {
  type ConformanceCase,
  check,
  checkSame,
  type Deployment,
  NotOffered,
} from '../conformance-case.ts';
import { newProofKey, type ProofKey } from '../protocol/dpop-proof.ts';
import {
  dpopAlgorithms,
  dpopCase,
  nonceAskedFor,
  obtainBoundToken,
  requestWithNonce,
  requestWithProofs,
  tokenProof,
} from '../protocol/dpop-request.ts';
import { thumbprintOf } from '../protocol/jwk-set.ts';
import { fetchMetadata, listed } from '../protocol/metadata.ts';
import { checkIssued, checkNotCached, checkRefused } from '../protocol/token-request.ts';
import { attemptProof } from '../protocol/unoffered-attempt.ts';

/** RFC 9449 §5, §6, §8: what the token endpoint does about DPoP. */
export const dpopTokenCases: readonly ConformanceCase[] = [
  dpopCase({
    rule: 'D06',
    section: 'RFC 9449 §4.3 (10)',
    title: 'the nonce in a proof is one that the server has given',
    uses: ['keyed'],
    async run(deployment) {
      const key = await newProofKey();
      const nonce = nonceAskedFor(await requestWithoutNonce(deployment, key));
      const other = [await tokenProof(deployment, key, { nonce: `x${nonce}` })];
      const refused = await requestWithProofs(deployment, 'keyed', other);
      const { error, access_token } = jsonObject(refused);
      check(access_token === undefined, 'a nonce of nobody gets a token');
      const isCode = error === 'use_dpop_nonce' || error === 'invalid_dpop_proof';
      check(isCode, `a nonce of nobody is answered ${refused.status} ${error}`);
      const right = [await tokenProof(deployment, key, { nonce })];
      checkIssued(await requestWithProofs(deployment, 'keyed', right));
    },
  }),
  dpopCase({
    rule: 'D09',
    section: 'RFC 9449 §5, §6.1, RFC 7638 §3',
    title: 'a proof gets a token of token_type DPoP that is bound to its key (cnf.jkt)',
    uses: ['keyed'],
    async run(deployment) {
      const key = await newProofKey();
      const { claims, response } = await obtainBoundToken(deployment, 'keyed', key);
      deployment.saw(`token_type ${response.token_type}, claims ${Object.keys(claims).join(' ')}`);
      checkSame('token_type', String(response.token_type).toLowerCase(), 'dpop');
      checkSame('cnf', claims.cnf, { jkt: await thumbprintOf(key.jwk) });
    },
  }),
  dpopCase({
    rule: 'D10',
    section: 'RFC 9449 §5, §12.2',
    title: 'a wrong proof is 400 invalid_dpop_proof, which no cache may keep',
    uses: ['keyed'],
    async run(deployment) {
      const key = await newProofKey();
      const answer = await requestWithNonce(deployment, 'keyed', async (nonce) => [
        await tokenProof(deployment, key, { nonce, claims: { htm: 'PUT' } }),
      ]);
      checkRefused('a wrong proof', answer, [400, 'invalid_dpop_proof']);
      checkNotCached('its answer', answer);
    },
  }),
  dpopCase({
    rule: 'D11',
    section: 'RFC 9449 §5.2',
    title: 'a client with dpop_bound_access_tokens gets no token without a proof',
    uses: ['keyed'],
    async run(deployment) {
      const answer = await requestWithProofs(deployment, 'keyed', []);
      check(
        jsonObject(answer).access_token === undefined,
        'a request without a proof gets a token',
      );
      check(answer.status === 400 || answer.status === 401, `it is answered ${answer.status}`);
      await obtainBoundToken(deployment, 'keyed', await newProofKey());
    },
  }),
  {
    rule: 'D12',
    section: 'RFC 9449 §5.1',
    title: 'dpop_signing_alg_values_supported is there where DPoP works, and each of them works',
    uses: ['basic', 'keyed'],
    provesPossession: true,
    async run(deployment) {
      const metadata = await fetchMetadata(deployment);
      if (metadata[dpopAlgorithms] === undefined) {
        await attemptProof(deployment);
        throw new NotOffered('the metadata does not announce DPoP');
      }
      for (const alg of algorithmsIn(metadata)) {
        const key = await newProofKey(alg).catch(() => undefined);
        check(key !== undefined, `${dpopAlgorithms} has ${alg} in it, which is not of a key pair`);
        await obtainBoundToken(deployment, 'keyed', key);
      }
    },
  },
  dpopCase({
    rule: 'D13',
    section: 'RFC 9449 §8',
    title: 'who needs a nonce is told one: 400 use_dpop_nonce, with one DPoP-Nonce, not cached',
    uses: ['keyed'],
    async run(deployment) {
      const answer = await requestWithoutNonce(deployment, await newProofKey());
      const nonces = headerValues(answer, 'dpop-nonce');
      check(nonces.length === 1, `use_dpop_nonce comes with ${nonces.length} DPoP-Nonce headers`);
      check(
        /^[!#-[\]-~]+$/.test(String(nonces[0])),
        'the nonce has characters that it may not have',
      );
      checkNotCached('use_dpop_nonce', answer);
    },
  }),
];

/** Asks for a token with a proof that is right but for its nonce. */
async function requestWithoutNonce(deployment: Deployment, key: ProofKey) {
  const proofs = [await tokenProof(deployment, key)];
  const answer = await requestWithProofs(deployment, 'keyed', proofs);
  if (answer.status === 200) throw new NotOffered('the token endpoint asks for no nonce');
  checkRefused('a proof without a nonce', answer, [400, 'use_dpop_nonce']);
  return answer;
}

function algorithmsIn(metadata: JsonObject): readonly string[] {
  const algorithms = listed(metadata, dpopAlgorithms);
  check(algorithms.length > 0, `${dpopAlgorithms} has no algorithm in it`);
  const unfit = algorithms.find((alg) => alg === 'none' || /^HS/.test(alg));
  check(unfit === undefined, `${dpopAlgorithms} has ${unfit} in it`);
  return algorithms;
}
