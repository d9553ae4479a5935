import { createHash, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { calculateJwkThumbprint, exportJWK, type JWK, SignJWT } from 'jose';
import {
  certificateThumbprint,
  readClientCertificate,
} from '../../functions/oauth/client-certificate.ts';
import { newJti } from '../../functions/token/new-jti.ts';
import { accessToken, type TokenMaker, type TokenProps } from './access-token.ts';
import { testCertificate } from './certificates.ts';

/** The request that a DPoP proof is made for (RFC 9449 §4.2). */
export interface ProofProps {
  readonly method: string;
  /** Query and fragment do not count. */
  readonly url: string;
  /** What the API has sent as `DPoP-Nonce`. */
  readonly nonce?: string;
  /** Claims that take the place of others; one that is undefined is left out. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** A token that is bound to a key (RFC 9449). */
export interface DpopToken {
  readonly access_token: string;
  /** The public key. */
  readonly jwk: JWK;
  /** Makes a proof with the key and this token. Each is good for one request. */
  proof(request: ProofProps): Promise<string>;
}

/** A token that is bound to a certificate (RFC 8705 §3). */
export interface CertificateToken {
  readonly access_token: string;
  /** In PEM. */
  readonly certificate: string;
}

/** What a token is to say, and the certificate that it is bound to. */
export interface CertificateTokenProps extends TokenProps {
  /** In PEM. @default testCertificate */
  readonly certificate?: string;
}

const newKeyPair = promisify(generateKeyPair);

/** Makes a token that is bound to a new key, and what makes its proofs. */
export async function dpopToken(maker: TokenMaker, props: TokenProps): Promise<DpopToken> {
  const { publicKey, privateKey } = await newKeyPair('ec', { namedCurve: 'P-256' });
  const jwk = await exportJWK(publicKey);
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
