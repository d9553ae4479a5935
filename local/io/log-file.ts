import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

/** Where the functions' lines go. */
export interface LogFile extends AsyncDisposable {
  write(line: string): void;
}

/** Starts a log file anew, readable for its owner alone. A full disk loses lines and no more. */
export function openLogFile(path: string): LogFile {
  const stream = createWriteStream(path, { mode: 0o600 });
  stream.on('error', () => undefined);
  return {
    write: (line) => void stream.write(`${line}\n`),
    [Symbol.asyncDispose]: async () => {
      stream.end();
      await finished(stream).catch(() => undefined);
    },
  };
}
