import { createHash, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { calculateJwkThumbprint, exportJWK, type JWK, SignJWT } from 'jose';
import {
  certificateThumbprint,
  readClientCertificate,
} from '../../functions/oauth/client-certificate.ts';
import { newJti } from '../../functions/token/access-token.ts';
import { accessToken, type TokenMaker } from './access-token.ts';
import { testCertificate } from './certificates.ts';
import type {
  CertificateToken,
  CertificateTokenProps,
  DpopToken,
  ProofProps,
  TokenProps,
} from './token-props.ts';

const newKeyPair = promisify(generateKeyPair);

/** Makes a token that is bound to a new key, and what makes its proofs. */
export async function dpopToken(maker: TokenMaker, props: TokenProps): Promise<DpopToken> {
  const { publicKey, privateKey } = await newKeyPair('ec', { namedCurve: 'P-256' });
  const jwk = { ...(await exportJWK(publicKey)), kty: 'EC' };
  const jkt = await calculateJwkThumbprint(jwk);
  const access_token = await accessToken(maker, props, { jkt });
  const ours = { key: privateKey, jwk, access_token, now: maker.now };
  return { access_token, jwk, proof: (request) => proof(ours, request) };
}

/** What a proof is made with. */
interface ProofKey {
  readonly key: KeyObject;
  readonly jwk: JWK;
  readonly access_token: string;
  readonly now: () => number;
}

function proof(
  { key, jwk, access_token, now }: ProofKey,
  { method, url, nonce, claims }: ProofProps,
): Promise<string> {
  const ath = createHash('sha256').update(access_token).digest('base64url');
  const htu = url.replace(/[?#].*$/s, '');
  const said = { jti: newJti(), htm: method, htu, iat: now(), ath, nonce, ...claims };
  return new SignJWT(said).setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk }).sign(key);
}

/** Makes a token that is bound to a certificate. @throws Error when that is none */
export async function certificateToken(
  maker: TokenMaker,
  { certificate = testCertificate, ...props }: CertificateTokenProps,
): Promise<CertificateToken> {
  const read = readClientCertificate(certificate);
  if (!read) throw new Error('certificate is not a certificate in PEM.');
  const cnf = { 'x5t#S256': certificateThumbprint(read) };
  return { access_token: await accessToken(maker, props, cnf), certificate };
}
