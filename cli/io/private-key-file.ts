import { createPrivateKey, type KeyObject } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { CliError } from './cli-error.ts';
import { readInput } from './input-file.ts';
import { note, type Terminal } from './terminal.ts';

/**
 * Reads a private key in PEM, and tells when others can read its file too.
 * @throws CliError when there is no such file, or none that can be used
 */
export async function readPrivateKey(terminal: Terminal, path: string): Promise<KeyObject> {
  const pem = await readInput(terminal, path);
  if (path !== '-') await noteReaders(terminal, path);
  try {
    return createPrivateKey(pem);
  } catch {
    const encrypted = /^(-----BEGIN ENCRYPTED|Proc-Type: 4,ENCRYPTED)/m.test(pem);
    const why = encrypted ? 'holds an encrypted key: decrypt it' : 'holds no private key in PEM';
    throw new CliError(`${path} ${why}`, 2);
  }
}

async function noteReaders(terminal: Terminal, path: string): Promise<void> {
  const { mode } = await stat(path);
  // Windows has no such bits.
  if (process.platform === 'win32' || (mode & 0o077) === 0) return;
  note(terminal, `others can read or change ${path}, which holds a private key: chmod 600 ${path}`);
}
