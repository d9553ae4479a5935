import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Closable } from './held.ts';

/** Where the functions' lines go. */
export interface LogFile extends Closable {
  write(line: string): void;
}

/** Starts a log file anew, readable for its owner alone. A full disk loses lines and no more. */
export function openLogFile(path: string): LogFile {
  const stream = createWriteStream(path, { mode: 0o600 });
  stream.on('error', () => undefined);
  return {
    write: (line) => void stream.write(`${line}\n`),
    close: async () => {
      stream.end();
      await finished(stream).catch(() => undefined);
    },
  };
}
