import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRunning } from '../../../local/io/process.ts';

/** This process's use of a folder, until it is closed. A process that was killed uses nothing. */
export interface Occupancy extends AsyncDisposable {
  /** @throws Error when another process uses the folder too */
  beAlone(): Promise<void>;
  /** Deletes what is in the folder, but not who uses it. */
  clear(): Promise<void>;
}

const register = 'in-use';

/** Begins to use a folder, and makes it when it is missing. */
export async function occupy(folder: string): Promise<Occupancy> {
  const users = join(folder, register);
  const own = join(users, String(process.pid));
  await mkdir(users, { recursive: true });
  await writeFile(own, '');
  return {
    beAlone: async () => {
      const ids = (await readdir(users)).map(Number);
      const other = ids.find((id) => id !== process.pid && isRunning(id));
      if (other !== undefined) throw inUse(folder, other, users);
    },
    clear: async () => {
      const names = (await readdir(folder)).filter((name) => name !== register);
      for (const name of names) await rm(join(folder, name), { recursive: true, force: true });
    },
    [Symbol.asyncDispose]: () => rm(own, { force: true }),
  };
}

const inUse = (folder: string, id: number, users: string) =>
  new Error(
    `${folder} has to be made anew, but process ${id} uses it: wait for its end, or delete ${users} if it is no run of test:deploy.`,
  );
