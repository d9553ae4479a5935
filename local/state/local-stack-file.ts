import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { readJsonFile, writeJsonFile } from '../io/json-file.ts';
import { isRunning } from '../io/process.ts';

const localStackFile = v.object({
  pid: v.number(),
  issuer: v.string(),
  /** Where a client shows its certificate. */
  mtlsTokenEndpoint: v.string(),
  /** Path of the certificate, in PEM, of the authority that a client has to trust there. */
  tlsAuthority: v.string(),
  /** Path of what client certificates are checked against; it may be changed at any time. */
  tlsTruststore: v.string(),
  api: v.string(),
  /** The URL of the same API for clients that show a certificate. */
  mtlsApi: v.string(),
  registryTable: v.string(),
  ephemeraTable: v.string(),
  revocationsTable: v.string(),
  dynamodbEndpoint: v.string(),
  kmsEndpoint: v.string(),
  /** Answers who invokes a function, as Lambda does. */
  lambdaEndpoint: v.string(),
  /** The name of the function that keeps the signing keys. */
  keyRotationFunction: v.string(),
  /** The folder that the CDK app was synthesized into. */
  cloudAssembly: v.string(),
});

/** What a running local stack tells about itself in `local.json` of its state directory. */
export type LocalStackFile = Readonly<v.InferOutput<typeof localStackFile>>;

/** A stack that runs an older release does not tell what later ones added. */
const anyRelease = v.object({
  ...localStackFile.entries,
  mtlsTokenEndpoint: v.optional(v.string()),
  revocationsTable: v.optional(v.string()),
  lambdaEndpoint: v.optional(v.string()),
  keyRotationFunction: v.optional(v.string()),
});

/** What is read of a local stack, whichever release it runs. */
type RunningStack = Readonly<v.InferOutput<typeof anyRelease>>;

const pathIn = (directory: string) => join(directory, 'local.json');

/**
 * Reads what the local stack of this directory wrote, if it still runs. A file that a killed
 * process left behind counts as none.
 */
export async function readLocalStackFile(directory: string): Promise<RunningStack | undefined> {
  const stack = await readJsonFile(pathIn(directory), anyRelease).catch(() => undefined);
  return stack && isRunning(stack.pid) ? stack : undefined;
}

/** Tells where the local stack of this directory can be reached, to its owner alone. */
export async function writeLocalStackFile(directory: string, stack: LocalStackFile): Promise<void> {
  await writeJsonFile(pathIn(directory), stack);
}

/** Takes the file away again. */
export async function removeLocalStackFile(directory: string): Promise<void> {
  await rm(pathIn(directory), { force: true });
}
