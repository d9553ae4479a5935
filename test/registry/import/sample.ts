import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { ForeignDocument } from '../../../registry/import/reading.ts';

/** Reads recorded samples, as the command does; samples/README.md says how they were made. */
export const samples = (...names: readonly string[]): readonly ForeignDocument[] =>
  names.map((name) => ({
    place: name,
    value: parse(readFileSync(join(import.meta.dirname, 'samples', name), 'utf8')),
  }));
