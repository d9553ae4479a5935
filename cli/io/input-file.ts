import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { CliError } from './cli-error.ts';
import type { Terminal } from './terminal.ts';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'you may not read it',
  EISDIR: 'it is a folder',
};

/** Some shells begin a file with a byte order mark, which JSON does not allow (RFC 8259 §8.1). */
const withoutMark = (read: string): string => read.replace(/^\uFEFF/, '');

/**
 * Reads a text file; `-` is standard input.
 * @throws CliError when it cannot be read
 */
export async function readInput(terminal: Terminal, path: string): Promise<string> {
  if (path === '-') return withoutMark(await text(terminal.input));
  try {
    return withoutMark(await readFile(path, 'utf8'));
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new CliError(`cannot read ${path}: ${reasons[code] ?? code}`, 2);
  }
}
