import { X509Certificate } from 'node:crypto';
import { TlsClientAuth } from 'oauth4webapi';
import { CliError } from '../io/cli-error.ts';
import { readInput } from '../io/input-file.ts';
import { readPrivateKey } from '../io/private-key-file.ts';
import type { Terminal } from '../io/terminal.ts';
import type { ClientAuthentication } from './token-request.ts';

/** Paths of PEM files. */
interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
  /**
   * The authority of the server's certificate.
   * @default those that this computer trusts
   */
  readonly ca?: string | undefined;
}

/**
 * Authenticates a client by the certificate that it shows in the TLS handshake (RFC 8705 §2).
 * @throws CliError when a file cannot be used, or the key is not the certificate's
 */
export async function authenticationByCertificate(
  terminal: Terminal,
  { cert: path, key: keyPath, ca: authority }: CertificateFiles,
): Promise<ClientAuthentication> {
  const cert = await readInput(terminal, path);
  const certificate = parse(path, cert);
  const privateKey = await readPrivateKey(terminal, keyPath);
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new CliError(`the key in ${keyPath} is not the one of the certificate in ${path}`, 2);
  }
  const ca = authority === undefined ? undefined : await readInput(terminal, authority);
  if (authority !== undefined && ca !== undefined) parse(authority, ca);
  const key = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return { authenticate: TlsClientAuth(), certificate: { cert, key, ca } };
}

function parse(path: string, pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new CliError(`${path} holds no certificate in PEM`, 2);
  }
}
