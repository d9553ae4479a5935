import { basename } from 'node:path';
import type { ForeignDocument } from '../../registry/import/reading.ts';
import { CliError } from '../io/cli-error.ts';
import { readInput } from '../io/input-file.ts';
import { isTooDeep } from '../io/nesting.ts';
import type { Terminal } from '../io/terminal.ts';
import { jsonValues } from './json-values.ts';

/**
 * Reads the files of another system; `-` is standard input, so that secrets need not lie on a disk.
 * @throws CliError when one cannot be read, or is neither JSON nor YAML
 */
export async function readDocuments(
  terminal: Terminal,
  files: readonly string[],
): Promise<readonly ForeignDocument[]> {
  const documents: ForeignDocument[] = [];
  for (const file of files) {
    const values = await valuesOf(file, await readInput(terminal, file));
    if (isTooDeep(values)) throw new CliError(`${file} is nested too deeply to be an export`, 2);
    const name = file === '-' ? 'standard input' : basename(file);
    const placed = values.map((value, index) => ({
      place: values.length === 1 ? name : `${name}[${index}]`,
      value,
    }));
    documents.push(...placed);
  }
  return documents;
}

async function valuesOf(file: string, text: string): Promise<readonly unknown[]> {
  try {
    return /\.ya?ml$/.test(file) ? await yamlValues(text) : jsonValues(text);
  } catch {
    // What is wrong with it would be told with a part of the text, in which secrets are.
    throw new CliError(`${file} is neither JSON nor, by its name, YAML`, 2);
  }
}

async function yamlValues(text: string): Promise<readonly unknown[]> {
  const { parse } = await import('yaml');
  return [parse(text, { logLevel: 'error' })];
}
