import { createPrivateKey, X509Certificate } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Identities, Identity } from './identities.ts';

/** The paths of the PEM files in the state directory that mutual TLS needs. */
export interface TlsFiles {
  /** The certificate of a throw-away authority that has signed the two others. */
  readonly authority: string;
  readonly authorityKey: string;
  /** The doors' own certificate, for 127.0.0.1, [::1], localhost and the issuer's host. */
  readonly server: string;
  readonly serverKey: string;
  /** A client certificate to try things with. */
  readonly demoClient: string;
  readonly demoClientKey: string;
  /** What client certificates are checked against: the authority's, and whatever is appended. */
  readonly truststore: string;
}

const dayInMilliseconds = 86_400_000;

/**
 * Makes sure that a state directory has the files, and makes them anew when one is missing, does not fit
 * the others or the names, or has less than a day to live. What was appended to the truststore stays.
 * @param names what else this computer is called, such as `auth.example.com`
 */
export async function ensureTlsFiles(
  directory: string,
  now: Date,
  names: readonly string[] = [],
): Promise<TlsFiles> {
  const files = pathsIn(join(directory, 'tls'));
  const stored = await read(files).catch(() => undefined);
  if (stored && isUsable(stored.identities, now, names)) return files;
  // Imported here since @peculiar/x509 takes long to load, and most starts do not need it.
  const { makeIdentities } = await import('./certificate-making.ts');
  const others = (stored ? certificateBlocks(stored.truststore) : []).filter(
    (block) => block !== stored?.identities.authority.certificate.trim(),
  );
  await write(files, await makeIdentities(now, names), others);
  return files;
}

function pathsIn(folder: string): TlsFiles {
  return {
    authority: join(folder, 'authority.pem'),
    authorityKey: join(folder, 'authority.key'),
    server: join(folder, 'server.pem'),
    serverKey: join(folder, 'server.key'),
    demoClient: join(folder, 'demo-client.pem'),
    demoClientKey: join(folder, 'demo-client.key'),
    truststore: join(folder, 'truststore.pem'),
  };
}

async function read(files: TlsFiles) {
  const identity = async (certificate: string, key: string): Promise<Identity> => ({
    certificate: await readFile(certificate, 'utf8'),
    key: await readFile(key, 'utf8'),
  });
  const identities: Identities = {
    authority: await identity(files.authority, files.authorityKey),
    server: await identity(files.server, files.serverKey),
    demoClient: await identity(files.demoClient, files.demoClientKey),
  };
  return { identities, truststore: await readFile(files.truststore, 'utf8') };
}

function isUsable(identities: Identities, now: Date, names: readonly string[]): boolean {
  try {
    const authority = new X509Certificate(identities.authority.certificate);
    const server = new X509Certificate(identities.server.certificate);
    if (!server.checkIP('::1') || names.some((name) => !server.checkHost(name))) return false;
    return Object.values(identities).every(({ certificate, key }) => {
      const x509 = new X509Certificate(certificate);
      return (
        x509.verify(authority.publicKey) &&
        x509.checkPrivateKey(createPrivateKey(key)) &&
        x509.validFromDate <= now &&
        x509.validToDate.getTime() > now.getTime() + dayInMilliseconds
      );
    });
  } catch {
    return false;
  }
}

async function write(
  files: TlsFiles,
  { authority, server, demoClient }: Identities,
  others: readonly string[],
): Promise<void> {
  await mkdir(join(files.truststore, '..'), { recursive: true, mode: 0o700 });
  const contents = {
    authority: authority.certificate,
    authorityKey: authority.key,
    server: server.certificate,
    serverKey: server.key,
    demoClient: demoClient.certificate,
    demoClientKey: demoClient.key,
    truststore: [authority.certificate.trim(), ...others, ''].join('\n'),
  } satisfies Record<keyof TlsFiles, string>;
  for (const [name, path] of Object.entries(files) as [keyof TlsFiles, string][]) {
    await writeFile(path, contents[name], { mode: 0o600 });
    // The mode above has no effect on a file that exists already.
    await chmod(path, 0o600);
  }
}

/** The certificates in a PEM text, each from its BEGIN line to its END line. */
export function certificateBlocks(pem: string): readonly string[] {
  return pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}
