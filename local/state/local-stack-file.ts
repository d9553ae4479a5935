import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRunning } from '../io/process.ts';

/** What a running local stack tells about itself in `local.json` of its state directory. */
export interface LocalStackFile {
  readonly pid: number;
  readonly issuer: string;
  /** Where a client shows its certificate. */
  readonly mtlsTokenEndpoint: string;
  /** Path of the certificate, in PEM, of the authority that a client has to trust there. */
  readonly tlsAuthority: string;
  /** Path of what client certificates are checked against; it may be changed at any time. */
  readonly tlsTruststore: string;
  readonly api: string;
  /** The URL of the same API for clients that show a certificate. */
  readonly mtlsApi: string;
  readonly registryTable: string;
  readonly ephemeraTable: string;
  readonly dynamodbEndpoint: string;
  readonly kmsEndpoint: string;
  /** Answers who invokes a function, as Lambda does. */
  readonly lambdaEndpoint: string;
  /** The name of the function that keeps the signing keys. */
  readonly keyRotationFunction: string;
  /** The folder that the CDK app was synthesized into. */
  readonly cloudAssembly: string;
}

const pathIn = (directory: string) => join(directory, 'local.json');

/**
 * Reads what the local stack of this directory wrote, if it still runs. A file that a killed
 * process left behind counts as none.
 */
export async function readLocalStackFile(directory: string): Promise<LocalStackFile | undefined> {
  const file = await readFile(pathIn(directory), 'utf8').catch(() => undefined);
  const stack = file === undefined ? undefined : parse(file);
  return stack && isRunning(stack.pid) ? stack : undefined;
}

/** Tells where the local stack of this directory can be reached, to its owner alone. */
export async function writeLocalStackFile(directory: string, stack: LocalStackFile): Promise<void> {
  const path = pathIn(directory);
  await writeFile(`${path}.new`, `${JSON.stringify(stack, undefined, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

/** Takes the file away again. */
export async function removeLocalStackFile(directory: string): Promise<void> {
  await rm(pathIn(directory), { force: true });
}

function parse(file: string): LocalStackFile | undefined {
  try {
    const stack = JSON.parse(file);
    return typeof stack?.pid === 'number' ? stack : undefined;
  } catch {
    return undefined;
  }
}
