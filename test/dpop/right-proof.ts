import { KeyObject, sign } from 'node:crypto';
import { type ProofChange, signProof } from '../support/dpop.ts';
import type { TestKey } from '../support/test-key.ts';

/** A proof that is right in every way at one end, and what a wrong one is made of. */
export interface RightProof {
  readonly key: TestKey;
  /** All of its claims but `jti`. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** What the other end would want as `htu`. */
  readonly otherHtu: string;
  /** The access token that it goes with; a text like any where it goes with none. */
  readonly access_token: string;
  /** Uses a proof, which must be taken. */
  use(proof: string): Promise<void>;
}

/** The values of the DPoP headers of a request. */
export type DpopHeaders = readonly string[];

/** Makes the DPoP headers of a request that is wrong. */
export type Make = (right: RightProof) => Promise<DpopHeaders>;

/** Signs the right proof with these changes. */
export const proofWith = ({ key, claims }: RightProof, change: ProofChange = {}): Promise<string> =>
  signProof(key, { ...change, claims: { ...claims, ...change.claims } });

/** The right proof, but for some claims; one that is undefined is left out. */
export const claims =
  (change: Readonly<Record<string, unknown>>): Make =>
  async (right) => [await proofWith(right, { claims: change })];

/** The right proof, but for some members of its header, really signed. */
export const header =
  (change: Readonly<Record<string, unknown>>): Make =>
  async (right) => [await proofWith(right, { header: change })];

/** The right proof, but for some members of the JWK in its header. */
export const jwk =
  (change: (key: TestKey) => object): Make =>
  async (right) => [
    await proofWith(right, { header: { jwk: { ...right.key.jwk, ...change(right.key) } } }),
  ];

/** The right proof, with its text changed afterwards. */
export const text =
  (change: (proof: string, parts: readonly [string, string, string]) => string): Make =>
  async (right) => {
    const proof = await proofWith(right);
    const [protectedHeader = '', payload = '', signature = ''] = proof.split('.');
    return [change(proof, [protectedHeader, payload, signature])];
  };

/** What no library signs: header and payload as they are given, signed with ES256 by the right key. */
export const forged =
  (change: { readonly header?: object; readonly payload?: string }): Make =>
  async ({ key, claims: right }) => {
    const encoded = (value: string) => Buffer.from(value).toString('base64url');
    const made = { typ: 'dpop+jwt', alg: 'ES256', jwk: key.jwk, ...change.header };
    const payload = change.payload ?? JSON.stringify({ jti: 'forged', ...right });
    const input = `${encoded(JSON.stringify(made))}.${encoded(payload)}`;
    return [`${input}.${signatureOf(input, key).toString('base64url')}`];
  };

/** ECDSA as JWS has it (RFC 7518 §3.4), or as everybody else does. */
export const signatureOf = (
  input: string,
  { privateKey }: TestKey,
  dsaEncoding: 'ieee-p1363' | 'der' = 'ieee-p1363',
): Buffer => sign('sha256', Buffer.from(input), { key: KeyObject.from(privateKey), dsaEncoding });
