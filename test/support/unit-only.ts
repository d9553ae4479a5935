import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import workerThreads from 'node:worker_threads';

// Set-up of the `unit` project: what a unit test must not do throws, so that a file which does more
// has to say so in its name (`.services.test.ts`, `.stack.test.ts`).

function refuse(what: string): () => never {
  return () => {
    throw new Error(
      `a unit test must not ${what}: name the file *.services.test.ts or *.stack.test.ts`,
    );
  };
}

net.Server.prototype.listen = refuse('listen');
net.Socket.prototype.connect = refuse('use the network');
for (const name of [
  'spawn',
  'spawnSync',
  'exec',
  'execSync',
  'execFile',
  'execFileSync',
  'fork',
] as const) {
  Object.assign(childProcess, { [name]: refuse('start a process') });
}
Object.assign(workerThreads, { Worker: refuse('start a thread') });
syncBuiltinESMExports();
