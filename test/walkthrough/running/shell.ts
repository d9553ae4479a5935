import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** A shell of a person who has Node, npm and perhaps more. */
export interface Shell {
  /** Where it is; a command may change that. */
  folder: string;
  /** Commands may have values of others. */
  readonly variables: Record<string, string | undefined>;
}

/** What a command printed on both streams, and how it ended. */
export interface Printed {
  readonly text: string;
  readonly exitCode: number;
  readonly seconds: number;
}

/** Runs a line as it was typed. */
export async function type(shell: Shell, line: string): Promise<Printed> {
  const started = performance.now();
  const ended = await bash(shell, line);
  const seconds = (performance.now() - started) / 1000;
  shell.folder = (await readFile(join(shell.variables.HOME ?? '', place), 'utf8')).trimEnd();
  return { ...ended, seconds };
}

const place = '.place';

function bash({ folder, variables }: Shell, line: string): Promise<Omit<Printed, 'seconds'>> {
  const options = { cwd: folder, env: variables, maxBuffer: 64 * 1024 * 1024 };
  const script = `exec 2>&1\ntrap 'pwd > ~/${place}' EXIT\n${line}`;
  return new Promise((resolve) => {
    execFile('bash', ['-c', script], options, (error, text) => {
      const code = error?.code;
      resolve({ text, exitCode: error === null ? 0 : typeof code === 'number' ? code : 1 });
    });
  });
}

/** A PATH without the programs of a checkout. */
export const pathOf = (first: readonly string[], inherited = ''): string =>
  [...first, ...inherited.split(':').filter((folder) => basename(folder) !== '.bin')].join(':');
