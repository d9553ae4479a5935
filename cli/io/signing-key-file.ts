import { createPublicKey, type KeyObject } from 'node:crypto';
import type { JWK } from 'jose';
import {
  type AssertionAlgorithm,
  algorithmsFor,
} from '../../functions/oauth/assertion-algorithms.ts';
import { CliError } from './cli-error.ts';
import { readPrivateKey } from './private-key-file.ts';
import type { Terminal } from './terminal.ts';

/** A private key that signs, from a file. */
export interface SigningKey {
  readonly privateKey: KeyObject;
  /** The public half. */
  readonly jwk: JWK;
  readonly alg: AssertionAlgorithm;
}

/** The smallest RSA key that signs (RFC 7518 §3.3). */
const minModulus = 2048;

/**
 * Reads a private key that signs assertions or proofs.
 * @param path of a PEM file
 * @param asked for this algorithm; undefined: the first one that fits the key
 * @throws CliError when the key cannot be used
 */
export async function readSigningKey(
  terminal: Terminal,
  path: string,
  asked: AssertionAlgorithm | undefined,
): Promise<SigningKey> {
  const privateKey = await readPrivateKey(terminal, path);
  const jwk = publicJwk(privateKey);
  const alg = chooseAlgorithm(path, jwk, asked);
  if ((privateKey.asymmetricKeyDetails?.modulusLength ?? minModulus) < minModulus) {
    throw new CliError(`the key in ${path} has less than ${minModulus} bits`, 2);
  }
  return { privateKey, jwk, alg };
}

/** The private half as PEM (PKCS #8). */
export const pkcs8Of = ({ privateKey }: SigningKey): string =>
  String(privateKey.export({ type: 'pkcs8', format: 'pem' }));

/** Of a key that JWK has no form for, the name of its kind: no algorithm fits that. */
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
    throw new CliError(`no algorithm of clients fits the key in ${path} (${kind})`, 2);
  }
  if (asked === undefined || fitting.includes(asked)) return asked ?? first;
  throw new CliError(`the key in ${path} signs with ${fitting.join(' or ')}, not ${asked}`, 2);
}
