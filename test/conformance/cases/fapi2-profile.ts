import {
  type ConformanceCase,
  check,
  checkSame,
  type Deployment,
  NotOffered,
} from '../conformance-case.ts';
import { callApi, callWithToken, checkKeptOut, isLetIn } from '../protocol/api-request.ts';
import { type AssertionChange, assertionOf, byAssertion } from '../protocol/client-assertion.ts';
import { callWithProof, callWithProofs } from '../protocol/dpop-api-request.ts';
import { newProofKey } from '../protocol/dpop-proof.ts';
import {
  dpopAlgorithms,
  dpopCase,
  dpopHeaders,
  nonceAskedFor,
  obtainBoundToken,
  requestWithProofs,
  tokenProof,
} from '../protocol/dpop-request.ts';
import { fetchMetadata, listed } from '../protocol/metadata.ts';
import { tokenIn } from '../protocol/obtained-token.ts';
import {
  basic,
  checkInvalidClient,
  checkIssued,
  formType,
  requestToken,
} from '../protocol/token-request.ts';

const methods = ['private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth'];
const algorithms = ['PS256', 'ES256', 'EdDSA', 'Ed25519'];

/** FAPI 2.0 Security Profile, as far as a client without users sees it. */
export const fapiCases: readonly ConformanceCase[] = [
  dpopCase({
    rule: 'L08',
    section: 'FAPI 2.0 Security Profile §5.3.2.1, §5.4.1',
    title:
      'no client has a secret, no token is for whoever holds it, no assertion for somebody else',
    uses: ['basic', 'signer'],
    async run(deployment) {
      await checkAnnounced(deployment);
      const authorization = basic(deployment.client('basic'));
      const ofSecret = await requestToken(deployment, { authorization });
      checkInvalidClient('a client with a secret', ofSecret);
      const unproven = await requestWithProofs(deployment, 'signer', []);
      check(unproven.status !== 200, 'a request without any proof gets a token');
      const { claims } = await obtainBoundToken(deployment, 'signer', await newProofKey());
      check(claims.cnf !== undefined, 'the token has no cnf');
      await checkAssertions(deployment);
    },
  }),
  dpopCase({
    rule: 'L09',
    section: 'FAPI 2.0 Security Profile §5.3.4',
    title: 'the API takes tokens in the header alone, and none that is for whoever holds it',
    uses: ['caller', 'keyholder'],
    callsApi: true,
    async run(deployment) {
      await checkNoBearer(deployment);
      const key = await newProofKey();
      const { text } = await obtainBoundToken(deployment, 'keyholder', key);
      const query = `access_token=${text}`;
      checkKeptOut('a token in the query', await callApi(deployment, { query }));
      checkKeptOut('it as Bearer', await callWithToken(deployment, text));
      checkKeptOut('it without a proof', await callWithProofs(deployment, { text }, []));
      const answer = await callWithProof(deployment, { text, key });
      if (!isLetIn(answer)) throw new NotOffered('the API takes no tokens that are bound to a key');
    },
  }),
];

/** Ends the case unless the metadata announces nothing that the profile does not have. */
async function checkAnnounced(deployment: Deployment): Promise<void> {
  const metadata = await fetchMetadata(deployment);
  const named = listed(metadata, 'token_endpoint_auth_methods_supported');
  const other = named.find((method) => !methods.includes(method));
  if (other) throw new NotOffered(`the metadata announces ${other}, which FAPI 2.0 does not have`);
  for (const name of [dpopAlgorithms, 'token_endpoint_auth_signing_alg_values_supported']) {
    const unfit = listed(metadata, name).find((alg) => !algorithms.includes(alg));
    check(unfit === undefined, `${name} has ${unfit} in it`);
  }
}

/** FAPI 2.0 §5.3.2.1: the issuer alone as audience, and clocks that differ by a few seconds. */
async function checkAssertions(deployment: Deployment): Promise<void> {
  const { issuer } = deployment;
  const now = deployment.now();
  const wrong: Readonly<Record<string, AssertionChange>> = {
    'an assertion for the token endpoint': {
      claims: { aud: deployment.endpoint('token_endpoint').href },
    },
    'an assertion for a list': { claims: { aud: [issuer] } },
    'an assertion for somebody else too': { claims: { aud: [issuer, 'https://other.example'] } },
    'an assertion of the future': { claims: { iat: now + 90, exp: now + 150 } },
  };
  for (const [what, change] of Object.entries(wrong)) {
    checkInvalidClient(what, await requestBound(deployment, change));
  }
  checkIssued(await requestBound(deployment, { claims: { iat: now + 8 } }));
}

/** Asks for a token with an assertion and a right proof, and once more where a nonce is asked for. */
async function requestBound(deployment: Deployment, change: AssertionChange) {
  const key = await newProofKey();
  const ask = async (nonce?: string) =>
    requestToken(deployment, {
      form: byAssertion(assertionOf(deployment, 'signer', change)),
      headers: [formType, ...dpopHeaders([await tokenProof(deployment, key, { nonce })])],
    });
  const answer = await ask();
  const nonce = nonceAskedFor(answer);
  return nonce === undefined ? answer : ask(nonce);
}

/** @throws NotOffered when a token that is bound to nothing gets in */
async function checkNoBearer(deployment: Deployment): Promise<void> {
  const authorization = basic(deployment.client('caller'));
  const answer = await requestToken(deployment, { authorization });
  if (answer.status !== 200) return;
  const { text, claims } = tokenIn(answer);
  checkSame('cnf of a token without a proof', claims.cnf, undefined);
  const isTaken = isLetIn(await callWithToken(deployment, text));
  if (isTaken) throw new NotOffered('the API takes bearer tokens');
}
