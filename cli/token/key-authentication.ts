import { calculateJwkThumbprint, importPKCS8 } from 'jose';
import { modifyAssertion, PrivateKeyJwt } from 'oauth4webapi';
import type { AssertionAlgorithm } from '../../functions/oauth/assertion-algorithms.ts';
import { pkcs8Of, readSigningKey } from '../io/signing-key-file.ts';
import type { Terminal } from '../io/terminal.ts';
import type { ClientAuthentication } from './token-request.ts';

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
 * Authenticates a client by an assertion that it signs itself (RFC 7523 §2.2), for the issuer as its
 * audience.
 * @throws CliError when the key cannot be used
 */
export async function authenticationByKey(
  terminal: Terminal,
  { privateKey: path, alg, kid }: OwnKey,
): Promise<ClientAuthentication> {
  const key = await readSigningKey(terminal, path, alg);
  const named = {
    key: await importPKCS8(pkcs8Of(key), key.alg),
    kid: kid ?? (await calculateJwkThumbprint(key.jwk)),
  };
  const options = {
    // EdDSA and Ed25519 are one algorithm: the header has the name that was asked for.
    [modifyAssertion]: (header: Record<string, unknown>) => {
      header.alg = key.alg;
    },
  };
  return { authenticate: PrivateKeyJwt(named, options) };
}
