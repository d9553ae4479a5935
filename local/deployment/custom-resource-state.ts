import { join } from 'node:path';
import * as v from 'valibot';
import type { KeyRingProperties } from '../../functions/key-rotation/key-ring-request.ts';
import { readJsonFile, writeJsonFile } from '../io/json-file.ts';

/** The file of the state directory that lists the custom resources. */
export const customResourcesFile = 'custom-resources.json';

const madeResource = v.object({
  physicalResourceId: v.string(),
  properties: v.record(v.string(), v.unknown()),
});
const madeResources = v.record(v.string(), madeResource);

/** A custom resource that was made. */
export type MadeResource = Readonly<v.InferOutput<typeof madeResource>>;

/** Which custom resources there are, by stack and logical id: `Stack/Id`. */
type MadeResources = Readonly<Record<string, MadeResource>>;

/**
 * Reads which custom resources an earlier start has made. None when the file cannot be used: they
 * are then made again, which CloudFormation too may ask of their functions.
 */
export async function readMadeResources(directory: string): Promise<MadeResources> {
  const path = join(directory, customResourcesFile);
  return (await readJsonFile(path, madeResources).catch(() => undefined)) ?? {};
}

/** The issuer that the authorization server of a stack was told to have, the last time; undefined: none. */
export async function readIssuerBefore(directory: string): Promise<string | undefined> {
  const made = Object.values(await readMadeResources(directory));
  const issuers = made.map(({ properties }) => properties[issuerProperty]);
  return issuers.find((issuer) => typeof issuer === 'string');
}

const issuerProperty = 'Issuer' satisfies keyof KeyRingProperties;

/** Writes down which custom resources there are. */
export async function writeMadeResources(directory: string, made: MadeResources): Promise<void> {
  await writeJsonFile(join(directory, customResourcesFile), made);
}
