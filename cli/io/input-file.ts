import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
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
  return withoutMark((await readBytes(terminal, path)).toString('utf8'));
}

/**
 * Reads a file of any bytes; `-` is standard input.
 * @throws CliError when it cannot be read
 */
export async function readBytes(terminal: Terminal, path: string): Promise<Buffer> {
  if (path === '-') return await buffer(terminal.input);
  try {
    return await readFile(path);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new CliError(`cannot read ${path}: ${reasons[code] ?? code}`, 2);
  }
}
