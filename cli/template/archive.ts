import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Zippable, zipSync } from 'fflate';

/**
 * Packs a folder's files as a zip for Lambda. The same files give the same bytes on every computer: sorted,
 * with one time and one mode, and compressed by our own code rather than the zlib of some Node.
 */
export function zipOf(folder: string): Uint8Array {
  const names = readdirSync(folder).toSorted();
  const files: Zippable = Object.fromEntries(
    names.map((name) => [name, [readFileSync(join(folder, name)), fileOptions]]),
  );
  return zipSync(files);
}

const fileOptions = {
  level: 9,
  // The first day that a zip can name. It has no time zone, so the local one is written.
  mtime: new Date(1980, 0, 1),
  // Unix, a file that everybody may read: Lambda's user is another one.
  os: 3,
  attrs: 0o100644 << 16,
} as const;
