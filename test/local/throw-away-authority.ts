import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { TlsFiles } from '../../local/tls/tls-files.ts';
import { type Authority, authorityKey } from '../support/certificates.ts';

/** The throw-away authority of a state directory. */
export async function authorityOf(files: TlsFiles): Promise<Authority> {
  const { subject } = new X509Certificate(await readFile(files.authority, 'utf8'));
  const name = subject.split('\n').join(',');
  return { name, key: authorityKey(createPrivateKey(await readFile(files.authorityKey))) };
}
