import { type Answer, type HeaderList, header } from '../../../cli/io/http.ts';
import { jsonObject } from '../../../cli/io/json-answer.ts';
import { type ConformanceCase, type Deployment, NotOffered } from '../conformance-case.ts';
import type { ClientName } from '../throw-away.ts';
import { assertionOf, byAssertion } from './client-assertion.ts';
import { type ProofChange, type ProofKey, proofOf } from './dpop-proof.ts';
import { fetchMetadata, listed } from './metadata.ts';
import { type ObtainedToken, tokenIn } from './obtained-token.ts';
import { checkRefused, formType, requestToken } from './token-request.ts';

/** Makes the values of the DPoP headers of a request, with this nonce if there is one. */
type MakeProofs = (nonce: string | undefined) => Promise<readonly string[]>;

/** Makes a case for DPoP, which a deployment need not offer, nor clients with key pairs. */
export function dpopCase(described: ConformanceCase): ConformanceCase {
  return {
    ...described,
    provesPossession: true,
    async run(deployment) {
      const metadata = await fetchMetadata(deployment);
      if (listed(metadata, dpopAlgorithms).length === 0) {
        throw new NotOffered('the metadata does not announce DPoP');
      }
      const methods = listed(metadata, 'token_endpoint_auth_methods_supported');
      if (!methods.includes('private_key_jwt')) {
        throw new NotOffered('the metadata does not announce private_key_jwt, as its client needs');
      }
      return described.run(deployment);
    },
  };
}

/** Where the metadata announces what proofs may be signed with (RFC 9449 §5.1). */
export const dpopAlgorithms = 'dpop_signing_alg_values_supported';

/** Asks for a token with these DPoP headers, and a new assertion. */
export function requestWithProofs(
  deployment: Deployment,
  name: ClientName,
  proofs: readonly string[],
): Promise<Answer> {
  const { client_id } = deployment.client(name);
  const form = [['client_id', client_id], ...byAssertion(assertionOf(deployment, name))] as const;
  return requestToken(deployment, { form, headers: [formType, ...dpopHeaders(proofs)] });
}

/** The same as clients do it: once more, with a nonce, where one is asked for (RFC 9449 §8). */
export async function requestWithNonce(
  deployment: Deployment,
  name: ClientName,
  make: MakeProofs,
): Promise<Answer> {
  const answer = await requestWithProofs(deployment, name, await make(undefined));
  const nonce = nonceAskedFor(answer);
  if (nonce === undefined) return answer;
  return requestWithProofs(deployment, name, await make(nonce));
}

/** Makes a proof for the token endpoint. */
export function tokenProof(
  deployment: Deployment,
  key: ProofKey,
  change: ProofChange & { readonly nonce?: string | undefined } = {},
): Promise<string> {
  const htu = deployment.endpoint('token_endpoint').href;
  const target = { htm: 'POST', htu, iat: deployment.now(), nonce: change.nonce };
  return proofOf(key, target, change);
}

/**
 * Gets a token with a proof, and takes it apart.
 * @throws Nonconformity when there is none
 */
export async function obtainBoundToken(
  deployment: Deployment,
  name: ClientName,
  key: ProofKey,
  change: ProofChange = {},
): Promise<ObtainedToken> {
  const answer = await requestWithNonce(deployment, name, async (nonce) => [
    await tokenProof(deployment, key, { ...change, nonce }),
  ]);
  return tokenIn(answer);
}

/** Checks that none of these proofs gets a token (RFC 9449 §5), and that a right one does. */
export async function checkProofsRefused(
  deployment: Deployment,
  key: ProofKey,
  changes: Readonly<Record<string, ProofChange>>,
): Promise<void> {
  for (const [what, change] of Object.entries(changes)) {
    const answer = await requestWithNonce(deployment, 'keyed', async (nonce) => [
      await tokenProof(deployment, key, { ...change, nonce }),
    ]);
    checkRefused(what, answer, [400, 'invalid_dpop_proof']);
  }
  await obtainBoundToken(deployment, 'keyed', key);
}

/** Each proof in a header of its own. */
export const dpopHeaders = (proofs: readonly string[]): HeaderList =>
  proofs.map((proof) => ['DPoP', proof] as const);

/** The nonce that an answer of the token endpoint asks for (RFC 9449 §8). */
export function nonceAskedFor(answer: Answer): string | undefined {
  if (answer.status !== 400 || jsonObject(answer).error !== 'use_dpop_nonce') return undefined;
  return header(answer, 'dpop-nonce');
}
