import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { JWK } from 'jose';
import type { TlsIdentity } from '../../cli/io/http.ts';
import { stateDirectory } from '../../local/state/directory.ts';
import { readLocalStackFile } from '../../local/state/local-stack-file.ts';

/** The client certificate that a local stack comes with; undefined: no such stack runs. */
export async function demoCertificate(): Promise<TlsIdentity | undefined> {
  const stack = await readLocalStackFile(stateDirectory());
  if (!stack) return undefined;
  const folder = dirname(stack.tlsAuthority);
  const [ca, cert, key] = await Promise.all(
    [stack.tlsAuthority, join(folder, 'demo-client.pem'), join(folder, 'demo-client.key')].map(
      (path) => readFile(path, 'utf8'),
    ),
  );
  return cert && key ? { cert, key, ca } : undefined;
}

/** The public key in a certificate. */
export const certifiedKey = ({ cert }: TlsIdentity): JWK =>
  createPublicKey(cert).export({ format: 'jwk' }) as JWK;
