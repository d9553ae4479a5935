import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The file of the state directory that remembers the custom resources. */
export const customResourcesFile = 'custom-resources.json';

/** A custom resource that was made. */
export interface MadeResource {
  readonly physicalResourceId: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Which custom resources there are, by their place. */
export type MadeResources = Readonly<Record<string, MadeResource>>;

/** Reads which custom resources an earlier start has made. */
export async function readMadeResources(directory: string): Promise<MadeResources> {
  const file = await readFile(join(directory, customResourcesFile), 'utf8').catch(() => '{}');
  try {
    return JSON.parse(file);
  } catch {
    // They are made again, which their functions must bear with.
    return {};
  }
}

/** Remembers which custom resources there are. */
export async function writeMadeResources(directory: string, made: MadeResources): Promise<void> {
  const path = join(directory, customResourcesFile);
  await writeFile(`${path}.new`, `${JSON.stringify(made, undefined, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
