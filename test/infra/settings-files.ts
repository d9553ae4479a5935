import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratchDirectory } from './synthesis.ts';

/** A settings file with this text, until the test is over. */
export function settingsFile(text: string | Buffer): string {
  const file = join(scratchDirectory(), 'countersign.json');
  writeFileSync(file, text);
  return file;
}
