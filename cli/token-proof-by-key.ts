import { createPublicKey, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, importPKCS8, type JWK } from 'jose';
import { modifyAssertion, PrivateKeyJwt } from 'oauth4webapi';
import { type AssertionAlgorithm, algorithmsFor } from '../functions/oauth/assertion-algorithms.ts';
import type { TokenProof } from './access-token.ts';
import { readPrivateKey } from './private-key-file.ts';
import { Refusal } from './refusal.ts';
import type { Terminal } from './terminal.ts';

/** The smallest RSA key that signs (RFC 7518 §3.3). */
const minModulus = 2048;

/** A client's own key. */
interface OwnKey {
  /** Path of a PEM file. */
  readonly privateKey: string;
  /** @default the first algorithm that fits the key */
  readonly alg?: AssertionAlgorithm | undefined;
  /** @default the key's RFC 7638 thumbprint */
  readonly kid?: string | undefined;
}

/**
 * Proves a client by an assertion that it signs itself (RFC 7523 §2.2), made out to the issuer.
 * @throws Refusal when the key cannot be used
 */
export async function proofByKey(
  terminal: Terminal,
  { privateKey: path, alg, kid }: OwnKey,
): Promise<TokenProof> {
  const privateKey = await readPrivateKey(terminal, path);
  const jwk = publicJwk(privateKey);
  const algorithm = chooseAlgorithm(path, jwk, alg);
  if ((privateKey.asymmetricKeyDetails?.modulusLength ?? minModulus) < minModulus) {
    throw new Refusal(`the key in ${path} has less than ${minModulus} bits`, 2);
  }
  const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const named = {
    key: await importPKCS8(pem, algorithm),
    kid: kid ?? (await calculateJwkThumbprint(jwk)),
  };
  const options = {
    // Of two names for one algorithm, the one that was asked for.
    [modifyAssertion]: (header: Record<string, unknown>) => {
      header.alg = algorithm;
    },
  };
  return { authenticate: PrivateKeyJwt(named, options) };
}

/** What there is no JWK of fits no algorithm. */
function publicJwk(privateKey: KeyObject): JWK {
  try {
    return createPublicKey(privateKey).export({ format: 'jwk' }) as JWK;
  } catch {
    return { kty: privateKey.asymmetricKeyType };
  }
}

function chooseAlgorithm(
  path: string,
  jwk: JWK,
  asked: AssertionAlgorithm | undefined,
): AssertionAlgorithm {
  const fitting = algorithmsFor(jwk);
  const [first] = fitting;
  if (first === undefined) {
    const kind = [jwk.kty, jwk.crv].filter(Boolean).join(' ');
    throw new Refusal(`no algorithm for client assertions fits the key in ${path} (${kind})`, 2);
  }
  if (asked === undefined || fitting.includes(asked)) return asked ?? first;
  throw new Refusal(`the key in ${path} signs with ${fitting.join(' or ')}, not ${asked}`, 2);
}
