import { readFile, rename, writeFile } from 'node:fs/promises';
import * as v from 'valibot';

/**
 * Reads a file that `writeJsonFile` wrote.
 * @returns undefined when there is none, or it cannot be read
 * @throws Error when it is not JSON of this schema
 */
export async function readJsonFile<Value>(
  path: string,
  schema: v.GenericSchema<unknown, Value>,
): Promise<Value | undefined> {
  const file = await readFile(path, 'utf8').catch(() => undefined);
  return file === undefined ? undefined : v.parse(schema, JSON.parse(file));
}

/** Replaces a file at once, so that no reader sees half of it. Its owner alone may read it. */
export async function writeJsonFile(path: string, value: object): Promise<void> {
  await writeFile(`${path}.new`, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
