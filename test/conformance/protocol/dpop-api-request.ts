import { type Answer, header } from '../../../cli/io/http.ts';
import type { Deployment } from '../conformance-case.ts';
import { callApi } from './api-request.ts';
import { athOf, type ProofChange, type ProofKey, proofOf } from './dpop-proof.ts';
import { dpopHeaders } from './dpop-request.ts';

/** A token that is bound to a key, and the key. */
export interface BoundToken {
  readonly text: string;
  readonly key: ProofKey;
}

/** What differs from a right request with such a token. */
interface ApiChange extends ProofChange {
  /** @default 'DPoP' */
  readonly scheme?: string;
  /** Signs the proof, and stands in it. @default the key of the token */
  readonly key?: ProofKey;
  readonly nonce?: string | undefined;
}

/** Makes a proof for `GET` at the API (RFC 9449 §7). */
export function apiProof(
  deployment: Deployment,
  { text, key }: BoundToken,
  change: ApiChange = {},
): Promise<string> {
  const target = {
    htm: 'GET',
    htu: deployment.apiHtu,
    iat: deployment.now(),
    nonce: change.nonce,
    ath: athOf(text),
  };
  return proofOf(change.key ?? key, target, change);
}

/** Calls the API with a token and these DPoP headers. */
export const callWithProofs = (
  deployment: Deployment,
  { text, scheme = 'DPoP' }: { readonly text: string; readonly scheme?: string },
  proofs: readonly string[],
): Promise<Answer> =>
  callApi(deployment, { authorization: [`${scheme} ${text}`], headers: dpopHeaders(proofs) });

/** Calls the API as clients do: once more, with a nonce, where one is asked for (RFC 9449 §9). */
export async function callWithProof(
  deployment: Deployment,
  token: BoundToken,
  change: ApiChange = {},
): Promise<Answer> {
  const { scheme = 'DPoP' } = change;
  const call = async (nonce?: string) =>
    callWithProofs(deployment, { ...token, scheme }, [
      await apiProof(deployment, token, { ...change, nonce }),
    ]);
  const answer = await call();
  const nonce = apiNonceAskedFor(answer);
  return nonce === undefined ? answer : call(nonce);
}

/** The nonce that a refusal of the API asks for (RFC 9449 §9). */
export const apiNonceAskedFor = (answer: Answer): string | undefined =>
  answer.status === 401 ? header(answer, 'dpop-nonce') : undefined;
