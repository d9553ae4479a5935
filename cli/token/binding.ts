import type { webcrypto } from 'node:crypto';
import { type Command, Option } from 'commander';
import { importJWK, importPKCS8 } from 'jose';
import { DPoP, type DPoPHandle, generateKeyPair } from 'oauth4webapi';
import {
  type AssertionAlgorithm,
  dpopAlgorithms,
} from '../../functions/oauth/assertion-algorithms.ts';
import { CliError } from '../io/cli-error.ts';
import { pkcs8Of, readSigningKey } from '../io/signing-key-file.ts';
import { note, type Terminal } from '../io/terminal.ts';

/** Whether a token is to be bound to a key, and to which. */
interface TokenBindingOptions {
  readonly dpop?: string | true;
  readonly dpopAlg?: AssertionAlgorithm;
}

/** Adds the options by which a token is bound to a key. */
export const addTokenBindingOptions = (command: Command): Command =>
  command
    .option('--dpop [file]', 'bind the token to this key, in PEM; to one for the occasion without')
    .addOption(
      new Option('--dpop-alg <alg>', 'sign with it by this algorithm').choices(dpopAlgorithms),
    );

/**
 * Reads the key that a token is to be bound to (RFC 9449).
 * @returns undefined when it is to be bound to none
 * @throws CliError when the key cannot be used
 */
export async function readBinding(
  terminal: Terminal,
  { dpop, dpopAlg }: TokenBindingOptions,
): Promise<DPoPHandle | undefined> {
  if (dpop === undefined && dpopAlg !== undefined)
    throw new CliError('--dpop-alg goes with --dpop', 2);
  if (dpop === undefined) return undefined;
  if (dpop !== true) return DPoP({}, await readKeyPair(terminal, dpop, dpopAlg));
  note(
    terminal,
    'The key of this token is made for the occasion: nobody can use the token. To use it, name a key: --dpop FILE.',
  );
  return DPoP({}, await generateKeyPair(dpopAlg ?? 'ES256'));
}

async function readKeyPair(
  terminal: Terminal,
  path: string,
  asked: AssertionAlgorithm | undefined,
): Promise<webcrypto.CryptoKeyPair> {
  const key = await readSigningKey(terminal, path, asked);
  const privateKey = await importPKCS8(pkcs8Of(key), key.alg);
  const publicKey = await importJWK(key.jwk, key.alg, { extractable: true });
  // The types of jose allow for a symmetric key, which would be bytes.
  if (publicKey instanceof Uint8Array) throw new Error('a public key is no secret');
  return { privateKey, publicKey };
}
